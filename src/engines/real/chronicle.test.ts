import { beforeEach, expect, it } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { Chronicle } from './chronicle.ts';
import { EventLog } from './event-log.ts';
import { LabTime, wallClock } from './lab-time.ts';

const place = { node: 'BORDER-DC', instance: 'default' };

let chronicle: Chronicle;
let log: EventLog;
let events: LabEvent[];
let began: number;

beforeEach(() => {
  const time = new LabTime();
  log = new EventLog(() => time.now());
  events = [];
  log.subscribe(batch => events.push(...batch));
  chronicle = new Chronicle(talkLab(), time, log);
  // A moment ago: what the stories tell is past.
  began = wallClock();
  for (const peer of ['10.1.10.0', '10.2.10.0'])
    chronicle.knowSession({ ...place, peer, state: 'established', since: 0 });
  chronicle.knowRoute(place, { prefix: '1.1.1.1/32', gateways: ['10.1.10.0', '10.2.10.0'] });
});

function sessionDown(peer: string, after: number): void {
  const down = { type: 'adjacency', vrf: 'default', peer, up: false, because: '' } as const;
  chronicle.noteDaemon('BORDER-DC', { ...down, at: began + after });
  chronicle.tell();
}

function routeVia(gateway: string, node: string, after: number): void {
  const route = { type: 'route', protocol: 'bgp', gone: false, onlink: false } as const;
  chronicle.noteKernel(
    { node, instance: 'default' },
    { ...route, prefix: '1.1.1.1/32', gateways: [gateway], at: began + after },
  );
  chronicle.tell();
}

/** The types of an event and what it followed from. */
function causesOf(type: LabEvent['type'], node: string): (string | undefined)[] {
  log.flush(true);
  const chain: (string | undefined)[] = [];
  let event = events.find(each => each.type === type && 'node' in each && each.node === node);
  while (event !== undefined) {
    chain.push(event.type === 'session-changed' ? `${event.type} ${event.peer}` : event.type);
    const { cause } = event;
    event = events.find(({ id }) => id === cause);
  }
  return chain;
}

it('a route follows from the session that went before it, even where another one went before the kernel was heard', () => {
  sessionDown('10.1.10.0', 0);
  sessionDown('10.2.10.0', 200);
  routeVia('10.2.10.0', 'BORDER-DC', 1);
  expect(causesOf('forwarding-changed', 'BORDER-DC')).toEqual([
    'forwarding-changed',
    'route-chosen',
    'session-changed 10.1.10.0',
  ]);
});

it('a route follows from a route of another router that came before it, and from none that came after', () => {
  routeVia('10.1.1.0', 'LEAF-DC-1', 0);
  routeVia('10.1.2.0', 'LEAF-DC-2', 100);
  routeVia('10.2.10.0', 'BORDER-DC', 50);
  expect(causesOf('forwarding-changed', 'BORDER-DC')).toEqual([
    'forwarding-changed',
    'route-chosen',
    'route-chosen',
  ]);
  const border = events.find(each => each.type === 'route-chosen' && each.node === 'BORDER-DC');
  const leaf = events.find(each => each.type === 'route-chosen' && each.node === 'LEAF-DC-1');
  expect(border?.cause).toBe(leaf?.id);
});

it('nothing follows from what is long past', () => {
  sessionDown('10.1.10.0', 0);
  routeVia('10.2.10.0', 'BORDER-DC', 500);
  expect(causesOf('forwarding-changed', 'BORDER-DC')).toEqual(['forwarding-changed', 'route-chosen']);
});
