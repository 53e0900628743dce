import { type Chance, chanceOf } from './chance.ts';

export type Switch = {
  readonly name: string;
  readonly tier: 'spine' | 'leaf';
  /** Counted from 1 within its tier. */
  readonly number: number;
  readonly asn: number;
  readonly loopback: string;
};

export type Link = {
  readonly leaf: Switch;
  readonly spine: Switch;
  /** Ends that have no neighbour configured. */
  readonly silentEnds: readonly string[];
};

/** What a switch does with what it hears and says in the underlay, beyond taking everything that belongs there. */
type Policy =
  | { readonly kind: 'refuses'; readonly loopback: string }
  | { readonly kind: 'withholds'; readonly loopback: string }
  | { readonly kind: 'prefers' | 'hears-longer' | 'gives-med' | 'says-nothing'; readonly towards: Switch };

/** A variant before anybody wrote it down. */
export type Plan = {
  readonly asPlan: AsPlan;
  readonly spines: readonly Switch[];
  readonly leaves: readonly Switch[];
  readonly reflectors: readonly Switch[];
  readonly links: readonly Link[];
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  /** Leaves announce their own prefixes and no others: no spine is reached through a leaf. */
  readonly valleyFree: boolean;
  /** Leaves whose overlay refuses type 5 routes of the tenant's loopbacks. */
  readonly pickyLeaves: ReadonlySet<string>;
  /** Overlay sessions by "leaf spine" that only the spine knows of. */
  readonly missingOverlay: ReadonlySet<string>;
  readonly overlayPreference: number | undefined;
  readonly timers: { readonly hold: number; readonly keepalive: number; readonly connectRetry: number };
  readonly bfd: { readonly interval: number; readonly multiplier: number } | undefined;
};

const asPlans = [
  'spines share one AS',
  'every switch its own AS',
  'leaves share one AS',
  'four-byte ASs',
] as const;
type AsPlan = (typeof asPlans)[number];

/** What the lab of that seed is: nothing else is left to chance. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed);
  const asPlan = chance.one(asPlans);
  const spines = range(2 + chance.number(5)).map(number => makeSwitch('spine', number, asPlan));
  const leaves = range(2 + chance.number(5)).map(number => makeSwitch('leaf', number, asPlan));
  const links = leaves.flatMap(leaf =>
    // Every leaf keeps its first two spines, so that the fabric hangs together.
    spines
      .filter(({ number }) => number <= 2 || !chance.happens(0.12))
      .map(spine => ({
        leaf,
        spine,
        silentEnds: chance.happens(0.08) ? [chance.one([leaf.name, spine.name])] : [],
      })),
  );
  const reflectors = chance.happens(0.5) ? spines : spines.slice(0, 2);
  const valleyFree = chance.happens(0.5);
  const policies = new Map<string, Policy[]>();
  for (const node of [...spines, ...leaves]) {
    if (chance.happens(0.35))
      policies.set(node.name, [policyOf(chance, node, links, { leaves, valleyFree })]);
  }
  const pickyLeaves = new Set(leaves.filter(() => chance.happens(0.2)).map(({ name }) => name));
  const missingOverlay = new Set(
    leaves.flatMap(leaf =>
      reflectors.filter(() => chance.happens(0.06)).map(spine => `${leaf.name} ${spine.name}`),
    ),
  );
  const overlayPreference = chance.happens(0.25) ? 100 + 10 * (1 + chance.number(20)) : undefined;
  const [hold, keepalive] = chance.one([
    [9, 3],
    [12, 4],
    [15, 5],
  ]);
  const timers = { hold, keepalive, connectRetry: chance.one([1, 5, 10]) };
  const bfd = chance.happens(0.7)
    ? { interval: chance.one([100, 300, 500]), multiplier: 3 + chance.number(3) }
    : undefined;
  return {
    ...{ asPlan, spines, leaves, reflectors, links, policies },
    ...{ valleyFree, pickyLeaves, missingOverlay, overlayPreference, timers, bfd },
  };
}

function makeSwitch(tier: Switch['tier'], number: number, asPlan: AsPlan): Switch {
  const spine = tier === 'spine';
  return {
    name: `${tier.toUpperCase()}-DC-${number}`,
    tier,
    number,
    asn: asnOf(asPlan, tier, number),
    loopback: `1.1.1.${spine ? 10 + number : number}`,
  };
}

function asnOf(asPlan: AsPlan, tier: Switch['tier'], number: number): number {
  const spine = tier === 'spine';
  switch (asPlan) {
    case 'spines share one AS':
      return spine ? 64999 : 65000 + number;
    case 'every switch its own AS':
      return spine ? 64900 + number : 65000 + number;
    case 'leaves share one AS':
      return spine ? 64900 + number : 65001;
    case 'four-byte ASs':
      return spine ? 4_200_000_000 : 4_200_000_100 + number;
  }
}

/**
 * Preferring one neighbour's routes by local preference where leaves hand on what they hear makes networks that have two
 * states of rest, or none (Griffin and Wilfong, 1999): no two labs need agree on them. So only leaves prefer, where no
 * leaf hands anything on.
 */
function policyOf(
  chance: Chance,
  node: Switch,
  links: readonly Link[],
  { leaves, valleyFree }: Pick<Plan, 'leaves' | 'valleyFree'>,
): Policy {
  const across = links.filter(({ leaf, spine }) => leaf === node || spine === node);
  const neighbor = across[chance.number(across.length)];
  const towards = neighbor === undefined || neighbor.leaf !== node ? neighbor?.leaf : neighbor.spine;
  const loopback = leaves[chance.number(leaves.length)]?.loopback ?? '1.1.1.1';
  const kind = chance.one([
    'refuses',
    'withholds',
    'prefers',
    'hears-longer',
    'gives-med',
    'says-nothing',
  ] as const);
  if (kind === 'refuses' || kind === 'withholds' || towards === undefined) {
    return { kind: kind === 'withholds' ? kind : 'refuses', loopback };
  }
  return { kind: kind === 'prefers' && (node.tier === 'spine' || !valleyFree) ? 'gives-med' : kind, towards };
}

/** What is special about it, for people. */
export function traitsOf(plan: Plan): string[] {
  const { spines, leaves, links, reflectors, policies, asPlan, timers, bfd } = plan;
  const missingLinks = spines.length * leaves.length - links.length;
  return [
    `${spines.length} spines, ${leaves.length} leaves`,
    asPlan,
    ...(plan.valleyFree ? ['leaves announce only their own'] : []),
    ...(reflectors.length < spines.length ? [`${reflectors.length} reflectors`] : []),
    ...(missingLinks > 0 ? [`${missingLinks} links missing`] : []),
    ...links.flatMap(({ silentEnds, leaf, spine }) =>
      silentEnds.map(name => `${name} lacks its neighbour ${name === leaf.name ? spine.name : leaf.name}`),
    ),
    ...[...plan.missingOverlay].map(pair => `no overlay ${pair}`),
    ...[...policies].flatMap(([name, each]) =>
      each.map(one => `${name} ${one.kind} ${'towards' in one ? one.towards.name : one.loopback}`),
    ),
    ...[...plan.pickyLeaves].map(name => `${name} refuses tenant loopbacks`),
    ...(plan.overlayPreference === undefined ? [] : [`type 5 preferred ${plan.overlayPreference}`]),
    `hold ${timers.hold} s`,
    bfd === undefined ? 'no BFD' : `BFD ${bfd.multiplier} × ${bfd.interval} ms`,
  ];
}

/** 1 to `length`. */
function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}
