import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LabEvent } from '../../../lab/event.ts';
import { nodeNamed, type SwitchNode } from '../../../lab/lab.ts';
import type { TableRef } from '../../../lab/snapshot.ts';
import { JsonRpcClient } from '../../../programs/json-rpc.ts';
import { JsonRpcSwitch } from '../../../test-support/json-rpc-switch.ts';
import { talkLab } from '../../../test-support/talk-lab.ts';
import { Chronicle } from '../../real/chronicle.ts';
import { EventLog } from '../../real/event-log.ts';
import { LabTime } from '../../real/lab-time.ts';
import type { SwitchTableRef } from './observed-switch.ts';
import { SrLinuxSwitch } from './sr-linux-switch.ts';

const lab = talkLab();
const node = nodeNamed(lab, 'LEAF-DC-1') as SwitchNode;
const fixture = readFileSync(new URL('fixtures/leaf-dc-1.json', import.meta.url), 'utf8');

let server: JsonRpcSwitch;
let client: JsonRpcClient;
let watched: SrLinuxSwitch;
let events: LabEvent[];
let flusher: NodeJS.Timeout;

beforeEach(async () => {
  const { origin: _, ...tree } = JSON.parse(fixture);
  server = new JsonRpcSwitch(tree);
  client = new JsonRpcClient({ url: await server.listen(), user: 'admin', password: 'right' }, 300);
  const time = new LabTime();
  const log = new EventLog(() => time.now());
  const chronicle = new Chronicle(lab, time, log);
  events = [];
  log.subscribe(batch => events.push(...batch));
  flusher = setInterval(() => chronicle.tell(), 10);
  watched = new SrLinuxSwitch({ lab, node, client, time, chronicle, every: 20, share: 1 });
});

afterEach(async () => {
  clearInterval(flusher);
  watched.stop();
  client.close();
  await server.close();
});

async function watching(): Promise<void> {
  watched.start();
  await vi.waitFor(() => expect(watched.answering).toEqual({ state: 'answering' }));
}

/** What was told since now. */
async function toldAfter(change: () => void | Promise<void>, type: LabEvent['type']): Promise<LabEvent[]> {
  // The first reading tells what was there: it is waited for, so that only what follows is news.
  await vi.waitFor(() => {
    const counts = (['session-changed', 'bfd-came-up', 'forwarding-changed'] as const).map(
      each => events.filter(event => event.type === each).length,
    );
    expect(counts.every((count, index) => count >= (index === 1 ? 3 : 4))).toBe(true);
  });
  const before = events.length;
  await change();
  await vi.waitFor(() => expect(events.slice(before).map(event => event.type)).toContain(type), 3_000);
  return events.slice(before);
}

function entry(path: string): Record<string, unknown> {
  return server.at(path) as Record<string, unknown>;
}

function stamp(): string {
  return new Date().toISOString();
}

async function rows<R extends SwitchTableRef>(ref: R): Promise<readonly unknown[]> {
  return (await watched.table(ref)) as readonly unknown[];
}

