import { beforeEach, describe, expect, test } from 'vitest';
import type { LabEvent } from '../../../lab/event.ts';
import { labOfTheTalk } from '../../../test-support/lab-of-the-talk.ts';
import { World } from '../world.ts';
import type { NextHop } from './next-hop.ts';
import { FIB_PROGRAMMING_DELAY } from './processing-times.ts';
import type { Route } from './route.ts';
import { RouteTable, type RouteTableOptions } from './route-table.ts';
import { Subinterface } from './subinterface.ts';

/*
 * ethernet-1/1 10.0.1.0/24, ethernet-1/2 10.0.2.0/24; routers .1 on each
 */

const vip = '10.254.254.240/32';

let world: World;
let table: RouteTable;
let events: LabEvent[];
const ports = new Map<string, Subinterface>();

beforeEach(() => {
  world = new World(labOfTheTalk, 1);
  events = [];
  world.events.subscribe(batch => events.push(...batch));
  table = new RouteTable(tableOptions());
  ports.clear();
  for (const number of [1, 2]) connect(number);
});

describe('resolution', () => {
  test('a next hop on a connected network leaves by its port', () => {
    table.set('10.9.0.0/16', bgp('10.0.1.1'));
    expect(members('10.9.0.0/16')).toEqual(['ethernet-1/1.0']);
  });

  test('a next hop behind another route is found through it, all its paths included', () => {
    table.set('1.1.1.1/32', bgp('10.0.1.1', '10.0.2.1'));
    table.set('10.9.0.0/16', bgp('1.1.1.1'));
    expect(members('10.9.0.0/16')).toEqual(['ethernet-1/1.0', 'ethernet-1/2.0']);
  });

  test('a route whose next hop nobody can reach is not used, until somebody can', () => {
    table.set('10.9.0.0/16', bgp('1.1.1.1'));
    expect(table.activeRoute('10.9.0.0/16')).toBeUndefined();
    table.set('1.1.1.0/24', bgp('10.0.2.1'));
    expect(members('10.9.0.0/16')).toEqual(['ethernet-1/2.0']);
  });

  test('a more specific route takes over the resolution, and gives it back', () => {
    table.set('1.1.0.0/16', bgp('10.0.1.1'));
    table.set('10.9.0.0/16', bgp('1.1.1.1'));
    table.set('1.1.1.1/32', bgp('10.0.2.1'));
    expect(members('10.9.0.0/16')).toEqual(['ethernet-1/2.0']);
    table.delete('1.1.1.1/32', 'bgp');
    expect(members('10.9.0.0/16')).toEqual(['ethernet-1/1.0']);
  });

  test('a route never holds itself up', () => {
    table.set('10.0.1.0/24', bgp('10.0.1.1'));
    disconnect(1);
    expect(table.activeRoute('10.0.1.0/24')).toBeUndefined();
  });

  test('two routes never hold each other up', () => {
    table.set('1.1.1.1/32', bgp('10.0.1.1'));
    table.set('2.2.2.2/32', bgp('1.1.1.1'));
    table.set('1.1.1.1/32', bgp('2.2.2.2'));
    expect(table.activeRoute('1.1.1.1/32')).toBeUndefined();
    expect(table.activeRoute('2.2.2.2/32')).toBeUndefined();
  });
});

describe('selection', () => {
  test('the lower preference wins whatever came first, and the loser waits', () => {
    table.set('10.9.0.0/16', { ...bgp('10.0.1.1'), preference: 170 });
    table.set('10.9.0.0/16', { ...bgp('10.0.2.1'), owner: 'static', preference: 5 });
    expect(table.activeRoute('10.9.0.0/16')?.owner).toBe('static');
    table.delete('10.9.0.0/16', 'static');
    expect(table.activeRoute('10.9.0.0/16')?.owner).toBe('bgp');
  });

  test('a winner whose next hop goes away makes room', () => {
    table.set('10.9.0.0/16', { ...bgp('10.0.2.1'), owner: 'static', preference: 5 });
    table.set('10.9.0.0/16', bgp('10.0.1.1'));
    disconnect(2);
    expect(table.activeRoute('10.9.0.0/16')?.owner).toBe('bgp');
  });
});

describe('with resilient hashing', () => {
  beforeEach(() => {
    table = new RouteTable({
      ...tableOptions(),
      resilientHash: [{ prefix: vip, bucketsPerPath: 16, maxPaths: 4 }],
    });
    for (const number of [1, 2]) connect(number);
  });

  test('a next hop that is withdrawn moves its own buckets and no other, and takes just its share when it returns', () => {
    const all = bgp('10.0.1.1', '10.0.2.1', '10.0.2.2');
    table.set(vip, all);
    const before = owners();
    table.set(vip, bgp('10.0.1.1', '10.0.2.2'));
    const without = owners();
    const left = before.filter((owner, bucket) => owner !== without[bucket]);
    expect(new Set(left)).toEqual(new Set(['ethernet-1/2.0 10.0.2.1']));
    table.set(vip, all);
    const taken = owners().filter((owner, bucket) => owner !== without[bucket]);
    expect(new Set(taken)).toEqual(new Set(['ethernet-1/2.0 10.0.2.1']));
    expect(taken.length).toBe(left.length);
  });
});

