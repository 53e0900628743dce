import { describe, expect, it } from 'vitest';
import type { ClusterState } from './cluster-state.ts';
import type { SpreadOver } from './flow-spread.ts';
import { evaluate, type Probe, tablesFor, type Verdict } from './probe.ts';
import {
  type BfdRow,
  type EvpnRow,
  type FlowRow,
  type ForwardingRow,
  type MacRow,
  type RouteRow,
  type SessionRow,
  type Snapshot,
  type TableRef,
  type TableRows,
  tableKey,
} from './snapshot.ts';
import { noTraffic } from './traffic-state.ts';

const VIP = '10.254.254.240/32';

describe('BGP and BFD sessions', () => {
  const sessions: SessionRow[] = [
    session({ peer: '10.1.1.0', peerNode: 'SPINE-1' }),
    session({ peer: '10.2.1.0', peerNode: 'SPINE-2', state: 'active' }),
    session({ peer: '1.1.1.11', peerNode: 'SPINE-1', families: [family('evpn')] }),
  ];
  const snapshot = withTables([{ name: 'sessions', node: 'LEAF' }, sessions]);
  const ask = (fields: object) =>
    evaluate({ probe: 'bgp.session', node: 'LEAF', ...fields } as Probe, snapshot);

  it('one session holds when it is established, and says its state when not', () => {
    expect(ask({ peer: '10.1.1.0' })).toEqual({
      holds: true,
      expected: 'LEAF: the BGP session to 10.1.1.0 established',
      observed: 'established',
    });
    expect(ask({ peer: '10.2.1.0' })).toEqual({
      holds: false,
      expected: 'LEAF: the BGP session to 10.2.1.0 established',
      observed: 'active',
    });
  });

  it('a peer may be named by its node: all sessions to it must be established', () => {
    expect(ask({ peer: 'SPINE-1' }).holds).toBe(true);
    expect(ask({ peer: 'SPINE-2' }).holds).toBe(false);
    expect(ask({ peer: 'SPINE-3' })).toMatchObject({ holds: false, observed: 'no such session' });
  });

  it('a count is exact', () => {
    expect(ask({ count: 2 })).toMatchObject({ holds: true, observed: '2 of 3 established' });
    expect(ask({ count: 3 }).holds).toBe(false);
    expect(ask({ family: 'evpn', count: 1 }).holds).toBe(true);
    expect(ask({ family: 'ipv4-unicast', count: 1 }).holds).toBe(true);
  });

  it('without peer and count every session must be established', () => {
    expect(ask({}).holds).toBe(false);
    expect(ask({ state: 'active', absent: true })).toMatchObject({ holds: false });
    expect(ask({ state: 'idle', absent: true })).toMatchObject({
      holds: true,
      expected: 'LEAF: no BGP session idle',
    });
  });

  it('a session may have to be new: what was up all the time does not count', () => {
    expect(ask({ peer: '10.1.1.0', newerThan: 0 })).toMatchObject({
      holds: true,
      expected: 'LEAF: the BGP session to 10.1.1.0 established for less than 0 s',
    });
    const old = { ...snapshot, at: 60_001 };
    const probe = { probe: 'bgp.session', node: 'LEAF', peer: '10.1.1.0', newerThan: 60_000 } as const;
    expect(evaluate(probe, old)).toMatchObject({ holds: false, observed: 'no such session' });
  });

  it('BFD is asked like BGP', () => {
    const bfd: BfdRow = {
      node: 'LEAF',
      instance: 'default',
      localAddress: '10.1.1.1',
      peer: '10.1.1.0',
      state: 'down',
      since: 0,
      multihop: false,
      transmitInterval: 300,
      detectionTime: 900,
    };
    const down = withTables([{ name: 'bfd', node: 'LEAF' }, [bfd]]);
    expect(evaluate({ probe: 'bfd.session', node: 'LEAF', peer: '10.1.1.0' }, down)).toEqual({
      holds: false,
      expected: 'LEAF: the BFD session to 10.1.1.0 up',
      observed: 'down',
    });
    expect(evaluate({ probe: 'bfd.session', node: 'LEAF', absent: true }, down).holds).toBe(true);
  });
});