describe('What SR Linux says, as rows', () => {
  test('sessions: static and dynamic ones, with their timers, families and the BFD behind them', async () => {
    await watching();
    const sessions = watched.sessions() ?? [];
    expect(
      sessions.map(row => `${row.instance} ${row.peer} ${row.peerNode ?? '-'} ${row.state} bfd ${row.bfd}`),
    ).toEqual([
      'default 10.1.1.0 SPINE-DC-1 established bfd up',
      'default 10.2.1.0 SPINE-DC-2 established bfd up',
      'default 1.1.1.11 SPINE-DC-1 established bfd off',
      'default 1.1.1.12 SPINE-DC-2 active bfd off',
      'kube-ipvrf 192.168.101.101 datacenter-worker established bfd up',
    ]);
    expect(sessions[4]).toMatchObject({
      dynamic: true,
      group: 'metallb',
      localAs: 65301,
      peerAs: 65201,
      localAddress: '1.1.1.201',
      holdTime: 9_000,
      keepalive: 3_000,
      families: [{ name: 'ipv4-unicast', received: 1, active: 1, sent: 0 }],
    });
    expect(sessions[3]?.lastError).toBe('received NOTIFICATION Cease / Administrative Shutdown');
    expect(sessions[3]).not.toHaveProperty('holdTime');
  });

  test('BFD: intervals in milliseconds, one hop or several', async () => {
    expect(await rows({ name: 'bfd' })).toMatchObject([
      { peer: '10.1.1.0', state: 'up', multihop: false, transmitInterval: 300, detectionTime: 900 },
      { peer: '10.2.1.0', state: 'up', multihop: false },
      { instance: 'kube-ipvrf', peer: '192.168.101.101', state: 'up', multihop: true },
    ]);
  });

  test('interfaces: every subinterface with its instance, an irb with the routed one', async () => {
    const found = (await rows({ name: 'interfaces', node: node.name })) as { name: string }[];
    expect(found.find(({ name }) => name === 'ethernet-1/1.0')).toEqual({
      name: 'ethernet-1/1.0',
      adminState: 'enable',
      operState: 'up',
      addresses: ['10.1.1.1/31'],
      instance: 'default',
      mtu: 5000,
      inPackets: 1200,
      outPackets: 1300,
    });
    expect(found.find(({ name }) => name === 'irb0.0')).toMatchObject({
      instance: 'kube-ipvrf',
      addresses: ['192.168.101.1/24'],
    });
  });

  test('the IPv4 RIB: which path is best, at which rule the others fell, and what was never taken', async () => {
    const found = (await rows({ name: 'bgp', node: node.name, instance: 'default' })) as {
      prefix: string;
      path: { peer?: string; asPath: number[] };
      valid: boolean;
      best: boolean;
      used: boolean;
      rule?: { name: string };
      invalidReason?: string;
    }[];
    expect(
      found.map(
        ({ prefix, path, valid, best, used, rule, invalidReason }) =>
          `${prefix} ${path.peer ?? 'own'} ${used ? 'u' : ''}${valid ? '*' : ''}${best ? '>' : ''} ${rule?.name ?? invalidReason ?? '-'}`,
      ),
    ).toEqual([
      '1.1.1.1/32 own u*> -',
      '1.1.1.1/32 10.1.1.0  as-loop',
      '1.1.1.2/32 10.1.1.0 u*> peer-router-id',
      '1.1.1.2/32 10.2.1.0 u* peer-router-id',
      '1.1.1.11/32 10.1.1.0 u*> as-path-length',
      '1.1.1.11/32 10.2.1.0 * as-path-length',
      '9.9.9.0/24 10.2.1.0  rejected-route',
    ]);
    expect(found[2]?.path.asPath).toEqual([64999, 65002]);
  });

  test('EVPN: hosts, flood lists and prefixes with VNI, route targets and reflection', async () => {
    const found = await rows({ name: 'evpn', node: node.name });
    expect(found).toMatchObject([
      {
        routeType: 2,
        mac: '02:42:c0:a8:65:66',
        address: '192.168.101.102',
        vni: 1,
        routeTargets: ['target:65123:1'],
        path: {
          nextHop: '1.1.1.2',
          originatorId: '1.1.1.2',
          clusterList: ['1.1.1.11'],
          localPreference: 100,
        },
        used: true,
      },
      { routeType: 3, address: '1.1.1.2', vni: 1 },
      { routeType: 5, prefix: '10.254.254.240/32', vni: 4, path: { asPath: [65201] }, best: true },
      { routeType: 5, prefix: '1.1.1.210/32', vni: 4, path: { peerNode: 'SPINE-DC-1' } },
      {
        routeType: 5,
        prefix: '10.254.254.240/32',
        valid: false,
        invalidReason: 'rejected-route',
        path: { communities: ['65201:100'] },
      },
    ]);
    expect(found[2]).not.toHaveProperty('path.peer');
  });

  test('routes: owners and next hops, without the broadcast addresses that only SR Linux lists', async () => {
    const found = (await rows({ name: 'routes', node: node.name, instance: 'kube-ipvrf' })) as {
      prefix: string;
      owner: string;
      active: boolean;
      nextHops: unknown[];
    }[];
    expect(found.map(({ prefix, owner, active }) => `${prefix} ${owner} ${active}`)).toEqual([
      '1.1.1.201/32 host true',
      '1.1.1.210/32 bgp-evpn true',
      '10.254.254.240/32 bgp true',
      '192.168.101.0/24 local true',
      '192.168.101.0/24 bgp-evpn false',
      '192.168.101.1/32 host true',
      '192.168.101.101/32 arp-nd true',
    ]);
    expect(found[1]?.nextHops).toEqual([{ type: 'vxlan', address: '1.1.1.10', vni: 4, node: 'BORDER-DC' }]);
    expect(found[2]?.nextHops).toEqual([
      { type: 'indirect', address: '192.168.101.101', interface: 'irb0.0', node: 'datacenter-worker' },
    ]);
    expect(found[5]?.nextHops).toEqual([{ type: 'extract' }]);
    expect(found[6]?.nextHops).toEqual([{ type: 'local', interface: 'irb0.0' }]);
  });

  test('forwarding: indirect next hops followed to the ports, each with its share', async () => {
    const found = (await rows({ name: 'forwarding', node: node.name, instance: 'default' })) as {
      prefix: string;
    }[];
    expect(found.find(({ prefix }) => prefix === '1.1.1.2/32')).toMatchObject({
      algorithm: 'hash-threshold',
      members: [
        { label: 'ethernet-1/1', nextHop: '10.1.1.0', node: 'SPINE-DC-1', share: 0.5 },
        { label: 'ethernet-1/2', nextHop: '10.2.1.0', node: 'SPINE-DC-2', share: 0.5 },
      ],
    });
    const tenant = await rows({ name: 'forwarding', node: node.name, instance: 'kube-ipvrf' });
    expect(tenant).toContainEqual(
      expect.objectContaining({
        prefix: '1.1.1.210/32',
        members: [{ label: '1.1.1.10', vtep: '1.1.1.10', vni: 4, node: 'BORDER-DC', share: 1 }],
      }),
    );
  });

  test('MACs: the gateway, hosts here and hosts behind a tunnel, with the addresses that ARP knows', async () => {
    expect(await rows({ name: 'macs', node: node.name, instance: 'kube_macvrf' })).toEqual([
      { mac: '00:00:5e:00:01:01', type: 'irb-interface', destination: 'irb0.0' },
      {
        mac: '02:42:c0:a8:65:65',
        type: 'learnt',
        destination: 'ethernet-1/10.0',
        address: '192.168.101.101',
        node: 'datacenter-worker',
      },
      {
        mac: '02:42:c0:a8:65:66',
        type: 'evpn',
        destination: 'vxlan1.1 vtep 1.1.1.2',
        address: '192.168.101.102',
        node: 'datacenter-worker2',
      },
    ]);
  });
});

