import { type FlowRow, type TableRef, tableKey } from '../../../lab/snapshot.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

type Known = { readonly situation: string; readonly rows: readonly FlowRow[] };

/** Panes, overlays and checks rarely ask for more tables of flows at once. */
const KEPT = 4;

/** Tables of imagined flows, made anew only in a new situation. */
export class FlowCache {
  private readonly tables = new Map<string, Known>();

  rows(
    ref: FlowsRef,
    situation: string,
    make: (before: readonly FlowRow[]) => readonly FlowRow[],
  ): readonly FlowRow[] {
    const key = tableKey(ref);
    const known = this.tables.get(key);
    if (known?.situation === situation) return known.rows;
    const rows = make(known?.rows ?? []);
    if (known === undefined && this.tables.size >= KEPT) this.tables.clear();
    this.tables.set(key, { situation, rows });
    return rows;
  }
}
