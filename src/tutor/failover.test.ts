import { expect, it } from 'vitest';
import type { Fact, LabEvent } from '../lab/event.ts';
import { failoverSummaries } from './failover.ts';
import { causeChain, emptyTimeline } from './timeline.ts';

const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';
const cut = { kind: 'link-cut', link } as const;
const vip = '10.254.254.240/32';

it('a cut link is told from the first port that noticed to the last forwarding table that changed', () => {
  const [summary] = failoverSummaries(cutLink);
  expect(summary).toEqual({
    event: 1,
    kind: 'break',
    fault: cut,
    at: 1000,
    detected: { event: 2, afterMs: 0, node: 'LEAF-DC-1', by: 'port' },
    sessionsLost: [
      {
        event: 3,
        afterMs: 1,
        node: 'LEAF-DC-1',
        instance: 'default',
        peer: '10.1.1.0',
        because: 'port down',
      },
    ],
    withdrawals: [
      { event: 4, afterMs: 2, node: 'SPINE-DC-1', count: 3, routes: ['1.1.1.1/32', '10.1.1.0/31'] },
    ],
    forwarding: [
      {
        event: 7,
        afterMs: 40,
        node: 'BORDER-DC',
        instance: 'default',
        prefix: '1.1.1.1/32',
        before: ['ethernet-1/1', 'ethernet-1/2'],
        after: ['ethernet-1/2'],
      },
    ],
    requests: { lost: 1, reset: 1 },
    gapMs: 55,
    reconvergedAfterMs: 40,
  });
});

it('what healing causes is not put down to the fault before it', () => {
  const healed = failoverSummaries([
    ...cutLink,
    event(20, 5000, undefined, { type: 'fault-healed', fault: cut }),
    event(21, 5100, 20, { type: 'forwarding-changed', ...border, members: ['a', 'b'], previously: ['b'] }),
  ]);
  expect(healed.map(({ kind, reconvergedAfterMs }) => [kind, reconvergedAfterMs])).toEqual([
    ['break', 40],
    ['heal', 100],
  ]);
});

it('two faults at once are told apart by their causes', () => {
  const stopped = { kind: 'node-stopped', node: 'SPINE-DC-2' } as const;
  const summaries = failoverSummaries([
    event(1, 0, undefined, { type: 'fault-injected', fault: cut }),
    event(2, 0, undefined, { type: 'fault-injected', fault: stopped }),
    event(3, 5, 2, { type: 'port-went-down', node: 'LEAF-DC-2', port: 'ethernet-1/2' }),
    event(4, 9, 1, { type: 'port-went-down', node: 'LEAF-DC-1', port: 'ethernet-1/1' }),
  ]);
  expect(summaries.map(summary => summary.detected?.node)).toEqual(['LEAF-DC-1', 'LEAF-DC-2']);
});

it('a hold timer that ends is a detection of its own kind, and nothing is made up while nobody has noticed', () => {
  const silent = { kind: 'silent-loss', link, direction: 'both' } as const;
  const injected = event(1, 0, undefined, { type: 'fault-injected', fault: silent });
  expect(failoverSummaries([injected])[0]).not.toHaveProperty('detected');
  const [summary] = failoverSummaries([injected, sessionLost(2, 90_000, 1, 'hold timer expired')]);
  expect(summary?.detected).toEqual({ event: 2, afterMs: 90_000, node: 'LEAF-DC-1', by: 'hold-timer' });
});

it('a stopped node does not count as the one that noticed', () => {
  const stopped = { kind: 'node-stopped', node: 'LEAF-DC-1' } as const;
  const [summary] = failoverSummaries([
    event(1, 0, undefined, { type: 'fault-injected', fault: stopped }),
    sessionLost(2, 0, 1, 'stopped'),
    event(3, 5, 1, { type: 'port-went-down', node: 'SPINE-DC-1', port: 'ethernet-1/1' }),
  ]);
  expect(summary).toMatchObject({
    detected: { node: 'SPINE-DC-1', by: 'port', afterMs: 5 },
    sessionsLost: [],
  });
});

