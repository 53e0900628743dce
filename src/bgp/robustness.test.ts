import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportAll, neighbor, sessionConfig, speakerConfig } from '../test-support/speaker-network.ts';
import type { SpeakerConfig } from './config.ts';
import { keepalive, type Message, type Update } from './message.ts';
import type { Outcome } from './outcome.ts';
import { families, originAttributes } from './route.ts';
import {
  bfdChanged,
  connectionArrived,
  connectionClosed,
  connectionFailed,
  connectionOpened,
  createSpeaker,
  interfaceDown,
  nextHopsChanged,
  originate,
  peerReachable,
  receive,
  reconfigure,
  type Speaker,
  wake,
  wakeAt,
  withdraw,
} from './speaker.ts';

const peers = ['10.0.0.1', '10.0.1.1', '10.0.9.7'];
const prefixes = ['10.1.0.0/16', '10.2.0.0/16', '0.0.0.0/0'];

function config(variant: number): SpeakerConfig {
  const timers = { ...sessionConfig().timers, minimumAdvertisementInterval: variant === 1 ? 0 : 5_000 };
  const shared = { localAs: 1, timers, bfd: true, exportPolicies: ['all'] };
  return speakerConfig({
    autonomousSystem: 1,
    routerId: '5.5.5.5',
    rapidWithdrawal: variant === 2,
    policies: [exportAll],
    neighbors: [
      neighbor({ ...shared, peerAddress: '10.0.0.1', peerAs: 2, sendDefaultRoute: variant === 2 }),
      neighbor({
        ...shared,
        peerAddress: '10.0.1.1',
        peerAs: 1,
        adminState: variant !== 1,
        routeReflectorClient: variant === 0,
      }),
    ],
    dynamicNeighbors: [
      {
        ...sessionConfig(shared),
        prefix: '10.0.9.0/24',
        allowedPeerAs: [{ from: 3, to: 4 }],
        maxSessions: 1,
      },
    ],
  });
}

const update: fc.Arbitrary<Update> = fc.record({
  type: fc.constant('update' as const),
  family: fc.constantFrom(...families),
  withdrawn: fc.subarray(prefixes),
  announced: fc.subarray(prefixes),
  nextHop: fc.constantFrom('10.0.0.1', '10.0.1.1'),
  attributes: fc
    .record({
      asPath: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      med: fc.integer({ min: 0, max: 1 }),
    })
    .map(some => ({ ...originAttributes, ...some })),
});

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant('open' as const),
    version: fc.constant(4 as const),
    myAutonomousSystem: fc.integer({ min: 1, max: 4 }),
    holdTime: fc.constantFrom(0, 2, 90),
    bgpIdentifier: fc.constantFrom('1.1.1.1', '9.9.9.9', '5.5.5.5'),
    capabilities: fc.constant([{ type: 'multiprotocol' as const, family: 'ipv4-unicast' as const }]),
  }),
  fc.constant(keepalive),
  fc.constant({ type: 'notification' as const, errorCode: 6, errorSubcode: 4 }),
  fc.constant({ type: 'route-refresh' as const, family: 'ipv4-unicast' as const }),
);

type Act = (speaker: Speaker, now: number) => Outcome;

const peer = fc.constantFrom(...peers);
/** Counted among the connections there are. */
const which = fc.nat({ max: 5 });
function connectionOf(speaker: Speaker, nth: number): number {
  const ids = [...speaker.connections.byId.keys()];
  return ids[nth % Math.max(1, ids.length)] ?? 0;
}

/** A peer connects and says all the right things. */
function comeUp(peerAddress: string, speaker: Speaker, now: number): Outcome & { connection?: number } {
  const arrived = connectionArrived(speaker, { localAddress: '10.0.0.0', peerAddress }, now);
  const { connection } = arrived;
  if (connection === undefined) return arrived;
  const open = {
    type: 'open' as const,
    version: 4 as const,
    myAutonomousSystem: [2, 1, 3][peers.indexOf(peerAddress)] ?? 0,
    holdTime: 90,
    bgpIdentifier: '9.9.9.9',
    capabilities: families.map(family => ({ type: 'multiprotocol' as const, family })),
  };
  const outcomes = [
    arrived,
    receive(speaker, connection, open, now),
    receive(speaker, connection, keepalive, now),
  ];
  return { ...merged(outcomes), connection };
}

/** Something done to a speaker with a value drawn from `of`. */
function doing<T>(of: fc.Arbitrary<T>, how: (value: T, speaker: Speaker, now: number) => Outcome) {
  return of.map<Act>(value => (speaker, now) => how(value, speaker, now));
}

