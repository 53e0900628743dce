import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addSpeaker,
  createNetwork,
  messageText,
  type NetworkNode,
  neighbor,
  perform,
  runUntil,
  type SpeakerNetwork,
  sessionConfig,
  speakerConfig,
} from '../test-support/speaker-network.ts';
import type { FamilyConfig, NeighborConfig, SpeakerConfig } from './config.ts';
import { ipPrefixRoute } from './evpn.ts';
import { nlriKey, originAttributes, type PathAttributes } from './route.ts';
import {
  adjRibOut,
  explain,
  interfaceDown,
  lookUp,
  nextHopsChanged,
  originate,
  type Resolution,
  receive,
  reconfigure,
  ribKeys,
  type Speaker,
  sessions,
  trackedNextHops,
  withdraw,
} from './speaker.ts';

type Of = Partial<SpeakerConfig>;

const quick = { ...sessionConfig().timers, minimumAdvertisementInterval: 0 };

/** Speakers named by letter; `links` like "a 65001 10.0.0.0 – 10.0.0.1 65002 b": external where the ASs differ. */
function fabric(
  links: readonly string[],
  more: Readonly<Record<string, Of>> = {},
  session: Partial<NeighborConfig> = {},
  resolve?: (nextHop: string) => Resolution | undefined,
) {
  const network = createNetwork();
  const nodes = new Map<string, { asn: number; addresses: string[]; neighbors: NeighborConfig[] }>();
  const node = (name: string, asn: number) => {
    const known = nodes.get(name) ?? { asn, addresses: [], neighbors: [] };
    nodes.set(name, known);
    return known;
  };
  for (const link of links) {
    const [nameA = '', asnA, addressA = '', , addressB = '', asnB, nameB = ''] = link.split(' ');
    const [a, b] = [node(nameA, Number(asnA)), node(nameB, Number(asnB))];
    const shared = { exportPolicies: ['all'], timers: quick, ...session };
    a.addresses.push(addressA);
    b.addresses.push(addressB);
    a.neighbors.push(
      neighbor({ ...shared, peerAddress: addressB, peerAs: b.asn, localAs: a.asn, localAddress: addressA }),
    );
    b.neighbors.push(
      neighbor({
        ...shared,
        peerAddress: addressA,
        peerAs: a.asn,
        localAs: b.asn,
        localAddress: addressB,
        passive: true,
      }),
    );
  }
  let id = 0;
  const at: Record<string, NetworkNode> = {};
  for (const [name, { asn, addresses, neighbors }] of nodes) {
    id++;
    const config = speakerConfig({
      autonomousSystem: asn,
      routerId: `1.1.1.${id}`,
      neighbors,
      ...more[name],
    });
    at[name] = addSpeaker(network, name, addresses, config, resolve);
  }
  return { network, at: (name: string) => at[name] ?? fail(`no ${name}`) };
}

function fail(because: string): never {
  throw new Error(because);
}

function announce(
  network: SpeakerNetwork,
  node: NetworkNode,
  prefixes: readonly string[],
  attributes: Partial<PathAttributes> = {},
): void {
  const shared = { ...originAttributes, ...attributes };
  const routes = prefixes.map(nlri => ({ nlri, protocol: 'local' as const, attributes: shared }));
  perform(network, node, (speaker, now) => originate(speaker, 'ipv4-unicast', routes, now));
}

function changeConfig(network: SpeakerNetwork, node: NetworkNode, change: (was: SpeakerConfig) => Of): void {
  perform(network, node, (speaker, now) =>
    reconfigure(speaker, { ...speaker.config, ...change(speaker.config) }, now),
  );
}

/** "10.0.0.0 [65001] best, used" for every path of a prefix. */
function paths(node: NetworkNode, prefix: string): string[] {
  return explain(node.speaker, 'ipv4-unicast', prefix).map(({ path, best, used, invalidReason, rule }) => {
    if (path === undefined) return 'own';
    const status =
      invalidReason ?? [best ? 'best' : '', used ? 'used' : '', rule?.name].filter(Boolean).join(' ');
    return `${path.nextHop} [${path.attributes.asPath.join(' ')}] ${status}`;
  });
}

