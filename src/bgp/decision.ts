import type { Asn } from '../net/asn.ts';
import type { Origin, PathAttributes } from './route.ts';

/**
 * What the decision process looks at. Numbers instead of address texts: they are compared often.
 * A candidate is valid already: import policy passed, no loop, next hop resolved.
 */
export type Candidate = {
  readonly attributes: PathAttributes;
  /** True for a path of an internal session. */
  readonly internal: boolean;
  /** IGP cost to the next hop. */
  readonly cost: number;
  /** Groups paths that would send packets the same way. */
  readonly nextHopText: string;
  /** Of the session's peer, or ORIGINATOR_ID where the path was reflected (RFC 4456 section 9). */
  readonly routerIdNumber: number;
  readonly peerAddressNumber: number;
  readonly receivedAt: number;
};

export type DecisionOptions = {
  readonly maximumPaths: { readonly ebgp: number; readonly ibgp: number };
  readonly allowMultipleAs: boolean;
  readonly preferOldest: boolean;
};

/** Rule names are SR Linux's tie-break reasons where it has one. */
export type RuleName =
  | 'only-path'
  | 'local-pref'
  | 'as-path-length'
  | 'origin'
  | 'med'
  | 'ebgp-route'
  | 'next-hop-cost'
  | 'oldest-route'
  | 'peer-router-id'
  | 'cluster-list'
  | 'peer-ip';

/** A rule keeps the best of the candidates it is given; it never looks at their order. */
export type Rule = {
  readonly name: RuleName;
  readonly section: string;
  readonly keep: <C extends Candidate>(candidates: readonly C[]) => readonly C[];
};

export type Choice<C extends Candidate> = {
  readonly best: C;
  /** Best first, then what shares the load with it. */
  readonly multipath: readonly C[];
  /** The last rule that took a candidate out; 'only-path' when there was nothing to decide. */
  readonly decidedBy: RuleName;
};

export type Loser<C extends Candidate> = { readonly candidate: C; readonly fellAt: Rule };

/** Everything before this rule must be equal for paths to share the load. */
const tieBreaksFrom: RuleName = 'oldest-route';

/** RFC 4271 section 9.1, in order. Weight, accumulated IGP metric and confederations are not modelled. */
export const rules: readonly Rule[] = [
  {
    name: 'local-pref',
    section: 'RFC 4271 section 9.1.1',
    keep: lowest(candidate => -(candidate.attributes.localPref ?? defaultLocalPreference)),
  },
  {
    name: 'as-path-length',
    section: 'RFC 4271 section 9.1.2.2 a',
    keep: lowest(candidate => candidate.attributes.asPath.length),
  },
  {
    name: 'origin',
    section: 'RFC 4271 section 9.1.2.2 b',
    keep: lowest(candidate => originRank[candidate.attributes.origin]),
  },
  { name: 'med', section: 'RFC 4271 section 9.1.2.2 c', keep: lowestMedOfEachNeighborAs },
  {
    name: 'ebgp-route',
    section: 'RFC 4271 section 9.1.2.2 d',
    keep: lowest(candidate => (candidate.internal ? 1 : 0)),
  },
  {
    name: 'next-hop-cost',
    section: 'RFC 4271 section 9.1.2.2 e',
    keep: lowest(candidate => candidate.cost),
  },
  { name: 'oldest-route', section: 'RFC 5004 section 3', keep: oldestWhenExternal },
  {
    name: 'peer-router-id',
    section: 'RFC 4271 section 9.1.2.2 f, RFC 4456 section 9',
    keep: lowest(candidate => candidate.routerIdNumber),
  },
  {
    name: 'cluster-list',
    section: 'RFC 4456 section 9',
    keep: lowest(candidate => candidate.attributes.clusterList.length),
  },
  {
    name: 'peer-ip',
    section: 'RFC 4271 section 9.1.2.2 g',
    keep: lowest(candidate => candidate.peerAddressNumber),
  },
];

export const onlyPath: { readonly name: RuleName; readonly section: string } = {
  name: 'only-path',
  section: 'RFC 4271 section 9.1.2',
};

export const defaultLocalPreference = 100;

/** The rule of that name with its section. */
export function ruleNamed(name: RuleName): { readonly name: RuleName; readonly section: string } {
  const section = rules.find(rule => rule.name === name)?.section;
  return section === undefined ? onlyPath : { name, section };
}

