import {
  type ForwardingRow,
  type HashComparisonRow,
  rowsOf,
  type Snapshot,
  type TableRef,
} from '../../lab/snapshot.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { addressNamer, type NameAddress } from '../wording/address-owner.ts';
import { amountText } from '../wording/amount.ts';
import { portText } from '../wording/names.ts';
import { keysOf, type Picture, type Room } from './picture.ts';
import { notYet, titled } from './picture-words.ts';
import { showTable, type Table } from './table.ts';

type Comparison = TableRef & { readonly name: 'hash-comparison' };

/** The ways of hashing side by side: how many flows would move if a member left or joined. */
export function comparisonPicture(
  state: TutorState,
  snapshot: Snapshot,
  ref: Comparison,
  { width }: Room,
): Picture {
  const { node, instance, prefix } = ref;
  const title = titled('ecmp', node, instance, prefix);
  const rows = rowsOf(snapshot, ref);
  if (rows === undefined || rows.length === 0)
    return { ...notYet('ecmp', `${node} has no group for ${prefix} in ${instance} yet.`), title };
  const now = rowsOf(snapshot, { name: 'forwarding', node, instance })?.find(row => row.prefix === prefix);
  const shown = showTable(comparisonTable(addressNamer(state.lab), now?.algorithm), rows, { width });
  return {
    title,
    corner: `if members change, of ${amountText(rows[0]?.flows ?? 0, 'flow')}`,
    head: [shown.header],
    rows: shown.rows,
    foot: [blank, ...explanation(now?.algorithm, width)],
    items: keysOf(shown.rows),
    selected: undefined,
  };
}

function comparisonTable(
  name: NameAddress,
  now: ForwardingRow['algorithm'] | undefined,
): Table<HashComparisonRow> {
  const way = (algorithm: ForwardingRow['algorithm'], priority: number) => ({
    id: algorithm,
    title: algorithm === 'hash-threshold' ? 'threshold' : algorithm,
    priority,
    cell: (row: HashComparisonRow): Line => {
      const { moved, needless } = row.moved[algorithm];
      return line(
        span(percent(moved, row).padStart(3), algorithm === now ? 'chosen' : 'plain'),
        span(` (${percent(needless, row)})`, 'dim'),
      );
    },
  });
  return {
    keyOf: row => `${row.change} ${row.member ?? ''}`,
    columns: [
      {
        id: 'change',
        title: 'if',
        priority: 0,
        cell: row =>
          row.change === 'joins'
            ? line('+ one more')
            : line(`− ${row.node ?? portText(name(row.member ?? ''))}`),
      },
      way('modulo', 2),
      way('hash-threshold', 1),
      way('resilient', 3),
    ],
  };
}

function percent(flows: number, of: HashComparisonRow): string {
  return `${Math.round((100 * flows) / of.flows)}`;
}

function explanation(now: ForwardingRow['algorithm'] | undefined, width: number): Line[] {
  const use = now === undefined ? '' : ` In use: ${now}.`;
  return wrapLine(
    line(
      span(
        `So many percent of the flows move if a member leaves (−) or joins (+); in brackets those without need: their member stays.${use}`,
        'dim',
      ),
    ),
    width,
  );
}