function multipath(ebgp: number, ibgp = 1): readonly FamilyConfig[] {
  return (['ipv4-unicast', 'evpn'] as const).map(name => ({
    name,
    adminState: true,
    multipath: { ebgp, ibgp, allowMultipleAs: true },
  }));
}

function updates(network: SpeakerNetwork, of: RegExp): string[] {
  return network.trace.filter(
    line => line.includes('UPDATE') && !line.includes('End-of-RIB') && of.test(line),
  );
}

//        spine1 64999
//       /            \
//   leaf1 65001    leaf2 65002
//       \            /
//        spine2 64999
const squareLinks = [
  'leaf1 65001 10.1.1.1 – 10.1.1.0 64999 spine1',
  'leaf2 65002 10.1.2.1 – 10.1.2.0 64999 spine1',
  'leaf1 65001 10.2.1.1 – 10.2.1.0 64999 spine2',
  'leaf2 65002 10.2.2.1 – 10.2.2.0 64999 spine2',
];

function square(more: Readonly<Record<string, Of>> = {}) {
  const lab = fabric(squareLinks, more);
  announce(lab.network, lab.at('leaf1'), ['1.1.1.1/32']);
  announce(lab.network, lab.at('leaf2'), ['1.1.1.2/32']);
  runUntil(lab.network, 100);
  return lab;
}

test('an external peer hears our AS in front and our address as next hop', () => {
  const { at } = square();
  expect(adjRibOut(at('spine1').speaker, '10.1.1.1', 'ipv4-unicast')).toEqual([
    {
      nlri: '1.1.1.2/32',
      nextHop: '10.1.1.0',
      attributes: { ...originAttributes, asPath: [64999, 65002] },
    },
  ]);
});

test('without multipath one spine idles; with multipath both are used', () => {
  expect(paths(square().at('leaf1'), '1.1.1.2/32')).toEqual([
    '10.1.1.0 [64999 65002] best used peer-router-id',
    '10.2.1.0 [64999 65002] peer-router-id',
  ]);
  expect(paths(square({ leaf1: { families: multipath(2) } }).at('leaf1'), '1.1.1.2/32')).toEqual([
    '10.1.1.0 [64999 65002] best used peer-router-id',
    '10.2.1.0 [64999 65002] used peer-router-id',
  ]);
});

test('a path that holds our own AS is kept but not valid', () => {
  const { network, at } = square();
  perform(network, at('spine1'), (speaker, now) => interfaceDown(speaker, ['10.1.1.1'], now));
  runUntil(network, 105);
  expect(paths(at('spine1'), '1.1.1.1/32')).toEqual(['10.1.2.1 [65002 64999 65001] as-loop']);
});

test('with sender-side loop detection such a path is not even sent', () => {
  const { network, at } = square({ leaf2: { senderSideLoopDetection: true } });
  perform(network, at('spine1'), (speaker, now) => interfaceDown(speaker, ['10.1.1.1'], now));
  runUntil(network, 105);
  expect(paths(at('spine1'), '1.1.1.1/32')).toEqual([]);
});

test('a lost session takes its routes along, and the loss travels on', () => {
  const { network, at } = square({ leaf1: { families: multipath(2) } });
  const leaf1 = at('leaf1');
  leaf1.changes.length = 0;
  perform(network, at('spine1'), (speaker, now) => interfaceDown(speaker, ['10.1.2.1'], now));
  runUntil(network, 102);
  expect(leaf1.changes.map(change => [change.type, change.nlri])).toEqual([['route-chosen', '1.1.1.2/32']]);
  expect(leaf1.changes).toMatchObject([
    { used: [{ nextHop: '10.2.1.0' }], previously: [{ nextHop: '10.1.1.0' }, { nextHop: '10.2.1.0' }] },
  ]);
  expect(sessions(leaf1.speaker).map(({ families }) => families[0])).toEqual([
    // Spine 2's path is best now, so spine 1 hears of it (and finds its own AS in it).
    { name: 'ipv4-unicast', received: 0, active: 0, sent: 2 },
    { name: 'ipv4-unicast', received: 1, active: 1, sent: 1 },
  ]);
});