describe('What happens on a switch', () => {
  const spine = '/network-instance[name=default]/protocols/bgp/neighbor[peer-address=10.1.1.0]';

  test('a session that ends is told with its reason, and that it is back with the moment the switch noted', async () => {
    await watching();
    const told = await toldAfter(() => {
      Object.assign(entry(spine), { 'session-state': 'active', 'last-event': 'holdTime' });
    }, 'session-changed');
    expect(told.find(event => event.type === 'session-changed')).toMatchObject({
      node: 'LEAF-DC-1',
      instance: 'default',
      peer: '10.1.1.0',
      from: 'established',
      to: 'idle',
      because: 'the hold timer expired',
    });
    const back = await toldAfter(() => {
      Object.assign(entry(spine), { 'session-state': 'established', 'last-established': stamp() });
    }, 'session-changed');
    expect(back.at(-1)).toMatchObject({ peer: '10.1.1.0', to: 'established' });
  });

  test('a session that was down and up again between two looks is told twice', async () => {
    await watching();
    const told = await toldAfter(() => {
      Object.assign(entry(spine), { 'last-established': stamp() });
    }, 'session-changed');
    await vi.waitFor(() =>
      expect(events.filter(event => event.type === 'session-changed').at(-1)).toMatchObject({
        to: 'established',
        peer: '10.1.1.0',
      }),
    );
    expect(told.filter(event => event.type === 'session-changed')[0]).toMatchObject({ from: 'established' });
  });

  test('a NOTIFICATION is told with its codes, before the end of the session that follows from it', async () => {
    await watching();
    const told = await toldAfter(() => {
      Object.assign(entry(spine), {
        'session-state': 'idle',
        'received-messages': {
          'last-notification-time': stamp(),
          'last-notification-error-code': 'Cease',
          'last-notification-error-subcode': 'Administrative Shutdown',
        },
      });
    }, 'session-changed');
    const [notification, session] = told;
    expect(notification).toMatchObject({ type: 'notification-received', code: 6, subcode: 2 });
    expect(session).toMatchObject({ type: 'session-changed', cause: notification?.id });
  });

  test('a dynamic neighbour that is no longer listed has ended', async () => {
    await watching();
    const told = await toldAfter(() => {
      entry('/network-instance[name=kube-ipvrf]/protocols/bgp')['neighbor'] = [];
    }, 'session-changed');
    expect(told.find(event => event.type === 'session-changed')).toMatchObject({
      peer: '192.168.101.101',
      to: 'idle',
    });
  });

  test('BFD that goes down names its diagnostic', async () => {
    await watching();
    const told = await toldAfter(() => {
      Object.assign(entry('/bfd/network-instance[name=default]/peer[local-discriminator=16385]'), {
        'session-state': 'DOWN',
        'last-state-transition': stamp(),
        'local-diagnostic-code': 'DETECTION_TIMEOUT',
      });
    }, 'bfd-went-down');
    expect(told.find(event => event.type === 'bfd-went-down')).toMatchObject({
      peer: '10.1.1.0',
      diagnostic: 'control-detection-time-expired',
    });
  });

  test('a disabled port goes down at the moment the switch noted; its link goes with it', async () => {
    await watching();
    const told = await toldAfter(async () => {
      expect(await watched.setPort('ethernet-1/1', false)).toBeUndefined();
      expect(entry('/interface[name=ethernet-1/1]')['admin-state']).toBe('disable');
      // What a switch does then; the server on loopback does not.
      Object.assign(entry('/interface[name=ethernet-1/1]'), { 'oper-state': 'down', 'last-change': stamp() });
    }, 'link-went-down');
    expect(told.find(event => event.type === 'port-went-down')).toMatchObject({
      node: 'LEAF-DC-1',
      port: 'ethernet-1/1',
    });
  });

  test('a route that loses one of two next hops, and then both', async () => {
    await watching();
    const table = '/network-instance[name=default]/route-table';
    const told = await toldAfter(() => {
      const group = (server.at(`${table}/next-hop-group`) as { index: string; 'next-hop': unknown[] }[]).find(
        ({ index }) => index === '16357609004',
      );
      group?.['next-hop'].pop();
    }, 'route-chosen');
    expect(told.find(event => event.type === 'route-chosen')).toMatchObject({
      prefix: '1.1.1.2/32',
      nextHops: ['10.1.1.0'],
      previously: ['10.1.1.0', '10.2.1.0'],
      owner: 'bgp',
    });
    const lost = await toldAfter(() => {
      const family = entry(`${table}/ipv4-unicast`);
      family['route'] = (family['route'] as { 'ipv4-prefix': string }[]).filter(
        route => route['ipv4-prefix'] !== '1.1.1.2/32',
      );
    }, 'route-lost');
    expect(lost.find(event => event.type === 'route-lost')).toMatchObject({ prefix: '1.1.1.2/32' });
  });
});

