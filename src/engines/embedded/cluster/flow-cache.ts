import { type FlowRow, type TableRef, tableKey } from '../../../lab/snapshot.ts';
import { keepParts, sharesWith } from '../../../values/keep-parts.ts';
import type { Dependences, LookUp } from '../device.ts';
import type { FoundFlow } from './flow-rows.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** What the ways of flows hang on: the clusters' objects, and how often forwarding changed anywhere in the lab. */
export type Situation = { readonly clusters: string; readonly forwarding: number };

type Known = {
  readonly situation: Situation;
  readonly found: readonly Kept[];
  readonly rows: readonly FlowRow[];
};

/** A flow's row, what it hangs on, and how the places among that were when it was found. */
type Kept = { readonly row: FlowRow; readonly hangsOn: Dependences; readonly generations: number };

/** Panes, overlays and checks rarely ask for more tables of flows at once. */
const KEPT = 4;

/** Tables of imagined flows. When the clusters' objects change all are found anew; when forwarding does, those that hung on the change. */
export class FlowCache {
  private readonly tables = new Map<string, Known>();

  rows(ref: FlowsRef, situation: Situation, find: (index: number) => FoundFlow): readonly FlowRow[] {
    const key = tableKey(ref);
    const known = this.tables.get(key);
    const stays = known?.situation.clusters === situation.clusters;
    if (stays && known.situation.forwarding === situation.forwarding) return known.rows;
    const found: Kept[] = [];
    const rows: FlowRow[] = [];
    let same = known?.found.length === ref.count;
    for (let index = 0; index < ref.count; index++) {
      const before = known?.found[index];
      const kept = before !== undefined && stays && holds(before) ? before : keepNew(before, find(index));
      if (kept.row !== before?.row) same = false;
      found.push(kept);
      rows.push(kept.row);
    }
    if (known === undefined && this.tables.size >= KEPT) this.tables.clear();
    if (known !== undefined && !same) sharesWith(known.rows, rows);
    const next = { situation, found, rows: known !== undefined && same ? known.rows : rows };
    this.tables.set(key, next);
    return next.rows;
  }
}

function keepNew(before: Kept | undefined, { row, hangsOn }: FoundFlow): Kept {
  const generations = generationsOf(hangsOn.places);
  return { row: before === undefined ? row : keepParts(before.row, row), hangsOn, generations };
}

function holds({ hangsOn, generations }: Kept): boolean {
  return generationsOf(hangsOn.places) === generations && hangsOn.lookUps.every(answersTheSame);
}

/** Each of them only grows: while the sum stays, all of them do. */
function generationsOf(places: Dependences['places']): number {
  let sum = 0;
  for (const { forwardingGeneration } of places) sum += forwardingGeneration;
  return sum;
}

/** Whether a table answers as it did. */
function answersTheSame(lookUp: LookUp): boolean {
  const { table, address, group, members } = lookUp;
  if (group?.members !== members) return false;
  if (table.version === lookUp.version) return true;
  if (table.longestMatch(address)?.value !== group) return false;
  lookUp.version = table.version;
  return true;
}
