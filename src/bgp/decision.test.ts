import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Candidate, chooseBest, type DecisionOptions, type RuleName } from './decision.ts';
import { originAttributes, type PathAttributes } from './route.ts';

type Named = Candidate & { readonly name: string };

function path(name: string, of: Partial<Candidate> = {}, attributes: Partial<PathAttributes> = {}): Named {
  return {
    name,
    attributes: { ...originAttributes, asPath: [64999, 65001], ...attributes },
    internal: false,
    cost: 0,
    nextHopText: name,
    routerIdNumber: 1,
    peerAddressNumber: 1,
    receivedAt: 0,
    ...of,
  };
}

const single: DecisionOptions = {
  maximumPaths: { ebgp: 1, ibgp: 1 },
  allowMultipleAs: true,
  preferOldest: false,
};
const multipath: DecisionOptions = { ...single, maximumPaths: { ebgp: 4, ibgp: 2 } };

function result(candidates: readonly Named[], options = single) {
  const fell: Record<string, RuleName> = {};
  const choice = chooseBest(candidates, options, loser => {
    fell[loser.candidate.name] = loser.fellAt.name;
  });
  return (
    choice && {
      best: choice.best.name,
      used: choice.multipath.map(({ name }) => name),
      decidedBy: choice.decidedBy,
      fell,
    }
  );
}

test('no candidates, no choice; one candidate needs no rule', () => {
  expect(result([])).toBeUndefined();
  expect(result([path('a')])).toEqual({ best: 'a', used: ['a'], decidedBy: 'only-path', fell: {} });
});

test.each<[RuleName, Named, Named]>([
  ['local-pref', path('b', { routerIdNumber: 9 }, { localPref: 300 }), path('a')],
  ['as-path-length', path('b', { routerIdNumber: 9 }, { asPath: [65001] }), path('a')],
  ['origin', path('b', { routerIdNumber: 9 }), path('a', {}, { origin: 'incomplete' })],
  ['med', path('b', { routerIdNumber: 9 }, { med: 10 }), path('a', {}, { med: 20 })],
  ['ebgp-route', path('b', { routerIdNumber: 9 }), path('a', { internal: true })],
  ['next-hop-cost', path('b', { routerIdNumber: 9, cost: 5 }), path('a', { cost: 10 })],
  [
    'peer-router-id',
    path('b', { routerIdNumber: 1, peerAddressNumber: 9 }),
    path('a', { routerIdNumber: 2 }),
  ],
  [
    'cluster-list',
    path('b', { internal: true, peerAddressNumber: 9 }, { clusterList: ['1.1.1.11'] }),
    path('a', { internal: true }, { clusterList: ['1.1.1.11', '1.1.1.12'] }),
  ],
  ['peer-ip', path('b', { peerAddressNumber: 1 }), path('a', { peerAddressNumber: 2 })],
])('%s decides when everything before it is equal', (rule, winner, loser) => {
  const expected = { best: 'b', used: ['b'], decidedBy: rule, fell: { a: rule } };
  expect(result([winner, loser])).toEqual(expected);
  expect(result([loser, winner])).toEqual(expected);
});

test('each loser falls at its own rule', () => {
  const long = path('long', {}, { asPath: [1, 2, 3] });
  const unloved = path('unloved', {}, { localPref: 50 });
  const late = path('late', { peerAddressNumber: 2 });
  expect(result([long, unloved, late, path('best')])).toEqual({
    best: 'best',
    used: ['best'],
    decidedBy: 'peer-ip',
    fell: { unloved: 'local-pref', long: 'as-path-length', late: 'peer-ip' },
  });
});

test('a missing LOCAL_PREF counts as 100 and a missing MED as 0', () => {
  const explicit = path('b', { routerIdNumber: 9 }, { localPref: 100, med: 0 });
  expect(result([explicit, path('a')])).toMatchObject({ best: 'a', decidedBy: 'peer-router-id' });
});

test('MED is compared only inside one neighbour AS', () => {
  const viaA = path('viaA', { routerIdNumber: 1 }, { asPath: [64999, 65001], med: 50 });
  const viaB = path('viaB', { routerIdNumber: 2 }, { asPath: [64998, 65001], med: 10 });
  expect(result([viaA, viaB])).toMatchObject({ best: 'viaA', decidedBy: 'peer-router-id' });
});

