import type { FailoverSummary } from '../../tutor/failover.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { showTable, type Table } from '../panes/table.ts';
import { failoverLines } from '../panes/timeline-rows.ts';
import type { NameAddress } from '../wording/address-owner.ts';
import { amountText, durationText } from '../wording/amount.ts';
import { portText } from '../wording/names.ts';

/** What a fault, or its healing, did: in numbers, then who lost which session, who withdrew what and when each data plane changed. */
export function explainFailover(
  failover: FailoverSummary,
  options: {
    readonly width: number;
    readonly name: NameAddress;
    readonly predictions: readonly { question: string; answer: string; measured?: string }[];
  },
): Line[] {
  const { width, name, predictions } = options;
  const { sessionsLost, withdrawals, forwarding } = failover;
  const part = (title: string, table: Table<Step>, steps: readonly Step[]): Line[] =>
    steps.length === 0
      ? []
      : [blank, line(span(title, 'strong')), ...showTable(table, steps, { width }).rows.map(row => row.line)];
  return [
    ...failoverLines(failover, width, name),
    ...predictions.flatMap(({ question, answer, measured }) => [
      blank,
      ...wrapLine(line(span(question, 'strong')), width),
      line(span('  you said ', 'dim'), answer, span(', measured ', 'dim'), measured ?? '–'),
    ]),
    ...part(
      'Sessions lost',
      stepTable,
      sessionsLost.map(({ afterMs, node, peer, because }) => ({
        afterMs,
        node,
        what: `to ${name(peer)}: ${because}`,
      })),
    ),
    ...part(
      'Who withdrew what',
      stepTable,
      withdrawals.map(({ afterMs, node, count, routes }) => ({
        afterMs,
        node,
        what: `${amountText(count, 'route')}: ${routes.join(' ')}`,
      })),
    ),
    ...part(
      'When each data plane changed',
      stepTable,
      forwarding.map(({ afterMs, node, instance, prefix, before, after }) => ({
        afterMs,
        node,
        what: `${instance} ${prefix}: ${members(before, name)} → ${members(after, name)}`,
      })),
    ),
  ];
}

type Step = { readonly afterMs: number; readonly node: string; readonly what: string };

const stepTable: Table<Step> = {
  keyOf: ({ node, what }) => `${node} ${what}`,
  columns: [
    {
      id: 'after',
      title: 'after',
      align: 'right',
      priority: 0,
      cell: step => line(span(`+${durationText(step.afterMs)}`, 'dim')),
    },
    { id: 'node', title: 'node', priority: 0, cell: step => line(step.node) },
    { id: 'what', title: 'what', priority: 0, least: 20, cell: step => line(step.what) },
  ],
};

function members(names: readonly string[], name: NameAddress): string {
  return names.length === 0 ? 'nothing' : names.map(member => portText(name(member))).join(', ');
}
