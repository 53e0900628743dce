import { keepParts } from '../../../lab/keep-parts.ts';
import { type FlowRow, type TableRef, tableKey } from '../../../lab/snapshot.ts';
import type { LookUp } from '../device.ts';
import type { FoundFlow } from './flow-rows.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** What the ways of flows hang on beside the forwarding tables, and how often those have changed. */
export type Situation = { readonly text: string; readonly tables: number };

type Known = {
  readonly situation: Situation;
  readonly found: readonly FoundFlow[];
  readonly rows: readonly FlowRow[];
};

/** Panes, overlays and checks rarely ask for more tables of flows at once. */
const KEPT = 4;

/** Tables of imagined flows. In a new situation all are found anew; when forwarding tables changed, those that hung on the change. */
export class FlowCache {
  private readonly tables = new Map<string, Known>();

  rows(ref: FlowsRef, situation: Situation, find: (index: number) => FoundFlow): readonly FlowRow[] {
    const key = tableKey(ref);
    const known = this.tables.get(key);
    const stays = known?.situation.text === situation.text;
    if (stays && known.situation.tables === situation.tables) return known.rows;
    const found = Array.from({ length: ref.count }, (_, index) => {
      const before = known?.found[index];
      if (before === undefined) return find(index);
      if (stays && before.lookUps.every(holds)) return before;
      const { row, lookUps } = find(index);
      return { row: keepParts(before.row, row), lookUps };
    });
    const rows = keepParts(
      known?.rows,
      found.map(({ row }) => row),
    );
    if (known === undefined && this.tables.size >= KEPT) this.tables.clear();
    this.tables.set(key, { situation, found, rows });
    return rows;
  }
}

/** Whether a table answers as it did. */
function holds({ table, address, group, members }: LookUp): boolean {
  const now = table.longestMatch(address)?.value;
  return now === group && now?.members === members;
}