it('what a timer did long after the fault is put down to it, what a command did is not', () => {
  const [summary] = failoverSummaries([
    event(1, 0, undefined, { type: 'fault-injected', fault: cut }),
    event(2, 90_000, undefined, {
      type: 'forwarding-changed',
      ...border,
      members: ['b'],
      previously: ['a', 'b'],
    }),
    event(3, 91_000, undefined, { type: 'command-run', commandLine: 'kubectl delete service hello-lb' }),
    event(4, 91_000, 3, {
      type: 'forwarding-changed',
      ...border,
      prefix: vip,
      members: [],
      previously: ['a'],
    }),
  ]);
  expect(summary?.forwarding.map(change => change.event)).toEqual([2]);
});

it('the chain of causes leads back to the fault', () => {
  const timeline = { ...emptyTimeline, events: cutLink };
  expect(causeChain(timeline, 7).map(entry => entry.id)).toEqual([1, 3, 4, 7]);
  expect(causeChain(timeline, 99)).toEqual([]);
});

it('a chain whose beginning is no longer kept begins later', () => {
  const timeline = { ...emptyTimeline, events: cutLink.slice(3) };
  expect(causeChain(timeline, 7).map(entry => entry.id)).toEqual([4, 7]);
});

const border = { node: 'BORDER-DC', instance: 'default', prefix: '1.1.1.1/32' } as const;
const flow = {
  sourceAddress: '10.1.4.20',
  destinationAddress: '10.254.254.240',
  protocol: 6,
  sourcePort: 50_000,
  destinationPort: 8080,
} as const;

const cutLink: readonly LabEvent[] = [
  event(1, 1000, undefined, { type: 'fault-injected', fault: cut }),
  event(2, 1000, 1, { type: 'port-went-down', node: 'LEAF-DC-1', port: 'ethernet-1/1' }),
  sessionLost(3, 1001, 1, 'port down'),
  withdrawal(4, 1002, 3, ['1.1.1.1/32']),
  withdrawal(5, 1003, 4, ['1.1.1.1/32', '10.1.1.0/31']),
  event(6, 1030, 4, {
    type: 'forwarding-changed',
    ...border,
    members: ['ethernet-1/1'],
    previously: ['ethernet-1/1', 'ethernet-1/2'],
  }),
  event(7, 1040, 4, {
    type: 'forwarding-changed',
    ...border,
    members: ['ethernet-1/2'],
    previously: ['ethernet-1/1'],
  }),
  // Nobody caused a lost request but the fault in force.
  event(8, 1045, undefined, {
    type: 'request-lost',
    flow,
    client: 'clients-1',
    lostAt: 'SPINE-DC-1',
    because: 'no route',
  }),
  event(9, 1046, undefined, {
    type: 'request-reset',
    flow,
    client: 'clients-1',
    by: 'hello-1',
    because: 'unknown connection',
  }),
  event(10, 1100, undefined, { type: 'requests-recovered', lost: 1, reset: 1, gapMs: 55 }),
];

function event(id: number, at: number, cause: number | undefined, fact: Fact): LabEvent {
  return { id, at, ...(cause !== undefined && { cause }), ...fact };
}

function sessionLost(id: number, at: number, cause: number, because: string): LabEvent {
  return event(id, at, cause, {
    type: 'session-changed',
    node: 'LEAF-DC-1',
    instance: 'default',
    peer: '10.1.1.0',
    from: 'established',
    to: 'idle',
    because,
  });
}

function withdrawal(id: number, at: number, cause: number, withdrawn: readonly string[]): LabEvent {
  return event(id, at, cause, {
    type: 'update-sent',
    node: 'SPINE-DC-1',
    instance: 'default',
    peer: '10.1.10.1',
    family: 'ipv4-unicast',
    announced: [],
    withdrawn,
    announcedCount: 0,
    withdrawnCount: withdrawn.length,
  });
}