test('RFC 8212: without a policy an external session neither takes nor gives', () => {
  const strict = { ebgpDefaultPolicy: { importRejectAll: true, exportRejectAll: true } };
  const { network, at } = fabric(['a 65001 10.0.0.0 – 10.0.0.1 65002 b'], { b: strict });
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 10);
  expect(paths(at('b'), '10.1.0.0/16')).toEqual(['10.0.0.0 [65001] rejected-route']);
  changeConfig(network, at('b'), was => ({
    neighbors: was.neighbors.map(one => ({ ...one, importPolicies: ['all'], exportPolicies: [] })),
  }));
  expect(paths(at('b'), '10.1.0.0/16')).toEqual(['10.0.0.0 [65001] best used only-path']);
  announce(network, at('b'), ['10.2.0.0/16']);
  runUntil(network, 20);
  expect(ribKeys(at('a').speaker, 'ipv4-unicast')).toEqual(['10.1.0.0/16']);
});

test('without a policy BGP routes go out where the default allows it, local routes do not', () => {
  const chain = ['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 3 c'];
  const { network, at } = fabric(chain);
  changeConfig(network, at('b'), was => ({
    neighbors: was.neighbors.map(one => ({ ...one, exportPolicies: [] })),
  }));
  announce(network, at('a'), ['10.1.0.0/16']);
  announce(network, at('b'), ['10.2.0.0/16']);
  runUntil(network, 20);
  expect(ribKeys(at('c').speaker, 'ipv4-unicast')).toEqual(['10.1.0.0/16']);
});

test('an import policy sets local preference, and taking it away or back changes routes but not the session', () => {
  const pool = { name: 'pool', entries: [{ prefix: '10.254.254.240/28', from: 28, to: 32 }] };
  const metallb = {
    name: 'metallb-in',
    defaultResult: 'reject' as const,
    statements: [
      { name: '10', match: { prefixSet: 'pool' }, result: 'accept' as const, set: { localPreference: 300 } },
    ],
  };
  const { network, at } = fabric(['leaf 65301 10.0.0.0 – 10.0.0.1 65201 worker']);
  announce(network, at('worker'), ['10.254.254.240/32', '10.9.9.9/32']);
  changeConfig(network, at('leaf'), was => ({
    policies: [...was.policies, metallb],
    prefixSets: [pool],
    neighbors: was.neighbors.map(one => ({ ...one, importPolicies: ['metallb-in'] })),
  }));
  runUntil(network, 10);
  expect(lookUp(at('leaf').speaker, 'ipv4-unicast', '10.254.254.240/32')?.best.attributes.localPref).toBe(
    300,
  );
  expect(paths(at('leaf'), '10.9.9.9/32')).toEqual(['10.0.0.1 [65201] rejected-route']);
  changeConfig(network, at('leaf'), () => ({ prefixSets: [{ name: 'pool', entries: [] }] }));
  expect(paths(at('leaf'), '10.254.254.240/32')).toEqual(['10.0.0.1 [65201] rejected-route']);
  expect(at('leaf').changes.at(-1)).toMatchObject({ type: 'route-lost', nlri: '10.254.254.240/32' });
  changeConfig(network, at('leaf'), () => ({ prefixSets: [pool] }));
  expect(paths(at('leaf'), '10.254.254.240/32')).toEqual(['10.0.0.1 [65201] best used only-path']);
  expect(sessions(at('leaf').speaker)[0]).toMatchObject({ state: 'established', since: 4 });
});

test('an export policy prepends, sets MED and next hop; changing it sends only what changed', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b']);
  announce(network, at('a'), ['10.1.0.0/16', '10.2.0.0/16']);
  runUntil(network, 10);
  const shaped = {
    name: 'shaped',
    defaultResult: 'accept' as const,
    statements: [
      {
        name: '10',
        match: { prefixSet: 'two' },
        result: 'accept' as const,
        set: { med: 7, asPathPrepend: { asn: 1, times: 2 }, nextHop: '10.0.0.9' },
      },
    ],
  };
  network.trace.length = 0;
  changeConfig(network, at('a'), was => ({
    policies: [...was.policies, shaped],
    prefixSets: [{ name: 'two', entries: [{ prefix: '10.2.0.0/16', from: 16, to: 16 }] }],
    neighbors: was.neighbors.map(one => ({ ...one, exportPolicies: ['shaped'] })),
  }));
  expect(network.trace).toEqual(['10 a→b UPDATE +10.2.0.0/16 via 10.0.0.9 path [1 1 1]']);
  runUntil(network, 20);
  expect(lookUp(at('b').speaker, 'ipv4-unicast', '10.2.0.0/16')?.best.attributes.med).toBe(7);
});