describe('forwarding', () => {
  test('follows the route table after the time programming takes', () => {
    table.set('10.9.0.0/16', bgp('10.0.1.1'));
    expect(table.forwarding.get('10.9.0.0/16')).toBeUndefined();
    world.runUntil(FIB_PROGRAMMING_DELAY);
    expect(table.forwarding.get('10.9.0.0/16')?.members.map(({ label }) => label)).toEqual([
      'ethernet-1/1.0',
    ]);
  });

  test('loses a member with its port at once, without waiting for anybody', () => {
    table.set('10.9.0.0/16', bgp('10.0.1.1', '10.0.2.1'));
    world.runUntil(1000);
    disconnect(1);
    expect(table.forwarding.get('10.9.0.0/16')?.members.map(({ label }) => label)).toEqual([
      'ethernet-1/2.0',
    ]);
  });

  test('routes with the same next hops share one group, in any order', () => {
    table.set('10.8.0.0/16', bgp('10.0.1.1', '10.0.2.1'));
    table.set('10.9.0.0/16', bgp('10.0.2.1', '10.0.1.1'));
    world.runUntil(1000);
    expect(table.forwarding.get('10.8.0.0/16')).toBe(table.forwarding.get('10.9.0.0/16'));
  });

  test('a next hop that goes away touches the routes that use it and no other', () => {
    for (let i = 0; i < 500; i++) table.set(`10.${100 + (i >> 8)}.${i & 255}.0/24`, bgp('10.0.1.1'));
    for (let i = 0; i < 5; i++) table.set(`10.200.${i}.0/24`, bgp('10.0.2.1'));
    world.runUntil(1000);
    world.events.flush();
    events.length = 0;
    disconnect(2);
    world.runUntil(2000);
    world.events.flush();
    const touched = events.flatMap(event => (event.type === 'route-lost' ? [event.prefix] : []));
    expect(touched.sort()).toEqual([
      '10.0.2.0/24',
      ...[0, 1, 2, 3, 4].map(number => `10.200.${number}.0/24`),
    ]);
  });
});

test('whoever watches an address hears of every change of the way to it, and of nothing else', () => {
  let changes = 0;
  const stop = table.watch('1.1.1.1', () => changes++);
  table.set('1.1.1.1/32', bgp('10.0.1.1'));
  table.set('9.9.9.9/32', bgp('10.0.1.1'));
  expect(changes).toBe(1);
  table.set('1.1.1.1/32', bgp('10.0.2.1'));
  expect(changes).toBe(2);
  disconnect(2);
  expect(changes).toBe(3);
  stop();
  table.set('1.1.1.1/32', bgp('10.0.1.1'));
  expect(changes).toBe(3);
});

function tableOptions(): RouteTableOptions {
  return {
    world,
    node: 'LEAF',
    instance: 'default',
    underlay: undefined,
    resilientHash: [],
    modulo: false,
    onActiveChanged: () => {},
  };
}

/** Who holds each bucket of the VIP once the data plane has followed. */
function owners(): string[] {
  world.runUntil(world.now() + 1000);
  const group = table.forwarding.get(vip);
  const keys = (group?.members ?? []).map(({ key }) => key);
  return Array.from({ length: 64 }, (_, hash) => keys[group?.buckets?.choose(hash, keys).member ?? 0] ?? '');
}

function bgp(...addresses: string[]): Route {
  const nextHops: NextHop[] = addresses.map(address => ({ type: 'indirect', address }));
  return { owner: 'bgp', preference: 170, metric: 0, nextHops };
}

function members(prefix: string): string[] {
  world.runUntil(world.now() + 1000);
  return (table.forwarding.get(prefix)?.members ?? []).map(({ label }) => label);
}

function connect(number: number): void {
  const name = `ethernet-1/${number}`;
  const subinterface = new Subinterface({
    config: {
      name: `${name}.0`,
      index: 0,
      type: 'routed',
      adminState: true,
      addresses: [{ address: `10.0.${number}.2/24`, anycastGateway: false }],
      arp: { learnUnsolicited: false, hostRoutePopulate: [], evpnAdvertise: [] },
    },
    kind: 'ethernet',
    port: undefined,
    interfaceEnabled: true,
    mac: `1a:00:00:00:00:0${number}`,
  });
  subinterface.up = true;
  ports.set(name, subinterface);
  const nextHops: NextHop[] = [{ type: 'local', subinterface }];
  table.set(`10.0.${number}.0/24`, { owner: 'local', preference: 0, metric: 0, nextHops });
}

function disconnect(number: number): void {
  const subinterface = ports.get(`ethernet-1/${number}`);
  if (subinterface !== undefined) subinterface.up = false;
  table.delete(`10.0.${number}.0/24`, 'local');
}