/**
 * Chooses among valid candidates; undefined when there are none. The result does not depend on their order.
 * `fell` hears of every candidate that loses and at which rule, those that share the load included.
 */
export function chooseBest<C extends Candidate>(
  candidates: readonly C[],
  options: DecisionOptions,
  fell?: (loser: Loser<C>) => void,
): Choice<C> | undefined {
  const [first] = candidates;
  if (first === undefined) return undefined;
  if (candidates.length === 1) return { best: first, multipath: candidates, decidedBy: 'only-path' };
  let left: readonly C[] = candidates;
  let equal: readonly C[] | undefined;
  let decidedBy: RuleName = 'only-path';
  for (const rule of rules) {
    if (rule.name === tieBreaksFrom) {
      equal = left;
      if (!options.preferOldest) continue;
    }
    if (left.length === 1) break;
    const kept = rule.keep(left);
    if (kept.length === left.length) continue;
    decidedBy = rule.name;
    if (fell !== undefined) report(left, kept, rule, fell);
    left = kept;
  }
  const best = left[0] ?? first;
  return { best, multipath: sharing(best, equal ?? left, options), decidedBy };
}

function report<C extends Candidate>(
  before: readonly C[],
  after: readonly C[],
  rule: Rule,
  fell: (loser: Loser<C>) => void,
): void {
  const kept = new Set(after);
  for (const candidate of before) if (!kept.has(candidate)) fell({ candidate, fellAt: rule });
}

/** The paths that share the load with the best one: as good up to the tie-breaks, one for each next hop. */
function sharing<C extends Candidate>(best: C, equal: readonly C[], options: DecisionOptions): readonly C[] {
  const maximum = best.internal ? options.maximumPaths.ibgp : options.maximumPaths.ebgp;
  if (maximum <= 1 || equal.length === 1) return [best];
  const neighborAs = best.attributes.asPath[0];
  const used = [best];
  for (const candidate of [...equal].sort(byTieBreak)) {
    if (used.length >= maximum) break;
    if (!options.allowMultipleAs && candidate.attributes.asPath[0] !== neighborAs) continue;
    if (used.some(({ nextHopText }) => nextHopText === candidate.nextHopText)) continue;
    used.push(candidate);
  }
  return used;
}

/** Order of paths that are equal up to the tie-breaks. */
export function byTieBreak(a: Candidate, b: Candidate): number {
  return (
    a.routerIdNumber - b.routerIdNumber ||
    a.attributes.clusterList.length - b.attributes.clusterList.length ||
    a.peerAddressNumber - b.peerAddressNumber
  );
}

const originRank: Readonly<Record<Origin, number>> = { igp: 0, egp: 1, incomplete: 2 };

function lowest(
  measure: (candidate: Candidate) => number,
): <C extends Candidate>(candidates: readonly C[]) => readonly C[] {
  return candidates => {
    let minimum = Number.POSITIVE_INFINITY;
    let holders = 0;
    for (const candidate of candidates) {
      const value = measure(candidate);
      if (value < minimum) {
        minimum = value;
        holders = 1;
      } else if (value === minimum) holders++;
    }
    if (holders === candidates.length) return candidates;
    return candidates.filter(candidate => measure(candidate) === minimum);
  };
}

/** A missing MED counts as 0. Within each neighbour AS at once, so that the order of arrival cannot matter. */
function lowestMedOfEachNeighborAs<C extends Candidate>(candidates: readonly C[]): readonly C[] {
  if (candidates.every(candidate => medOf(candidate) === 0)) return candidates;
  const minimum = new Map<Asn | undefined, number>();
  for (const candidate of candidates) {
    const neighborAs = candidate.attributes.asPath[0];
    minimum.set(neighborAs, Math.min(minimum.get(neighborAs) ?? medOf(candidate), medOf(candidate)));
  }
  return candidates.filter(candidate => medOf(candidate) === minimum.get(candidate.attributes.asPath[0]));
}

function medOf(candidate: Candidate): number {
  return candidate.attributes.med ?? 0;
}

/** Only when all that is left came over external sessions. */
function oldestWhenExternal<C extends Candidate>(candidates: readonly C[]): readonly C[] {
  if (candidates.some(candidate => candidate.internal)) return candidates;
  return lowest(candidate => candidate.receivedAt)(candidates);
}