test('a received MED and local preference do not reach the next AS', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 3 c']);
  announce(network, at('a'), ['10.1.0.0/16'], { med: 50 });
  runUntil(network, 20);
  expect(lookUp(at('b').speaker, 'ipv4-unicast', '10.1.0.0/16')?.best.attributes.med).toBe(50);
  expect(lookUp(at('c').speaker, 'ipv4-unicast', '10.1.0.0/16')?.best.attributes).toEqual({
    ...originAttributes,
    asPath: [2, 1],
  });
});

test('a local AS that differs stands before the instance’s AS on the way out and before the path on the way in', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b']);
  for (const [name, localAs] of [
    ['a', 65100],
    ['b', 2],
  ] as const) {
    changeConfig(network, at(name), was => ({
      neighbors: was.neighbors.map(one => ({ ...one, localAs, peerAs: name === 'b' ? 65100 : one.peerAs })),
    }));
  }
  announce(network, at('a'), ['10.1.0.0/16']);
  announce(network, at('b'), ['10.2.0.0/16']);
  runUntil(network, 10);
  expect(paths(at('b'), '10.1.0.0/16')).toEqual(['10.0.0.0 [65100 1] best used only-path']);
  expect(paths(at('a'), '10.2.0.0/16')).toEqual(['10.0.0.1 [65100 2] best used only-path']);
});

test('an internal session does not pass on what another internal session brought', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 1 b', 'b 1 10.0.1.0 – 10.0.1.1 1 c']);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 20);
  expect(paths(at('b'), '10.1.0.0/16')).toEqual(['10.0.0.0 [] best used only-path']);
  expect(ribKeys(at('c').speaker, 'ipv4-unicast')).toEqual([]);
});

//   leaf1 ——— reflector1 ——— leaf2     all AS 65123 on these sessions, VTEPs 1.1.1.1 and 1.1.1.2
//        \___ reflector2 ___/
const overlayLinks = [
  'leaf1 65123 10.0.1.1 – 10.0.1.0 65123 reflector1',
  'leaf2 65123 10.0.2.1 – 10.0.2.0 65123 reflector1',
  'leaf1 65123 10.0.3.1 – 10.0.3.0 65123 reflector2',
  'leaf2 65123 10.0.4.1 – 10.0.4.0 65123 reflector2',
];

const vip = ipPrefixRoute({
  routeDistinguisher: '1.1.1.1:4',
  ethernetTag: 0,
  prefix: '10.254.254.240/32',
  gateway: '0.0.0.0',
  vni: 4,
});

function overlay() {
  const lab = fabric(overlayLinks, {}, { families: ['evpn'], exportPolicies: [] });
  for (const name of ['reflector1', 'reflector2']) {
    changeConfig(lab.network, lab.at(name), was => ({
      neighbors: was.neighbors.map(one => ({ ...one, routeReflectorClient: true, clusterId: was.routerId })),
    }));
  }
  perform(lab.network, lab.at('leaf1'), (speaker, now) =>
    originate(
      speaker,
      'evpn',
      [
        {
          nlri: vip,
          protocol: 'bgp-evpn',
          nextHop: '1.1.1.1',
          attributes: {
            ...originAttributes,
            asPath: [65301, 65201],
            extendedCommunities: [{ type: 'route-target', target: 'target:65123:4' }],
          },
        },
      ],
      now,
    ),
  );
  runUntil(lab.network, 50);
  return lab;
}

test('reflectors hand an EVPN route on with its next hop, naming its originator and themselves', () => {
  const { at } = overlay();
  const explained = explain(at('leaf2').speaker, 'evpn', vip.key);
  expect(
    explained.map(({ path, best, rule }) => ({
      ...path?.attributes,
      nextHop: path?.nextHop,
      best,
      rule: rule?.name,
    })),
  ).toEqual(
    ['1.1.1.2', '1.1.1.4'].map((cluster, i) => ({
      origin: 'igp',
      asPath: [65301, 65201],
      communities: [],
      extendedCommunities: [{ type: 'route-target', target: 'target:65123:4' }],
      localPref: 100,
      originatorId: '1.1.1.1',
      clusterList: [cluster],
      nextHop: '1.1.1.1',
      best: i === 0,
      rule: 'peer-ip',
    })),
  );
});

