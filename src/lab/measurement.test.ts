import { describe, expect, it } from 'vitest';
import type { Fact, LabEvent } from './event.ts';
import { type Measurement, measure, type Observation, quantityText } from './measurement.ts';
import type { FlowRow, Snapshot, TableRef, TableRows } from './snapshot.ts';
import { tableKey } from './snapshot.ts';
import { noTraffic, type RequestCounts } from './traffic-state.ts';

const none: RequestCounts = { sent: 0, answered: 0, lost: 0, reset: 0 };
const flows = { client: 'c', address: '10.9.9.9', port: 80, flows: 4, over: 'node' } as const;
const flowsRef = {
  name: 'flows',
  client: 'c',
  destination: '10.9.9.9',
  port: 80,
  firstPort: 49152,
  count: 4,
  over: 'node',
} as const;

describe('times after a fault', () => {
  const events = numbered([
    [100, { type: 'port-went-down', node: 'OTHER', port: 'ethernet-1/9' }],
    [1000, { type: 'fault-injected', fault: { kind: 'node-stopped', node: 'LEAF' } }],
    [1000, { type: 'node-stopped', node: 'LEAF' }],
    [1010, { type: 'port-went-down', node: 'SPINE', port: 'ethernet-1/1' }],
    [1020, lost()],
    [1050, forwardingChanged()],
    [1080, lost()],
    [1200, forwardingChanged()],
  ]);

  it('detection is the first thing that somebody noticed after the fault', () => {
    expect(ask({ measure: 'detection' }, { events })).toBe(10);
  });

  it('reconvergence is the last change of a forwarding table', () => {
    expect(ask({ measure: 'reconvergence' }, { events })).toBe(200);
  });

  it('the outage lasts from the first to the last lost request', () => {
    expect(ask({ measure: 'outage' }, { events })).toBe(60);
  });

  it('nobody can tell before something is broken', () => {
    expect(ask({ measure: 'detection' }, { events: [] })).toBeUndefined();
    expect(ask({ measure: 'reconvergence' }, { events: events.slice(0, 3) })).toBeUndefined();
    expect(ask({ measure: 'outage' }, { events: [] })).toBeUndefined();
  });

  it('without lost requests there was no outage', () => {
    expect(ask({ measure: 'outage' }, { events: events.slice(0, 4) })).toBe(0);
  });
});

describe('requests', () => {
  it('are counted from the prediction on', () => {
    const before = snapshot({ ...none, lost: 3, reset: 1 });
    const now = snapshot({ ...none, lost: 10, reset: 5 });
    expect(ask({ measure: 'requests-lost' }, { before, now })).toBe(7);
    expect(ask({ measure: 'requests-reset' }, { before, now })).toBe(4);
  });
});

describe('flows', () => {
  const before = snapshot(none, [flowsRef, ['a', 'a', 'b', 'b'].map(flow)]);
  const now = snapshot(none, [flowsRef, ['b', 'a', 'b', 'b'].map(flow)]);

  it('the share of a member is a percentage of those that are answered', () => {
    expect(ask({ measure: 'flow-share', ...flows, member: 'b' }, { now })).toBe(75);
    expect(ask({ measure: 'flow-share', ...flows, member: 'c' }, { now })).toBe(0);
  });

  it('flows moved when they take another member than before', () => {
    expect(ask({ measure: 'flows-moved', ...flows }, { before, now })).toBe(25);
    expect(ask({ measure: 'flows-moved', ...flows }, { now })).toBeUndefined();
  });
});

describe('tables', () => {
  it('next hops of a route that is not there are none', () => {
    const measurement: Measurement = {
      measure: 'next-hops',
      node: 'LEAF',
      instance: 'default',
      prefix: '10.0.0.0/8',
    };
    const empty = snapshot(none, [{ name: 'routes', node: 'LEAF', instance: 'default' }, []]);
    expect(ask(measurement, { now: empty })).toBe(0);
    expect(ask(measurement, {})).toBeUndefined();
  });
});

function ask(measurement: Measurement, observation: Partial<Observation>): number | undefined {
  return measure(measurement, { before: snapshot(none), now: snapshot(none), events: [], ...observation });
}

function numbered(facts: readonly (readonly [at: number, fact: Fact])[]): LabEvent[] {
  return facts.map(([at, fact], index) => ({ id: index + 1, at, ...fact }));
}

function forwardingChanged(): Fact {
  return {
    type: 'forwarding-changed',
    node: 'BORDER',
    instance: 'default',
    prefix: '1.1.1.1/32',
    members: [],
    previously: [],
  };
}

function lost(): Fact {
  return { type: 'request-lost', flow: tuple(), client: 'c', lostAt: 'SPINE', because: 'no carrier' };
}

function tuple() {
  return {
    sourceAddress: '10.1.4.20',
    destinationAddress: '10.9.9.9',
    protocol: 6,
    sourcePort: 1,
    destinationPort: 80,
  };
}

function flow(node: string): FlowRow {
  return { flow: tuple(), outcome: 'answered', hops: [], reply: [], node };
}

function snapshot(totals: RequestCounts, ...tables: [TableRef, TableRows[TableRef['name']]][]): Snapshot {
  return {
    at: 0,
    stages: [],
    nodes: [],
    links: [],
    faults: [],
    clusters: [],
    traffic: { ...noTraffic, on: true, totals },
    tables: new Map(tables.map(([ref, rows]) => [tableKey(ref), rows])),
  };
}

it('a number is said with its unit, of which one is one', () => {
  expect(quantityText('1', 'next hops')).toBe('1 next hop');
  expect(quantityText('2', 'next hops')).toBe('2 next hops');
  expect(quantityText('1', 'ms')).toBe('1 ms');
  expect(quantityText('1', '%')).toBe('1 %');
  expect(quantityText('0', 'requests')).toBe('0 requests');
});
