import type { LabEngine } from '../lab/engine.ts';
import { memberOf } from '../lab/flow-spread.ts';
import { type FlowRow, rowsOf } from '../lab/snapshot.ts';

/** A thousand flows of one client to the VIP, told apart by the border's choice. */
const flows = {
  name: 'flows',
  client: '10.1.4.20',
  destination: '10.254.254.240',
  port: 8080,
  firstPort: 49_152,
  count: 1_000,
  over: { node: 'BORDER-DC', instance: 'kube-ipvrf' },
} as const;

/** What one change of a group's members did to the flows. Counts. */
export type MovedFlows = {
  /** Had the leaver, or got the joiner: they had to move. */
  readonly forced: number;
  /** Neither, and moved all the same. */
  readonly needless: number;
};

/** The change on both sides, with the limits that RFC 2992 (or a table of buckets) sets to all that move. Percent. */
export type MeasuredMove = {
  readonly what: string;
  readonly embedded: MovedFlows;
  readonly frr: MovedFlows;
  readonly band: readonly [number, number];
};

/** The member that each flow has now, in the order of the flows. */
export async function membersOfFlows(engine: LabEngine): Promise<readonly string[]> {
  const rows: readonly FlowRow[] = rowsOf(await engine.snapshot([flows]), flows) ?? [];
  return rows.map(row => memberOf(row, flows.over) ?? '');
}

export function movedBetween(before: readonly string[], now: readonly string[]): MovedFlows {
  const members = (list: readonly string[]) => new Set(list);
  const was = members(before);
  const is = members(now);
  let forced = 0;
  let needless = 0;
  before.forEach((member, index) => {
    const next = now[index] ?? '';
    if (member === next) return;
    if (!is.has(member) || !was.has(next)) forced++;
    else needless++;
  });
  return { forced, needless };
}