test('a reflected route is not sent back to its originator, nor taken twice by a cluster', () => {
  const { network, at } = overlay();
  expect(explain(at('leaf1').speaker, 'evpn', vip.key)).toMatchObject([{ own: { nextHop: '1.1.1.1' } }]);
  const reflector = at('reflector1');
  const connection = [...reflector.far.keys()][1] ?? fail('no connection');
  const forged = (attributes: Partial<PathAttributes>) =>
    perform(network, reflector, (speaker, now) =>
      receive(
        speaker,
        connection,
        {
          type: 'update',
          family: 'evpn',
          withdrawn: [],
          announced: [vip],
          nextHop: '1.1.1.1',
          attributes: { ...originAttributes, ...attributes },
        },
        now,
      ),
    );
  forged({ clusterList: ['1.1.1.4', '1.1.1.2'] });
  expect(explain(reflector.speaker, 'evpn', vip.key).map(({ invalidReason }) => invalidReason)).toEqual([
    undefined,
    'cluster-loop',
  ]);
  forged({ originatorId: '1.1.1.2' });
  expect(explain(reflector.speaker, 'evpn', vip.key).map(({ invalidReason }) => invalidReason)).toEqual([
    undefined,
    'originator-loop',
  ]);
});

test('a client’s route goes to everybody, another’s only to clients', () => {
  const links = [
    'client 1 10.0.0.0 – 10.0.0.1 1 hub',
    'plain1 1 10.0.1.0 – 10.0.1.1 1 hub',
    'plain2 1 10.0.2.0 – 10.0.2.1 1 hub',
  ];
  const { network, at } = fabric(links);
  changeConfig(network, at('hub'), was => ({
    neighbors: was.neighbors.map((one, i) => ({ ...one, routeReflectorClient: i === 0 })),
  }));
  announce(network, at('client'), ['10.1.0.0/16']);
  announce(network, at('plain1'), ['10.2.0.0/16']);
  runUntil(network, 50);
  expect(ribKeys(at('client').speaker, 'ipv4-unicast')).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
  expect(ribKeys(at('plain2').speaker, 'ipv4-unicast')).toEqual(['10.1.0.0/16']);
});

test('next-hop-self puts the session’s address in on internal sessions', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 2 c']);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 20);
  expect(paths(at('c'), '10.1.0.0/16')).toEqual(['10.0.0.0 [1] best used only-path']);
  changeConfig(network, at('b'), was => ({
    neighbors: was.neighbors.map(one => ({ ...one, nextHopSelf: true })),
  }));
  runUntil(network, 30);
  expect(paths(at('c'), '10.1.0.0/16')).toEqual(['10.0.1.0 [1] best used only-path']);
});

test('a next hop that does not resolve makes a path invalid, and its cost decides', () => {
  const cost = new Map([
    ['10.1.1.0', 5],
    ['10.2.1.0', 5],
  ]);
  const lab = fabric(squareLinks, {}, {}, nextHop => {
    const metric = cost.get(nextHop);
    return nextHop === '10.1.1.0' && metric === undefined ? undefined : { cost: metric ?? 0 };
  });
  announce(lab.network, lab.at('leaf2'), ['1.1.1.2/32']);
  runUntil(lab.network, 100);
  const leaf1 = lab.at('leaf1');
  expect(trackedNextHops(leaf1.speaker)).toEqual(['10.1.1.0', '10.2.1.0']);
  cost.set('10.1.1.0', 10);
  perform(lab.network, leaf1, (speaker, now) => nextHopsChanged(speaker, ['10.1.1.0'], now));
  expect(paths(leaf1, '1.1.1.2/32')).toEqual([
    '10.2.1.0 [64999 65002] best used next-hop-cost',
    '10.1.1.0 [64999 65002] next-hop-cost',
  ]);
  cost.delete('10.1.1.0');
  perform(lab.network, leaf1, (speaker, now) => nextHopsChanged(speaker, 'all', now));
  expect(paths(leaf1, '1.1.1.2/32')).toEqual([
    '10.2.1.0 [64999 65002] best used only-path',
    '10.1.1.0 [64999 65002] next-hop-unresolved',
  ]);
});

