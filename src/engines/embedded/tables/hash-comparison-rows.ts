import type { ForwardingRow, HashComparisonRow, MovedFlows } from '../../../lab/snapshot.ts';
import type { HashConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { TCP } from '../../../net/flow.ts';
import { addressOf, type Ipv4Prefix } from '../../../net/prefix.ts';
import { hashFlow } from '../switch/flow-hash.ts';
import { chooseByModulo, chooseByThreshold, ResilientBuckets } from '../switch/hash-algorithms.ts';
import type { Member } from '../switch/next-hop.ts';
import type { NextHopGroup } from '../switch/next-hop-group.ts';
import type { World } from '../world.ts';

/** Buckets of a resilient group where none is configured. */
const BUCKETS = 64;

const JOINER = 'joiner';

export type ComparedFlows = {
  readonly source: Ipv4;
  readonly prefix: Ipv4Prefix;
  readonly port: number;
  readonly firstPort: number;
  readonly count: number;
};

/** Each member leaves, then one more joins: how many of the flows move, by the code that forwards packets. */
export function hashComparisonRows(
  world: World,
  plane: { readonly hash: HashConfig; readonly hashSeed: number },
  group: NextHopGroup,
  flows: ComparedFlows,
): HashComparisonRow[] {
  if (group.members.length === 0) return [];
  const hashes = hashesOf(plane, flows);
  const keys = group.members.map(member => member.key);
  const buckets = group.buckets?.size ?? BUCKETS;
  const compared = (after: readonly string[], whose: string) =>
    Object.fromEntries(
      algorithms.map(algorithm => [
        algorithm,
        movedFlows(hashes, { algorithm, buckets, before: keys, after, whose }),
      ]),
    ) as Record<ForwardingRow['algorithm'], MovedFlows>;
  const common = { membersBefore: keys.length, flows: hashes.length };
  const leaving = keys.length < 2 ? [] : group.members;
  return [
    ...leaving.map(
      (member): HashComparisonRow => ({
        change: 'leaves',
        member: member.label,
        ...named(world, member),
        ...common,
        moved: compared(
          keys.filter(key => key !== member.key),
          member.key,
        ),
      }),
    ),
    { change: 'joins', ...common, moved: compared([...keys, JOINER], JOINER) },
  ];
}

const algorithms = ['modulo', 'hash-threshold', 'resilient'] as const;

type Change = {
  readonly algorithm: ForwardingRow['algorithm'];
  readonly buckets: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Who leaves or joins. */
  readonly whose: string;
};

/** Flows whose member differs, and how many of those had no need to move. */
export function movedFlows(hashes: readonly number[], change: Change): MovedFlows {
  const { before, after, whose } = change;
  const table = new ResilientBuckets(change.buckets);
  table.assign(before);
  const earlier = hashes.map(hash => chosen(change.algorithm, table, hash, before));
  table.assign(after);
  let moved = 0;
  let needless = 0;
  hashes.forEach((hash, index) => {
    const now = chosen(change.algorithm, table, hash, after);
    if (now === earlier[index]) return;
    moved++;
    if (now !== whose && earlier[index] !== whose) needless++;
  });
  return { moved, needless };
}

function chosen(
  algorithm: ForwardingRow['algorithm'],
  table: ResilientBuckets,
  hash: number,
  members: readonly string[],
): string | undefined {
  switch (algorithm) {
    case 'modulo':
      return members[chooseByModulo(hash, members.length).member];
    case 'hash-threshold':
      return members[chooseByThreshold(hash, members.length).member];
    case 'resilient':
      return members[table.choose(hash, members).member];
  }
}

function hashesOf(
  { hash, hashSeed }: { readonly hash: HashConfig; readonly hashSeed: number },
  { source, prefix, port, firstPort, count }: ComparedFlows,
): number[] {
  const flow = {
    sourceAddress: source,
    destinationAddress: addressOf(prefix),
    protocol: TCP,
    destinationPort: port,
  };
  return Array.from({ length: count }, (_, index) =>
    hashFlow({ ...flow, sourcePort: firstPort + index }, hash, hashSeed),
  );
}

function named(world: World, member: Member): { readonly node?: string } {
  const node = member.type === 'vxlan' ? world.nodeOwning(member.vtep) : undefined;
  return node === undefined ? {} : { node };
}