describe('routes', () => {
  const routes: RouteRow[] = [
    route(VIP, 'bgp-evpn', [
      { address: '1.1.1.1', type: 'vxlan', node: 'LEAF-1' },
      { address: '1.1.1.2', type: 'vxlan', node: 'LEAF-2' },
    ]),
    { ...route('10.0.0.0/8', 'static', [{ type: 'direct', address: '10.1.1.0' }]), active: false },
  ];
  const snapshot = withTables([{ name: 'routes', node: 'BORDER', instance: 'tenant' }, routes]);
  const at = { node: 'BORDER', instance: 'tenant' };

  it('next hops are counted, or named by address or node', () => {
    expect(evaluate({ probe: 'rib.nexthops', ...at, prefix: VIP, count: 2 }, snapshot)).toEqual({
      holds: true,
      expected: 'BORDER (tenant) has 2 next hops to 10.254.254.240/32',
      observed: '2 next hops: 1.1.1.1, 1.1.1.2',
    });
    const named = (nextHops: string[]) =>
      evaluate({ probe: 'rib.nexthops', ...at, prefix: VIP, nextHops }, snapshot).holds;
    expect(named(['LEAF-1', '1.1.1.2'])).toBe(true);
    expect(named(['LEAF-1'])).toBe(false);
    expect(named(['LEAF-1', 'LEAF-3'])).toBe(false);
  });

  it('a route that is not active is no route', () => {
    expect(
      evaluate({ probe: 'rib.nexthops', ...at, prefix: '10.0.0.0/8', count: 1 }, snapshot),
    ).toMatchObject({
      holds: false,
      observed: 'no route',
    });
    expect(evaluate({ probe: 'rib.route', ...at, prefix: '10.0.0.0/8', absent: true }, snapshot)).toEqual({
      holds: true,
      expected: 'BORDER (tenant) has no route to 10.0.0.0/8',
      observed: 'no route',
    });
  });

  it('the owner counts when it is asked for', () => {
    const owned = (owner: RouteRow['owner']) =>
      evaluate({ probe: 'rib.route', ...at, prefix: VIP, owner }, snapshot);
    expect(owned('bgp-evpn').holds).toBe(true);
    expect(owned('bgp')).toMatchObject({ holds: false, observed: 'a bgp-evpn route' });
  });

  it('EVPN routes are counted by originator, not by reflector', () => {
    const rows: EvpnRow[] = [
      evpn('1.1.1.1', '1.1.1.11'),
      evpn('1.1.1.1', '1.1.1.12'),
      evpn('1.1.1.2', '1.1.1.11'),
      { ...evpn('1.1.1.3', '1.1.1.11'), valid: false },
    ];
    const table = withTables([{ name: 'evpn', node: 'BORDER' }, rows]);
    expect(evaluate({ probe: 'evpn.route', node: 'BORDER', type: 5, prefix: VIP, count: 2 }, table)).toEqual({
      holds: true,
      expected: 'BORDER has an EVPN type 5 10.254.254.240/32 route from 2 originators',
      observed: 'from 1.1.1.1, 1.1.1.2',
    });
    expect(evaluate({ probe: 'evpn.route', node: 'BORDER', type: 2, absent: true }, table).holds).toBe(true);
    expect(evaluate({ probe: 'evpn.route', node: 'BORDER', type: 5, vni: 9 }, table).holds).toBe(false);
  });

  it('the members of a forwarding group are counted or named, and its algorithm compared', () => {
    const group: ForwardingRow = {
      prefix: VIP,
      group: 1,
      algorithm: 'hash-threshold',
      members: [
        { label: '1.1.1.1', node: 'LEAF-1', share: 0.5 },
        { label: '1.1.1.2', node: 'LEAF-2', share: 0.5 },
      ],
    };
    const table = withTables([{ name: 'forwarding', ...at }, [group]]);
    const ask = (fields: object) =>
      evaluate({ probe: 'fib.ecmp', ...at, prefix: VIP, ...fields } as Probe, table);
    expect(ask({ count: 2 })).toMatchObject({
      holds: true,
      observed: '2 members: 1.1.1.1, 1.1.1.2, hash-threshold',
    });
    expect(ask({ members: ['LEAF-1', '1.1.1.2'] }).holds).toBe(true);
    expect(ask({ count: 2, algorithm: 'modulo' }).holds).toBe(false);
  });

  it('a MAC address is known by the host address beside it', () => {
    const mac: MacRow = {
      mac: '02:00:00:00:00:01',
      address: '192.168.101.101',
      type: 'learnt',
      destination: 'ethernet-1/10.0',
    };
    const table = withTables([{ name: 'macs', ...at }, [mac]]);
    expect(evaluate({ probe: 'mac.known', ...at, address: '192.168.101.101' }, table)).toMatchObject({
      holds: true,
      observed: '02:00:00:00:00:01 at ethernet-1/10.0',
    });
    expect(evaluate({ probe: 'mac.known', ...at, address: '192.168.101.102' }, table).holds).toBe(false);
  });
});

