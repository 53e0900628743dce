import { rowsOf, type TableRef } from '../lab/snapshot.ts';
import { type FailoverSummary, failoverSummaries } from '../tutor/failover.ts';
import { failoverMarkdown } from '../tutor/failover-markdown.ts';
import { flowRefs } from './show-rows.ts';
import type { Seen, ShownTable } from './shown-table.ts';

/** So many flows that a percentage means something. */
const FLOWS = 1000;

/** What a fault did: who noticed when, who withdrew what, when each data plane changed, what it cost. */
export const failoverTable: ShownTable = {
  name: 'failover',
  summary: 'what a fault did, with --break: detection, withdrawals, data planes, requests, flows',
  header: ['after', 'node', 'what', 'detail'],
  needsTraffic: true,
  needsFault: true,
  refs: (_, overview) =>
    flowRefs(overview).map((ref): TableRef => (ref.name === 'flows' ? { ...ref, count: FLOWS } : ref)),
  rows: seen => {
    const summary = summaryOf(seen);
    return summary === undefined ? [] : rowsOfSummary(summary, flowsMoved(seen));
  },
  json: seen => ({ ...summaryOf(seen), flowsMovedPercent: flowsMoved(seen) }),
  markdown: seen => {
    const summary = summaryOf(seen);
    const moved = flowsMoved(seen);
    return summary === undefined
      ? ''
      : failoverMarkdown(summary, { ...(moved !== undefined && { flowsMoved: moved }) });
  },
};

function summaryOf({ events }: Seen): FailoverSummary | undefined {
  return failoverSummaries(events).at(-1);
}

/** Percent of the flows that reach another Kubernetes node now, or none. */
function flowsMoved({ before, snapshot, refs }: Seen): number | undefined {
  const ref = refs.find(each => each.name === 'flows');
  const rows = ref === undefined ? undefined : rowsOf(snapshot, ref);
  const earlier = ref === undefined || before === undefined ? undefined : rowsOf(before, ref);
  if (rows === undefined || earlier === undefined || rows.length === 0) return undefined;
  return (100 * rows.filter((row, index) => row.node !== earlier[index]?.node).length) / rows.length;
}

function rowsOfSummary(summary: FailoverSummary, moved: number | undefined): (string | number)[][] {
  const { detected, sessionsLost, withdrawals, forwarding, requests, gapMs } = summary;
  const noticed =
    detected === undefined ? [] : [[ms(detected.afterMs), detected.node, 'notices', detected.by]];
  const told = [
    ...sessionsLost.map(lost => ({
      at: lost.afterMs,
      row: [lost.node, 'loses session', `${lost.instance} ${lost.peer}: ${lost.because}`.trim()],
    })),
    ...withdrawals.map(sent => ({ at: sent.afterMs, row: [sent.node, 'withdraws', sent.routes.join(' ')] })),
    ...forwarding.map(change => ({
      at: change.afterMs,
      row: [
        change.node,
        'forwards anew',
        `${change.instance} ${change.prefix}: ${change.before.join(' ') || 'nothing'} → ${change.after.join(' ') || 'nothing'}`,
      ],
    })),
  ].sort((a, b) => a.at - b.at);
  return [
    ...noticed,
    ...told.map(({ at, row }) => [ms(at), ...row]),
    [
      '',
      '',
      'requests',
      `${requests.lost} lost, ${requests.reset} reset${gapMs === undefined ? '' : `, answered again after ${ms(gapMs)}`}`,
    ],
    ...(moved === undefined
      ? []
      : [['', '', 'flows', `${Math.round(moved * 10) / 10} % reach another node`]]),
  ];
}

function ms(value: number): string {
  return `${Math.round(value * 10) / 10} ms`;
}