test('a default route is sent where configured, whatever the policy says', () => {
  const { network, at } = fabric(
    ['a 1 10.0.0.0 – 10.0.0.1 2 b'],
    {},
    { sendDefaultRoute: true, exportPolicies: [] },
  );
  runUntil(network, 20);
  expect(paths(at('b'), '0.0.0.0/0')).toEqual(['10.0.0.0 [1] best used only-path']);
});

test('an own route stands before received ones for export, and gives way again', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 3 c']);
  announce(network, at('a'), ['10.1.0.0/16']);
  announce(network, at('b'), ['10.1.0.0/16']);
  runUntil(network, 20);
  expect(paths(at('b'), '10.1.0.0/16')).toEqual(['own', '10.0.0.0 [1] best used only-path']);
  expect(paths(at('c'), '10.1.0.0/16')).toEqual(['10.0.1.0 [2] best used only-path']);
  perform(network, at('b'), (speaker, now) => withdraw(speaker, 'ipv4-unicast', ['10.1.0.0/16'], now));
  runUntil(network, 30);
  expect(paths(at('c'), '10.1.0.0/16')).toEqual(['10.0.1.0 [2 1] best used only-path']);
});

/** When the last update went: five seconds after the first, less jitter of a quarter at most (RFC 4271 section 10). */
function ends(network: SpeakerNetwork): number {
  const at = Number(updates(network, /./).at(-1)?.split(' ')[0]);
  expect(at).toBeGreaterThanOrEqual(13_750);
  expect(at).toBeLessThanOrEqual(15_000);
  return at;
}

test('the first change goes out at once, further ones when the minimum advertisement interval ends', () => {
  const timers = { ...quick, minimumAdvertisementInterval: 5_000 };
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b'], {}, { timers });
  runUntil(network, 10_000);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 10_100);
  announce(network, at('a'), ['10.2.0.0/16']);
  perform(network, at('a'), (speaker, now) => withdraw(speaker, 'ipv4-unicast', ['10.1.0.0/16'], now));
  runUntil(network, 10_200);
  announce(network, at('a'), ['10.3.0.0/16']);
  runUntil(network, 40_000);
  expect(updates(network, /./)).toEqual([
    '10000 a→b UPDATE +10.1.0.0/16 via 10.0.0.0 path [1]',
    `${ends(network)} a→b UPDATE -10.1.0.0/16`,
    `${ends(network)} a→b UPDATE +10.2.0.0/16 +10.3.0.0/16 via 10.0.0.0 path [1]`,
  ]);
});

test('with rapid withdrawal a withdrawal does not wait', () => {
  const timers = { ...quick, minimumAdvertisementInterval: 5_000 };
  const { network, at } = fabric(
    ['a 1 10.0.0.0 – 10.0.0.1 2 b'],
    { a: { rapidWithdrawal: true } },
    { timers },
  );
  runUntil(network, 10_000);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 10_100);
  perform(network, at('a'), (speaker, now) => withdraw(speaker, 'ipv4-unicast', ['10.1.0.0/16'], now));
  announce(network, at('a'), ['10.2.0.0/16']);
  runUntil(network, 40_000);
  expect(updates(network, /./)).toEqual([
    '10000 a→b UPDATE +10.1.0.0/16 via 10.0.0.0 path [1]',
    '10100 a→b UPDATE -10.1.0.0/16',
    `${ends(network)} a→b UPDATE +10.2.0.0/16 via 10.0.0.0 path [1]`,
  ]);
});

test('a route that goes and comes back within the interval is not mentioned', () => {
  const timers = { ...quick, minimumAdvertisementInterval: 5_000 };
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b'], {}, { timers });
  runUntil(network, 10_000);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 10_100);
  perform(network, at('a'), (speaker, now) => withdraw(speaker, 'ipv4-unicast', ['10.1.0.0/16'], now));
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 40_000);
  expect(updates(network, /./)).toHaveLength(1);
});