test('three paths whose MEDs would make pairwise comparison run in circles have one best path in any order', () => {
  const a = path('a', { routerIdNumber: 1, cost: 10 }, { asPath: [100, 1], med: 10 });
  const b = path('b', { routerIdNumber: 2, cost: 5 }, { asPath: [200, 1], med: 20 });
  const c = path('c', { routerIdNumber: 3, cost: 20 }, { asPath: [200, 1], med: 10 });
  for (const order of [
    [a, b, c],
    [c, b, a],
    [b, a, c],
    [b, c, a],
    [a, c, b],
    [c, a, b],
  ]) {
    expect(result(order)).toMatchObject({ best: 'a', fell: { b: 'med', c: 'next-hop-cost' } });
  }
});

test('paths equal up to the tie-breaks share the load, ordered by the tie-breaks', () => {
  const paths = [3, 1, 2].map(id => path(`spine${id}`, { routerIdNumber: id }));
  expect(result(paths, multipath)).toEqual({
    best: 'spine1',
    used: ['spine1', 'spine2', 'spine3'],
    decidedBy: 'peer-router-id',
    fell: { spine2: 'peer-router-id', spine3: 'peer-router-id' },
  });
});

test('at most maximum-paths are used, counted apart for external and internal paths', () => {
  const external = [1, 2, 3, 4, 5].map(id => path(`p${id}`, { routerIdNumber: id }));
  expect(result(external, multipath)?.used).toEqual(['p1', 'p2', 'p3', 'p4']);
  const internal = external.map(one => ({ ...one, internal: true }));
  expect(result(internal, multipath)?.used).toEqual(['p1', 'p2']);
});

test('two paths with one next hop are one way', () => {
  const copies = [1, 2].map(id => path(`reflector${id}`, { routerIdNumber: id, nextHopText: '1.1.1.1' }));
  expect(result(copies, multipath)?.used).toEqual(['reflector1']);
});

test('without allow-multiple-as only paths through the best path’s neighbour AS share the load', () => {
  const paths = [
    path('a', { routerIdNumber: 1 }, { asPath: [64999, 1] }),
    path('b', { routerIdNumber: 2 }, { asPath: [64998, 1] }),
    path('c', { routerIdNumber: 3 }, { asPath: [64999, 1] }),
  ];
  expect(result(paths, multipath)?.used).toEqual(['a', 'b', 'c']);
  expect(result(paths, { ...multipath, allowMultipleAs: false })?.used).toEqual(['a', 'c']);
});

test('the oldest external path is preferred only when asked for', () => {
  const old = path('old', { receivedAt: 1, routerIdNumber: 9 });
  const young = path('young', { receivedAt: 2, routerIdNumber: 1 });
  expect(result([young, old])).toMatchObject({ best: 'young', decidedBy: 'peer-router-id' });
  expect(result([young, old], { ...single, preferOldest: true })).toMatchObject({
    best: 'old',
    decidedBy: 'oldest-route',
  });
});

const anyPath = fc
  .record({
    internal: fc.boolean(),
    cost: fc.integer({ min: 0, max: 2 }),
    nextHop: fc.integer({ min: 1, max: 3 }),
    routerIdNumber: fc.integer({ min: 1, max: 3 }),
    localPref: fc.constantFrom(undefined, 100, 200),
    asPath: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
    med: fc.constantFrom(undefined, 0, 10, 20),
    origin: fc.constantFrom('igp' as const, 'incomplete' as const),
    clusters: fc.integer({ min: 0, max: 1 }),
  })
  .map(({ localPref, med, asPath, origin, clusters, nextHop, ...of }) => ({
    of: { ...of, nextHopText: `10.0.0.${nextHop}` },
    attributes: {
      origin,
      asPath,
      clusterList: clusters === 1 ? ['1.1.1.11'] : [],
      ...(localPref === undefined ? {} : { localPref }),
      ...(med === undefined ? {} : { med }),
    },
  }));

test('the choice never depends on the order of the candidates', () => {
  fc.assert(
    fc.property(
      fc.array(anyPath, { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (specs, ranks) => {
        // Peers have different addresses.
        const paths = specs.map(({ of, attributes }, i) =>
          path(`p${i}`, { ...of, peerAddressNumber: i }, attributes),
        );
        const shuffled = paths
          .map(one => ({ one, rank: ranks.next().value ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        expect(result(shuffled, multipath)).toEqual(result(paths, multipath));
      },
    ),
  );
});

test('every candidate but the best falls at exactly one rule', () => {
  fc.assert(
    fc.property(fc.array(anyPath, { minLength: 1, maxLength: 8 }), specs => {
      const paths = specs.map(({ of, attributes }, i) =>
        path(`p${i}`, { ...of, peerAddressNumber: i }, attributes),
      );
      const fallen: string[] = [];
      const choice = chooseBest(paths, multipath, ({ candidate }) => fallen.push(candidate.name));
      expect([choice?.best.name, ...fallen].sort()).toEqual(paths.map(({ name }) => name).sort());
    }),
  );
});
