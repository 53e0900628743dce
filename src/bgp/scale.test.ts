import { expect, test } from 'vitest';
import {
  addSpeaker,
  createNetwork,
  neighbor,
  perform,
  runUntil,
  speakerConfig,
} from '../test-support/speaker-network.ts';
import { originAttributes } from './route.ts';
import { interfaceDown, nextHopsChanged, originate, receive, sessions, withdraw } from './speaker.ts';

const families = (['ipv4-unicast', 'evpn'] as const).map(name => ({
  name,
  adminState: true,
  multipath: { ebgp: 4, ibgp: 1, allowMultipleAs: true },
}));

//   p0 … p3, an AS each ——— hub; the hub's next hops are counted as they are looked up
function hubWithPeers() {
  const network = createNetwork();
  let lookUps = 0;
  const address = (peer: number, end: number) => `10.0.${peer}.${end}`;
  const peers = [0, 1, 2, 3];
  const hub = addSpeaker(
    network,
    'hub',
    peers.map(peer => address(peer, 1)),
    speakerConfig({
      autonomousSystem: 9,
      routerId: '9.9.9.9',
      families,
      neighbors: peers.map(peer =>
        neighbor({
          peerAddress: address(peer, 0),
          peerAs: peer + 1,
          localAs: 9,
          passive: true,
          timers: { connectRetry: 1, holdTime: 0, keepaliveInterval: 0, minimumAdvertisementInterval: 0 },
        }),
      ),
    }),
    () => {
      lookUps++;
      return { cost: 0 };
    },
  );
  for (const peer of peers) {
    addSpeaker(
      network,
      `p${peer}`,
      [address(peer, 0)],
      speakerConfig({
        autonomousSystem: peer + 1,
        routerId: `1.1.1.${peer + 1}`,
        neighbors: [neighbor({ peerAddress: address(peer, 1), peerAs: 9, localAs: peer + 1 })],
      }),
    );
  }
  runUntil(network, 10);
  return { network, hub, lookUps: () => lookUps, connections: [...hub.far.keys()] };
}

const prefixes = Array.from({ length: 25_000 }, (_, i) => `20.${i >> 8}.${i & 255}.0/24`);

test('a hundred thousand paths of 25,000 prefixes are decided, announced, shared and lost, each once', () => {
  const { network, hub, lookUps, connections } = hubWithPeers();
  const attributes = { ...originAttributes, asPath: [77] };
  const outcomes = connections.map((connection, peer) =>
    perform(network, hub, (speaker, now) =>
      receive(
        speaker,
        connection,
        {
          type: 'update',
          family: 'ipv4-unicast',
          withdrawn: [],
          announced: prefixes,
          nextHop: `10.0.${peer}.0`,
          attributes,
        },
        now,
      ),
    ),
  );
  expect(outcomes.map(({ changes }) => changes.length)).toEqual([25_000, 25_000, 25_000, 25_000]);
  // The first path goes to the three others; it stays best, so nobody hears of the rest.
  expect(outcomes.map(({ outbox }) => outbox.length)).toEqual([3, 0, 0, 0]);
  expect(lookUps()).toBe(4);
  expect(sessions(hub.speaker).map(session => session.families[0])).toEqual(
    [0, 25_000, 25_000, 25_000].map(sent => ({
      name: 'ipv4-unicast',
      received: 25_000,
      active: 25_000,
      sent,
    })),
  );

  const lost = perform(network, hub, (speaker, now) => interfaceDown(speaker, ['10.0.0.0'], now));
  expect(lost.changes).toHaveLength(25_000);
  // The new best path came from p1: p1 loses the prefixes, the others hear of the same path as before.
  expect(lost.outbox.map(({ message }) => message.type === 'update' && message.withdrawn.length)).toEqual([
    25_000,
  ]);
});

test('one withdrawal among 25,000 prefixes touches that one only', () => {
  const { network, hub, connections } = hubWithPeers();
  const [connection = 0] = connections;
  const attributes = { ...originAttributes, asPath: [1] };
  const update = { type: 'update' as const, family: 'ipv4-unicast' as const };
  perform(network, hub, (speaker, now) =>
    receive(
      speaker,
      connection,
      { ...update, withdrawn: [], announced: prefixes, nextHop: '10.0.0.0', attributes },
      now,
    ),
  );
  const outcome = perform(network, hub, (speaker, now) =>
    receive(speaker, connection, { ...update, withdrawn: ['20.0.7.0/24'], announced: [] }, now),
  );
  expect(outcome.changes.map(({ type, nlri }) => [type, nlri])).toEqual([['route-lost', '20.0.7.0/24']]);
  expect(outcome.outbox.map(({ message }) => message.type === 'update' && message.withdrawn)).toEqual([
    ['20.0.7.0/24'],
    ['20.0.7.0/24'],
    ['20.0.7.0/24'],
  ]);
  expect(perform(network, hub, (speaker, now) => nextHopsChanged(speaker, 'all', now)).changes).toEqual([]);
});

test('destinations that came and went leave nothing behind', () => {
  const { network, hub } = hubWithPeers();
  for (let round = 0; round < 50; round++) {
    const nlri = `30.0.${round}.0/24`;
    const route = { nlri, protocol: 'local' as const, attributes: originAttributes };
    perform(network, hub, (speaker, now) => originate(speaker, 'ipv4-unicast', [route], now));
    perform(network, hub, (speaker, now) => withdraw(speaker, 'ipv4-unicast', [nlri], now));
  }
  const table = hub.speaker.tables['ipv4-unicast'];
  expect([table.byKey.size, table.nextIndex]).toEqual([0, 1]);
});