describe('flows', () => {
  const flows = (members: readonly string[], over: SpreadOver) =>
    withTables([
      { name: 'flows', client: 'c', destination: '10.9.9.9', port: 80, firstPort: 49152, count: 1000, over },
      members.map(flow),
    ]);
  const spread = (
    fields: Partial<Extract<Probe, { readonly probe: 'flow.spread' }>>,
    members: readonly string[],
  ) =>
    evaluate(
      { probe: 'flow.spread', client: 'c', address: '10.9.9.9', port: 80, over: 'node', ...fields } as Probe,
      flows(members, fields.over ?? 'node'),
    );

  it('a spread is judged by its members and their shares', () => {
    expect(spread({ members: 2, least: 0.4, most: 0.6 }, ['a', 'b', 'a', 'b'])).toEqual({
      holds: true,
      expected: 'flows spread over 2 nodes, each at least 40 %, none over 60 %',
      observed: 'a 50 %, b 50 %',
    });
    expect(spread({ members: 2, least: 0.4 }, ['a', 'a', 'a', 'b'])).toMatchObject({
      holds: false,
      observed: 'a 75 %, b 25 %',
    });
    expect(spread({ members: 1 }, ['a', 'a'])).toMatchObject({ holds: true });
    expect(spread({ members: 2 }, [])).toMatchObject({ holds: false, observed: 'no flow is answered' });
  });

  it('flows can be told apart by the choice of one switch', () => {
    const over = { node: 'BORDER', instance: 'tenant' };
    expect(spread({ over, members: 2 }, ['a', 'b'])).toMatchObject({ observed: 'via a 50 %, via b 50 %' });
  });

  it('a service answers when every flow does; it answers nothing when none does', () => {
    const ask = (outcomes: FlowRow['outcome'][], absent?: true): Verdict => {
      const rows = outcomes.map(outcome => ({
        ...flow('a'),
        outcome,
        ...(outcome === 'lost' && { endedAt: 'LEAF', because: 'no route' }),
      }));
      const ref = {
        name: 'flows',
        client: 'c',
        destination: '10.9.9.9',
        port: 80,
        firstPort: 49152,
        count: 64,
      } as const;
      const probe = {
        probe: 'service.answers',
        client: 'c',
        address: '10.9.9.9',
        port: 80,
        ...(absent && { absent }),
      } as const;
      return evaluate(probe, withTables([ref, rows]));
    };
    expect(ask(['answered', 'answered'])).toMatchObject({ holds: true, observed: '2 of 2 answered' });
    expect(ask(['answered', 'lost'])).toMatchObject({
      holds: false,
      observed: '1 of 2 answered; LEAF: no route',
    });
    expect(ask(['answered', 'lost'], true).holds).toBe(false);
    expect(ask(['lost', 'lost'], true).holds).toBe(true);
  });
});