test('a thousand routes with equal attributes travel in one UPDATE and stay one attribute object', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 3 c']);
  const prefixes = Array.from({ length: 1000 }, (_, i) => `10.${100 + (i >> 8)}.${i & 255}.0/24`);
  runUntil(network, 10);
  announce(network, at('a'), prefixes);
  runUntil(network, 20);
  expect(updates(network, /./)).toHaveLength(2);
  const received = prefixes.map(prefix => lookUp(at('c').speaker, 'ipv4-unicast', prefix)?.best.attributes);
  expect(new Set(received).size).toBe(1);
  expect(received[0]?.asPath).toEqual([2, 1]);
});

test('a route refresh brings everything once more', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b']);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 10);
  const [connection = 0] = at('a').far.keys();
  const outcome = perform(network, at('a'), (speaker, now) =>
    receive(speaker, connection, { type: 'route-refresh', family: 'ipv4-unicast' }, now),
  );
  expect(outcome.outbox.map(({ message }) => messageText(message))).toEqual([
    'UPDATE +10.1.0.0/16 via 10.0.0.0 path [1]',
    'UPDATE ipv4-unicast End-of-RIB',
  ]);
});

test('an announcement that says nothing new changes nothing', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 3 c']);
  announce(network, at('a'), ['10.1.0.0/16']);
  runUntil(network, 20);
  const [connection = 0] = at('b').far.keys();
  const update = {
    type: 'update' as const,
    family: 'ipv4-unicast' as const,
    withdrawn: [],
    announced: ['10.1.0.0/16'],
    nextHop: '10.0.0.0',
    attributes: { ...originAttributes, asPath: [1] },
  };
  const outcome = perform(network, at('b'), (speaker, now) => receive(speaker, connection, update, now));
  expect(outcome).toMatchObject({ outbox: [], changes: [] });
});

test('NO_EXPORT stays inside the AS', () => {
  const { network, at } = fabric(['a 1 10.0.0.0 – 10.0.0.1 2 b', 'a 1 10.0.1.0 – 10.0.1.1 1 c']);
  announce(network, at('a'), ['10.1.0.0/16'], { communities: ['65535:65281'] });
  runUntil(network, 30);
  expect(ribKeys(at('b').speaker, 'ipv4-unicast')).toEqual([]);
  expect(ribKeys(at('c').speaker, 'ipv4-unicast')).toEqual(['10.1.0.0/16']);
});

/** Everything a learner could see of the routes of a speaker. */
function view(speaker: Speaker): unknown {
  return ribKeys(speaker, 'ipv4-unicast').map(key => [
    key,
    explain(speaker, 'ipv4-unicast', key).map(({ path, best, used, invalidReason, rule }) => ({
      peer: path?.peer,
      attributes: path?.attributes,
      best,
      used,
      invalidReason,
      rule,
    })),
  ]);
}