describe('A switch that does not answer', () => {
  test('was never there: it is waited for, with what came instead', async () => {
    await server.close();
    watched.start();
    await vi.waitFor(() =>
      expect(watched.answering).toEqual({ state: 'waiting', because: 'nobody listens there yet' }),
    );
    expect(watched.sessions()).toBeUndefined();
    await server.listen();
    await vi.waitFor(() => expect(watched.sessions()).toHaveLength(5));
  });

  test('is unknown since it last answered, its tables are not shown, and it comes back by itself', async () => {
    await watching();
    const answeredAt = performance.now();
    await server.close();
    await vi.waitFor(() => expect(watched.answering.state).toBe('unknown'));
    const { answering } = watched;
    if (answering.state !== 'unknown') throw new Error('it answered');
    expect(answering.since).toBeLessThanOrEqual(performance.now() - answeredAt + 2_000);
    expect(watched.sessions()).toBeUndefined();
    expect(watched.packets('ethernet-1/1')).toBeUndefined();
    expect(await watched.table({ name: 'routes', node: node.name, instance: 'default' })).toBeUndefined();
    await vi.waitFor(() => expect(watched.answering).toMatchObject({ since: answering.since }));
    await server.listen();
    await vi.waitFor(() => expect(watched.answering).toEqual({ state: 'answering' }));
    expect(watched.packets('ethernet-1/1')).toMatchObject({ in: 1200, out: 1300 });
  });

  test('that hangs is given up after the time limit', async () => {
    await watching();
    server.deaf = true;
    await vi.waitFor(() =>
      expect(watched.answering).toMatchObject({ state: 'unknown', because: 'no answer for 0.3 s' }),
    );
  });
});

