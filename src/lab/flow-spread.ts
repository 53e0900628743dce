import type { FlowRow } from './snapshot.ts';
import type { Share } from './traffic-state.ts';

/** Where flows are told apart: the Kubernetes node or pod that answers, or the member a switch chose. */
export type SpreadOver = 'node' | 'pod' | { readonly node: string; readonly instance: string };

/** Answered flows per member, members in order of name. Flows that end elsewhere are not counted. */
export function spreadOf(rows: readonly FlowRow[], over: SpreadOver): Share[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const member = memberOf(row, over);
    if (member !== undefined) counts.set(member, (counts.get(member) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The member that the flow took; undefined when it was not answered or did not pass there. */
export function memberOf(row: FlowRow, over: SpreadOver): string | undefined {
  if (row.outcome !== 'answered') return undefined;
  if (over === 'node') return row.node;
  if (over === 'pod') return row.pod;
  const hop = row.hops.find(
    candidate => candidate.node === over.node && candidate.instance === over.instance,
  );
  return hop?.choice?.chosen ?? hop?.member ?? hop?.encapsulation?.to ?? hop?.outPort;
}