describe('Kubernetes and MetalLB', () => {
  const snapshot: Snapshot = { ...nothing(), clusters: [cluster()] };
  const ask = (probe: Probe) => evaluate(probe, snapshot);

  it('a service has an address, is pending, or is not there', () => {
    const service = (name: string, absent?: true) =>
      ask({ probe: 'service.address', cluster: 'dc', service: name, ...(absent && { absent }) });
    expect(service('web')).toEqual({
      holds: true,
      expected: 'service web has an address',
      observed: '10.254.254.240',
    });
    expect(service('waiting')).toMatchObject({ holds: false, observed: '<pending>' });
    expect(service('waiting', true)).toMatchObject({ holds: true, expected: 'service waiting is <pending>' });
    expect(service('none', true)).toMatchObject({ holds: false, observed: 'no such service' });
    expect(
      ask({ probe: 'service.address', cluster: 'dc', service: 'web', address: '10.254.254.241' }).holds,
    ).toBe(false);
  });

  it('ready pods are counted by the beginning of their names', () => {
    expect(ask({ probe: 'pod.ready', cluster: 'dc', name: 'web-', count: 1 })).toEqual({
      holds: true,
      expected: '1 pod of web- ready',
      observed: '1 of 2 ready',
    });
    expect(ask({ probe: 'pod.ready', cluster: 'dc', name: 'web-', count: 2 }).holds).toBe(false);
    expect(ask({ probe: 'pod.ready', cluster: 'dc', name: 'web-', node: 'w2', count: 0 }).holds).toBe(true);
  });

  it('nodes are Ready or not', () => {
    expect(ask({ probe: 'node.ready', node: 'w1' }).holds).toBe(true);
    expect(ask({ probe: 'node.ready', node: 'w2', absent: true })).toMatchObject({
      holds: true,
      expected: 'w2 is NotReady',
      observed: 'NotReady',
    });
  });

  it('a service is announced from exactly the nodes that are named, and the others say why not', () => {
    const from = (nodes: string[]) => ask({ probe: 'announced.from', cluster: 'dc', service: 'web', nodes });
    expect(from(['w1'])).toEqual({
      holds: true,
      expected: 'web is announced from w1',
      observed: 'w1; w2: noLocalEndpoints',
    });
    expect(from(['w1', 'w2']).holds).toBe(false);
    expect(from([]).holds).toBe(false);
  });
});

describe('the overview', () => {
  const snapshot: Snapshot = {
    ...nothing(),
    at: 10_000,
    nodes: [{ name: 'LEAF', state: 'running' }],
    links: [{ id: 'LEAF:e1-1 SPINE:e1-1', state: 'down', rateAToB: 0, rateBToA: 0 }],
    faults: [
      { id: 'node-stopped SPINE', fault: { kind: 'node-stopped', node: 'SPINE' }, since: 0, event: 1 },
    ],
    stages: [{ id: 'fabric', title: 'Fabric', progress: 'running', tasks: [] }],
    traffic: {
      ...nothing().traffic,
      on: true,
      samples: [
        { at: 5000, sent: 10, answered: 0, lost: 10, reset: 0 },
        { at: 8500, sent: 10, answered: 9, lost: 1, reset: 0 },
        { at: 10_000, sent: 10, answered: 10, lost: 0, reset: 0 },
      ],
    },
  };
  const ask = (probe: Probe) => evaluate(probe, snapshot);

  it('nodes, links, stages and faults are compared by their states', () => {
    expect(ask({ probe: 'node.state', node: 'LEAF', state: 'running' }).holds).toBe(true);
    expect(ask({ probe: 'link.state', link: 'LEAF:e1-1 SPINE:e1-1', state: 'up' })).toEqual({
      holds: false,
      expected: 'link LEAF:e1-1 SPINE:e1-1 is up',
      observed: 'down',
    });
    expect(ask({ probe: 'stage.done', stage: 'fabric' })).toMatchObject({
      holds: false,
      observed: 'running',
    });
    expect(ask({ probe: 'fault.active', fault: { kind: 'node-stopped', node: 'SPINE' } }).holds).toBe(true);
    expect(ask({ probe: 'fault.none' })).toEqual({
      holds: false,
      expected: 'nothing is broken',
      observed: 'node-stopped SPINE',
    });
    expect(ask({ probe: 'traffic.running' }).holds).toBe(true);
  });

  it('answered requests are counted over the last seconds only, and only when there are enough', () => {
    const answered = (last: number, requests: number, share: number) =>
      ask({ probe: 'traffic.answered', last, requests, share });
    expect(answered(2000, 20, 0.95)).toEqual({
      holds: true,
      expected: 'of the requests of the last 2 s (20 or more) 95 % answered',
      observed: '19 of 20 requests answered',
    });
    expect(answered(2000, 20, 1).holds).toBe(false);
    expect(answered(2000, 21, 0.5).holds).toBe(false);
    expect(answered(1000, 10, 1).holds).toBe(true);
    expect(answered(10_000, 20, 0.95).holds).toBe(false);
  });
});