const anyMessage = fc.record({ nth: which, message });
const ownRoutes = fc
  .subarray(prefixes)
  .map(of => of.map(nlri => ({ nlri, protocol: 'local' as const, attributes: originAttributes })));

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: doing(peer, comeUp) },
  {
    weight: 8,
    arbitrary: doing(fc.record({ nth: which, update }), (of, speaker, now) =>
      receive(speaker, connectionOf(speaker, of.nth), of.update, now),
    ),
  },
  {
    weight: 2,
    arbitrary: doing(anyMessage, (of, speaker, now) =>
      receive(speaker, connectionOf(speaker, of.nth), of.message, now),
    ),
  },
  {
    weight: 2,
    arbitrary: doing(which, (of, speaker, now) =>
      connectionOpened(speaker, connectionOf(speaker, of), '10.0.0.0', now),
    ),
  },
  doing(which, (of, speaker, now) => connectionFailed(speaker, connectionOf(speaker, of), 'refused', now)),
  doing(which, (of, speaker, now) => connectionClosed(speaker, connectionOf(speaker, of), 'reset', now)),
  doing(peer, (peerAddress, speaker, now) =>
    connectionArrived(speaker, { localAddress: '10.0.0.0', peerAddress }, now),
  ),
  doing(peer, (of, speaker, now) => bfdChanged(speaker, of, 'down', now)),
  doing(peer, (of, speaker, now) => interfaceDown(speaker, [of], now)),
  doing(peer, (of, speaker, now) => peerReachable(speaker, of, now)),
  doing(fc.subarray(prefixes), (of, speaker, now) => withdraw(speaker, 'ipv4-unicast', of, now)),
  doing(ownRoutes, (of, speaker, now) => originate(speaker, 'ipv4-unicast', of, now)),
  doing(fc.integer({ min: 0, max: 2 }), (of, speaker, now) => reconfigure(speaker, config(of), now)),
  doing(fc.constant('all' as const), (of, speaker, now) => nextHopsChanged(speaker, of, now)),
  { weight: 3, arbitrary: fc.constant(wake) },
);

test('whatever happens in whatever order, nothing is thrown and the books balance', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(act, fc.constantFrom(0, 0, 1, 1_000, 6_000, 100_000)), {
        minLength: 10,
        maxLength: 60,
      }),
      steps => {
        let now = 0;
        let lookUps = 0;
        const resolve = () => {
          lookUps++;
          return lookUps % 3 === 0 ? undefined : { cost: lookUps % 2 };
        };
        const speaker = createSpeaker(config(0), resolve, now);
        const open = new Set<number>();
        const take = (outcome: Outcome & { readonly connection?: number }) => {
          if (outcome.connection !== undefined) open.add(outcome.connection);
          for (const request of outcome.transport) {
            if (request.type === 'open') open.add(request.connection);
            else open.delete(request.connection);
          }
        };
        take(wake(speaker, now));
        for (const [step, wait] of steps) {
          take(step(speaker, now));
          checkBooks(speaker, open, now);
          now += wait;
          for (let at = wakeAt(speaker); at !== undefined && at <= now; at = wakeAt(speaker))
            take(wake(speaker, now));
          checkBooks(speaker, open, now);
        }
      },
    ),
    { numRuns: 80 },
  );
});

function checkBooks(speaker: Speaker, open: ReadonlySet<number>, now: number): void {
  for (const connection of speaker.connections.byId.keys()) expect(open).toContain(connection);
  const tables = families.map(family => [...speaker.tables[family].byKey.values()]);
  const destinations = tables.flat();
  for (const session of speaker.sessions.values()) {
    const { paths, state } = session;
    for (const [slot, path] of paths.entries()) expect(path.sessionSlot).toBe(slot);
    for (const [i, family] of families.entries()) {
      const of = session.families[family];
      const its = paths.filter(path => path.destination.family === family);
      expect(of.receivedCount).toBe(its.length);
      expect(of.activeCount).toBe(
        its.filter(path => path.destination.choice?.multipath.includes(path)).length,
      );
      const sent = (tables[i] ?? []).filter(({ index }) => of.sent[index] !== undefined);
      expect(of.sentCount).toBe(sent.length);
      if (state !== 'established') expect([of.group, of.sentCount, its.length]).toEqual([undefined, 0, 0]);
    }
    if (session.toWithdraw.size > 0 && now >= session.advertiseAfter)
      expect(state).toBe('waiting to withdraw');
  }
  for (const destination of destinations) {
    for (const path of destination.paths) {
      expect(path.session.paths[path.sessionSlot]).toBe(path);
      expect(path.tracked.paths[path.nextHopSlot]).toBe(path);
    }
  }
}

function merged(outcomes: readonly Outcome[]): Outcome {
  return {
    outbox: outcomes.flatMap(({ outbox }) => outbox),
    transport: outcomes.flatMap(({ transport }) => transport),
    events: outcomes.flatMap(({ events }) => events),
    changes: outcomes.flatMap(({ changes }) => changes),
  };
}
