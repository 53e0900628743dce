import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HashConfig } from '../../../lab/switch-config.ts';
import { addressPlus } from '../../../net/address.ts';
import type { FiveTuple } from '../../../net/flow.ts';
import { entropyPort, hashFlow } from './flow-hash.ts';
import { chooseByModulo, chooseByThreshold, ResilientBuckets } from './hash-algorithms.ts';

const everyField: HashConfig = {
  sourceAddress: true,
  destinationAddress: true,
  sourcePort: true,
  destinationPort: true,
  protocol: true,
};

const flows = (count: number): FiveTuple[] =>
  Array.from({ length: count }, (_, index) => ({
    sourceAddress: addressPlus('10.1.4.20', index % 31),
    destinationAddress: '10.254.254.240',
    protocol: 6,
    sourcePort: 32768 + Math.floor(index / 31),
    destinationPort: 8080,
  }));

const hundredThousand = flows(100_000).map(flow => hashFlow(flow, everyField, 110));

describe('over 100,000 flows', () => {
  test.each([2, 3, 4, 8, 16])('hash-threshold gives each of %i members its fair share', members => {
    const counts = spread(
      hundredThousand.map(hash => chooseByThreshold(hash, members).member),
      members,
    );
    for (const count of counts) expect(Math.abs(count / 100_000 - 1 / members)).toBeLessThan(0.006);
  });

  // RFC 2992 section 3.2: adding or removing one of N at place K moves, counted over all flows, between 1/4 and 1/2.
  test.each([
    { from: 2, removed: 0, moved: 1 / 2 },
    { from: 4, removed: 0, moved: 1 / 2 },
    { from: 4, removed: 1, moved: 1 / 3 },
    { from: 4, removed: 3, moved: 1 / 2 },
    { from: 8, removed: 0, moved: 1 / 2 },
  ])(
    'hash-threshold: of $from members number $removed leaves, $moved of the flows move',
    ({ from, removed, moved }) => {
      expect(movedByLeaving(from, removed, chooseByThreshold)).toBeCloseTo(moved, 2);
    },
  );

  test('modulo: one of four leaves and three quarters of the flows move', () => {
    expect(movedByLeaving(4, 0, chooseByModulo)).toBeCloseTo(3 / 4, 2);
  });

  test('resilient: one of four leaves, just its own flows move, and they alone come back', () => {
    const buckets = new ResilientBuckets(128);
    buckets.assign(['a', 'b', 'c', 'd']);
    const before = owners(buckets, ['a', 'b', 'c', 'd']);
    buckets.assign(['b', 'c', 'd']);
    const without = owners(buckets, ['b', 'c', 'd']);
    const moved = before.filter((owner, index) => owner !== without[index]);
    expect(new Set(moved)).toEqual(new Set(['a']));
    expect(moved.length / before.length).toBeCloseTo(1 / 4, 1);
    buckets.assign(['a', 'b', 'c', 'd']);
    const back = owners(buckets, ['a', 'b', 'c', 'd']);
    const movedBack = without.filter((owner, index) => owner !== back[index]).length / before.length;
    expect(movedBack).toBeCloseTo(1 / 4, 1);
  });

  test('two tiers with the same seed polarise: behind one member the second tier sees one half of its own', () => {
    const first = flows(100_000).filter(
      flow => chooseByThreshold(hashFlow(flow, everyField, 7), 2).member === 0,
    );
    const same = spread(
      first.map(flow => chooseByThreshold(hashFlow(flow, everyField, 7), 2).member),
      2,
    );
    const other = spread(
      first.map(flow => chooseByThreshold(hashFlow(flow, everyField, 8), 2).member),
      2,
    );
    expect(same).toEqual([first.length, 0]);
    for (const count of other) expect(count / first.length).toBeCloseTo(1 / 2, 2);
  });

  test('the tunnel’s source port spreads over its whole range and never leaves it', () => {
    const ports = flows(100_000).map(entropyPort);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(49152);
    expect(Math.max(...ports)).toBeLessThanOrEqual(65535);
    expect(new Set(ports).size).toBeGreaterThan(16_000);
  });
});

test('a field that is not hashed makes no difference, one that is does', () => {
  const [flow] = flows(1);
  if (flow === undefined) throw new Error('no flow');
  const addressesOnly = { ...everyField, sourcePort: false, destinationPort: false };
  const other = { ...flow, sourcePort: 4711, destinationPort: 1 };
  expect(hashFlow(other, addressesOnly, 1)).toBe(hashFlow(flow, addressesOnly, 1));
  expect(hashFlow(other, everyField, 1)).not.toBe(hashFlow(flow, everyField, 1));
});

test('resilient buckets never move between members that stay, and stay fairly dealt', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  fc.assert(
    fc.property(fc.array(fc.subarray(names, { minLength: 1 }), { minLength: 2, maxLength: 8 }), sets => {
      const buckets = new ResilientBuckets(60);
      let before: { set: string[]; owners: string[] } | undefined;
      for (const set of sets) {
        buckets.assign(set);
        const now = Array.from({ length: 60 }, (_, hash) => set[buckets.choose(hash, set).member] ?? '');
        if (before !== undefined) {
          const joined = set.filter(name => !before?.set.includes(name));
          now.forEach((owner, bucket) => {
            const former = before?.owners[bucket] ?? '';
            if (owner !== former && set.includes(former)) expect(joined).toContain(owner);
          });
        }
        const shares = set.map(name => now.filter(owner => owner === name).length);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        before = { set, owners: now };
      }
    }),
  );
});

function spread(choices: readonly number[], members: number): number[] {
  const counts = new Array<number>(members).fill(0);
  for (const choice of choices) counts[choice] = (counts[choice] ?? 0) + 1;
  return counts;
}

/** Fraction of all flows that change their member when one of `from` leaves. */
function movedByLeaving(from: number, removed: number, choose: typeof chooseByModulo): number {
  const all = Array.from({ length: from }, (_, index) => index);
  const left = all.filter(index => index !== removed);
  const moved = hundredThousand.filter(hash => {
    const before = all[choose(hash, from).member];
    return left[choose(hash, left.length).member] !== before;
  });
  return moved.length / hundredThousand.length;
}

function owners(buckets: ResilientBuckets, members: readonly string[]): string[] {
  return hundredThousand.map(hash => members[buckets.choose(hash, members).member] ?? '');
}