describe('a table that the lab cannot tell', () => {
  const probes: Probe[] = [
    { probe: 'bgp.session', node: 'LEAF' },
    { probe: 'bfd.session', node: 'LEAF' },
    { probe: 'rib.nexthops', node: 'LEAF', instance: 'default', prefix: VIP },
    { probe: 'rib.route', node: 'LEAF', instance: 'default', prefix: VIP },
    { probe: 'evpn.route', node: 'LEAF', type: 5 },
    { probe: 'fib.ecmp', node: 'LEAF', instance: 'default', prefix: VIP },
    { probe: 'mac.known', node: 'LEAF', instance: 'default', address: '10.0.0.1' },
    { probe: 'flow.spread', client: 'c', address: '10.0.0.1', port: 80, over: 'pod' },
    { probe: 'service.answers', client: 'c', address: '10.0.0.1', port: 80 },
  ];

  it.each(probes)('$probe holds neither way, and names one table to ask for', probe => {
    expect(evaluate(probe, nothing())).toMatchObject({ holds: false, observed: 'not known' });
    expect(evaluate({ ...probe, absent: true }, nothing())).toMatchObject({
      holds: false,
      observed: 'not known',
    });
    expect(tablesFor(probe)).toHaveLength(1);
  });
});

function nothing(): Snapshot {
  return {
    at: 0,
    stages: [],
    nodes: [],
    links: [],
    faults: [],
    clusters: [],
    traffic: noTraffic,
    tables: new Map(),
  };
}

function withTables(...tables: [TableRef, TableRows[TableRef['name']]][]): Snapshot {
  return { ...nothing(), tables: new Map(tables.map(([ref, rows]) => [tableKey(ref), rows])) };
}

function family(name: 'ipv4-unicast' | 'evpn') {
  return { name, received: 0, active: 0, sent: 0 };
}

function session(fields: Partial<SessionRow>): SessionRow {
  return {
    node: 'LEAF',
    instance: 'default',
    peer: '10.1.1.0',
    localAs: 65001,
    peerAs: 64999,
    dynamic: false,
    state: 'established',
    since: 0,
    families: [family('ipv4-unicast')],
    bfd: 'off',
    ...fields,
  };
}

function route(prefix: string, owner: RouteRow['owner'], nextHops: RouteRow['nextHops']): RouteRow {
  return { prefix, owner, active: true, preference: 170, metric: 0, nextHops, since: 0 };
}

function evpn(nextHop: string, peer: string): EvpnRow {
  return {
    routeType: 5,
    routeDistinguisher: `${nextHop}:4`,
    ethernetTag: 0,
    prefix: VIP,
    vni: 4,
    routeTargets: ['target:65123:4'],
    path: { peer, nextHop, asPath: [], origin: 'igp', communities: [], clusterList: [] },
    valid: true,
    best: true,
    used: true,
  };
}

function flow(member: string): FlowRow {
  return {
    flow: {
      sourceAddress: '10.1.4.20',
      destinationAddress: '10.9.9.9',
      protocol: 6,
      sourcePort: 1,
      destinationPort: 80,
    },
    outcome: 'answered',
    hops: [
      {
        node: 'BORDER',
        instance: 'tenant',
        choice: {
          algorithm: 'hash-threshold',
          fields: [],
          seed: 1,
          hash: 1,
          bucket: 0,
          buckets: 2,
          members: [],
          chosen: `via ${member}`,
        },
      },
    ],
    reply: [],
    node: member,
    pod: `pod-${member}`,
  };
}

function cluster(): ClusterState {
  const service = {
    namespace: 'default',
    type: 'LoadBalancer',
    clusterIp: '10.96.0.1',
    ports: [],
    externalTrafficPolicy: 'Local',
    endpoints: [],
  } as const;
  const pod = {
    namespace: 'default',
    node: 'w1',
    phase: 'Running',
    restarts: 0,
    since: 0,
    labels: {},
  } as const;
  return {
    name: 'dc',
    state: 'running',
    nodes: [
      { name: 'w1', role: 'worker', ready: true, schedulable: true, address: '172.18.0.2' },
      { name: 'w2', role: 'worker', ready: false, schedulable: true, address: '172.18.0.3' },
    ],
    pods: [
      { ...pod, name: 'web-1', ready: true },
      { ...pod, name: 'web-2', ready: false },
      { ...pod, name: 'other', ready: true },
    ],
    services: [
      { ...service, name: 'web', externalIp: '10.254.254.240' },
      { ...service, name: 'waiting' },
    ],
    announcements: [
      { service: 'default/web', node: 'w1', announced: true },
      { service: 'default/web', node: 'w2', announced: false, reason: 'noLocalEndpoints' },
    ],
  };
}