describe('How often a switch is asked', () => {
  test('a slow one less often: it spends no more than its share of the time on us', async () => {
    const time = new LabTime();
    const chronicle = new Chronicle(lab, time, new EventLog(() => time.now()));
    const slow = new SrLinuxSwitch({ lab, node, client, time, chronicle, every: 10, share: 0.25 });
    server.delay = 60;
    slow.start();
    const startedAt = performance.now();
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThanOrEqual(4), 5_000);
    const took = performance.now() - startedAt;
    slow.stop();
    // Three answers of 60 ms and the pauses after them, each three times as long.
    expect(took).toBeGreaterThan(3 * 60 * 4 - 10);
  });
});

describe('Changing a switch', () => {
  test('lines of a configuration become one transaction', async () => {
    expect(
      await watched.configure([
        'set / interface ethernet-1/1 admin-state disable',
        'set / network-instance default protocols bgp group underlay failure-detection enable-bfd false',
        'delete / interface ethernet-1/3',
      ]),
    ).toBeUndefined();
    expect(server.requests.at(-1)).toEqual({
      method: 'set',
      params: {
        commands: [
          {
            action: 'update',
            path: '/',
            value: {
              'srl_nokia-interfaces:interface': [{ name: 'ethernet-1/1', 'admin-state': 'disable' }],
              'srl_nokia-network-instance:network-instance': [
                {
                  name: 'default',
                  protocols: {
                    'srl_nokia-bgp:bgp': {
                      group: [{ 'group-name': 'underlay', 'failure-detection': { 'enable-bfd': false } }],
                    },
                  },
                },
              ],
            },
          },
          { action: 'delete', path: '/interface[name=ethernet-1/3]' },
        ],
      },
    });
  });

  test('a line that is no statement is refused before anything is sent', async () => {
    expect(await watched.configure(['set / interface ethernet-1/1 admin-state sideways'])).toMatch(
      /sideways/,
    );
    expect(server.requests).toEqual([]);
  });

  test('what the switch refuses is said in its words', async () => {
    expect(await watched.setPort('ethernet-9/9', false)).toBe(
      'Path not valid - /interface[name=ethernet-9/9]/admin-state',
    );
  });
});

const everyTable: readonly TableRef['name'][] = [
  'sessions',
  'bfd',
  'interfaces',
  'routes',
  'bgp',
  'evpn',
  'forwarding',
  'macs',
];
test.each(everyTable)('an answer without anything in it makes no rows of %s, and no error', async name => {
  await server.close();
  const empty = new JsonRpcSwitch({});
  const url = await empty.listen();
  const emptyClient = new JsonRpcClient({ url, user: 'admin', password: 'right' });
  const time = new LabTime();
  const chronicle = new Chronicle(lab, time, new EventLog(() => time.now()));
  const bare = new SrLinuxSwitch({ lab, node, client: emptyClient, time, chronicle, every: 20 });
  bare.start();
  await vi.waitFor(() => expect(bare.answering.state).toBe('answering'));
  const instance = name === 'macs' ? 'kube_macvrf' : 'default';
  const found = await bare.table({ name, node: node.name, instance } as SwitchTableRef);
  if (name !== 'interfaces') expect(found).toEqual([]);
  expect(found).toBeDefined();
  bare.stop();
  emptyClient.close();
  await empty.close();
  await server.listen();
});