test('whatever the order of announcements and withdrawals from several peers, the Loc-RIB ends the same', () => {
  const peers = ['p1', 'p2', 'p3'];
  const links = peers.map((name, i) => `${name} ${[1, 1, 3][i]} 10.0.${i}.0 – 10.0.${i}.1 9 hub`);
  const anyRoute = fc.record({
    peer: fc.integer({ min: 0, max: 2 }),
    prefix: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16', '10.2.1.0/24'),
    med: fc.constantFrom(0, 10, 20),
    origin: fc.constantFrom('igp' as const, 'incomplete' as const),
  });
  const final = fc.uniqueArray(anyRoute, {
    selector: ({ peer, prefix }) => `${peer} ${prefix}`,
    maxLength: 9,
  });
  const send = (
    hub: NetworkNode,
    network: SpeakerNetwork,
    route: { peer: number; prefix: string; med?: number; origin?: PathAttributes['origin'] },
  ) => {
    const connection = [...hub.far.keys()][route.peer] ?? fail('no connection');
    const gone = route.origin === undefined;
    const attributes = {
      ...originAttributes,
      asPath: [[1, 1, 3][route.peer] ?? 0],
      med: route.med ?? 0,
      origin: route.origin ?? 'igp',
    };
    perform(network, hub, (speaker, now) =>
      receive(
        speaker,
        connection,
        {
          type: 'update',
          family: 'ipv4-unicast',
          withdrawn: gone ? [route.prefix] : [],
          announced: gone ? [] : [route.prefix],
          ...(gone ? {} : { nextHop: `10.0.${route.peer}.0`, attributes }),
        },
        now,
      ),
    );
  };
  fc.assert(
    fc.property(
      final,
      fc.array(anyRoute, { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (routes, noise, ranks) => {
        const build = () => {
          const lab = fabric(links, { hub: { families: multipath(2) } });
          runUntil(lab.network, 10);
          return { network: lab.network, hub: lab.at('hub') };
        };
        const straight = build();
        for (const route of routes) send(straight.hub, straight.network, route);
        const crooked = build();
        for (const route of noise) send(crooked.hub, crooked.network, route);
        for (const { peer, prefix } of noise) send(crooked.hub, crooked.network, { peer, prefix });
        const shuffled = routes
          .map(route => ({ route, rank: ranks.next().value ?? 0 }))
          .sort((a, b) => a.rank - b.rank);
        for (const { route } of shuffled) send(crooked.hub, crooked.network, route);
        expect(view(crooked.hub.speaker)).toEqual(view(straight.hub.speaker));
      },
    ),
    { numRuns: 60 },
  );
});

test('what a peer holds always equals what our Adj-RIB-Out says, whatever happens in between', () => {
  const step = fc.record({
    prefix: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'),
    from: fc.constantFrom('a', 'b'),
    gone: fc.boolean(),
    wait: fc.constantFrom(0, 1, 700, 3_000),
    bounce: fc.constantFrom(false, false, false, true),
  });
  const timers = { ...quick, minimumAdvertisementInterval: 2_000 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), fc.boolean(), (steps, rapidWithdrawal) => {
      const { network, at } = fabric(
        ['a 1 10.0.0.0 – 10.0.0.1 2 b', 'b 2 10.0.1.0 – 10.0.1.1 3 c'],
        { b: { rapidWithdrawal } },
        { timers },
      );
      for (const { prefix, from, gone, wait, bounce } of steps) {
        if (gone)
          perform(network, at(from), (speaker, now) => withdraw(speaker, 'ipv4-unicast', [prefix], now));
        else announce(network, at(from), [prefix]);
        if (bounce) perform(network, at('b'), (speaker, now) => interfaceDown(speaker, ['10.0.1.1'], now));
        runUntil(network, network.now + wait);
      }
      // Longer than the connect-retry time.
      runUntil(network, network.now + 200_000);
      const told = adjRibOut(at('b').speaker, '10.0.1.1', 'ipv4-unicast').map(({ nlri }) => nlriKey(nlri));
      expect(ribKeys(at('c').speaker, 'ipv4-unicast')).toEqual(told.sort());
      expect(told).toEqual(ribKeys(at('b').speaker, 'ipv4-unicast'));
    }),
    { numRuns: 60 },
  );
});

test('two that prefer each other’s way agree in the end, though their links and timers are alike', () => {
  const timers = { ...quick, minimumAdvertisementInterval: 1_000 };
  const prefer = {
    name: 'prefer',
    defaultResult: 'accept',
    statements: [{ name: '10', match: {}, result: 'accept', set: { localPreference: 200 } }],
  } as const;
  const { network, at } = fabric(
    ['o 1 10.0.0.0 – 10.0.0.1 2 a', 'o 1 10.0.1.0 – 10.0.1.1 3 b', 'a 2 10.0.2.0 – 10.0.2.1 3 b'],
    {},
    { timers },
  );
  runUntil(network, 10_000);
  for (const [name, peer] of [
    ['a', '10.0.2.1'],
    ['b', '10.0.2.0'],
  ] as const)
    changeConfig(network, at(name), was => ({
      policies: [...was.policies, prefer],
      neighbors: was.neighbors.map(each =>
        each.peerAddress === peer ? { ...each, importPolicies: ['prefer'] } : each,
      ),
    }));
  announce(network, at('o'), ['10.1.0.0/16']);
  runUntil(network, 120_000);
  const later = (line: string) => Number(line.split(' ')[0]) > 60_000;
  expect(updates(network, /./).filter(later)).toEqual([]);
  const bests = ['a', 'b'].map(name => paths(at(name), '10.1.0.0/16').find(path => path.includes('best')));
  // One goes by the other, the other goes straight.
  expect(bests.map(best => best?.split('[')[1]?.split(']')[0]).sort()).toEqual([
    '1',
    expect.stringMatching(/^[23] 1$/),
  ]);
});
