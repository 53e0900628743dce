import { type FlowRow, type TableRef, tableKey } from '../../../lab/snapshot.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** Panes, overlays and checks rarely ask for more tables of flows at once. */
const KEPT = 4;

/** Tables of imagined flows, made anew only in a new situation. */
export class FlowCache {
  private situation = '';
  private readonly known = new Map<string, readonly FlowRow[]>();

  rows(ref: FlowsRef, situation: string, make: () => readonly FlowRow[]): readonly FlowRow[] {
    if (situation !== this.situation) {
      this.situation = situation;
      this.known.clear();
    }
    const key = tableKey(ref);
    let rows = this.known.get(key);
    if (rows === undefined) {
      if (this.known.size >= KEPT) this.known.clear();
      rows = make();
      this.known.set(key, rows);
    }
    return rows;
  }
}
