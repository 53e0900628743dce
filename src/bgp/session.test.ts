import { expect, test } from 'vitest';
import {
  addSpeaker,
  createNetwork,
  type NetworkNode,
  neighbor,
  pairOf,
  perform,
  runUntil,
  type SpeakerNetwork,
  sessionConfig,
  speakerConfig,
} from '../test-support/speaker-network.ts';
import type { NeighborConfig } from './config.ts';
import {
  bfdChanged,
  connectionArrived,
  createSpeaker,
  interfaceDown,
  peerReachable,
  receive,
  reconfigure,
  sessions,
  wakeAt,
} from './speaker.ts';

//   leaf AS 65001 (10.1.1.1) ——— (10.1.1.0) spine AS 64999, one millisecond apart
function leafAndSpine(of: { leaf?: Partial<NeighborConfig>; spine?: Partial<NeighborConfig> } = {}) {
  const network = createNetwork();
  const leafConfig = speakerConfig({
    autonomousSystem: 65001,
    routerId: '1.1.1.1',
    neighbors: [neighbor({ peerAddress: '10.1.1.0', peerAs: 64999, localAs: 65001, ...of.leaf })],
  });
  const spineConfig = speakerConfig({
    autonomousSystem: 64999,
    routerId: '1.1.1.11',
    neighbors: [
      neighbor({ peerAddress: '10.1.1.1', peerAs: 65001, localAs: 64999, passive: true, ...of.spine }),
    ],
  });
  const leaf = addSpeaker(network, 'leaf', ['10.1.1.1'], leafConfig);
  const spine = addSpeaker(network, 'spine', ['10.1.1.0'], spineConfig);
  return { network, leaf, spine, leafConfig, spineConfig };
}

/** "0 idle→connect session starts". */
function changes(node: NetworkNode): string[] {
  return node.events.flatMap(event =>
    event.type === 'session-changed' ? [`${event.at} ${event.from}→${event.to} ${event.because}`] : [],
  );
}

function traceSince(network: SpeakerNetwork, time: number): string[] {
  return network.trace.filter(line => Number.parseInt(line, 10) >= time);
}

function stateOf(node: NetworkNode): string | undefined {
  return sessions(node.speaker)[0]?.state;
}

test('a session comes up: OPEN, KEEPALIVE, End-of-RIB', () => {
  const { network, leaf, spine } = leafAndSpine();
  runUntil(network, 10);
  expect(network.trace).toEqual([
    '1 spine→leaf OPEN AS 64999 id 1.1.1.11 hold 90',
    '2 leaf→spine OPEN AS 65001 id 1.1.1.1 hold 90',
    '2 leaf→spine KEEPALIVE',
    '3 spine→leaf KEEPALIVE',
    '3 spine→leaf UPDATE ipv4-unicast End-of-RIB',
    '4 leaf→spine UPDATE ipv4-unicast End-of-RIB',
  ]);
  expect(changes(leaf)).toEqual([
    '0 idle→connect session starts',
    '2 connect→opensent transport connection is open',
    '2 opensent→openconfirm OPEN accepted',
    '4 openconfirm→established KEEPALIVE received',
  ]);
  expect(changes(spine)).toEqual([
    '0 idle→active waits for the peer to connect',
    '1 active→opensent peer connected',
    '3 opensent→openconfirm OPEN accepted',
    '3 openconfirm→established KEEPALIVE received',
  ]);
});

test('the smaller hold time counts, and keepalives go out after a third of it at the latest', () => {
  const timers = { ...sessionConfig().timers, holdTime: 9_000 };
  const { network, leaf } = leafAndSpine({ spine: { timers } });
  runUntil(network, 10_000);
  expect(sessions(leaf.speaker)[0]).toMatchObject({ holdTime: 9_000, keepaliveInterval: 3_000 });
  expect(network.trace.filter(line => /leaf→spine KEEPALIVE/.test(line))).toEqual([
    '2 leaf→spine KEEPALIVE',
    '3004 leaf→spine KEEPALIVE',
    '6004 leaf→spine KEEPALIVE',
    '9004 leaf→spine KEEPALIVE',
  ]);
});

test('silence is noticed when the hold timer ends, not before', () => {
  const timers = { ...sessionConfig().timers, holdTime: 9_000 };
  const { network, leaf, spine } = leafAndSpine({ spine: { timers } });
  runUntil(network, 3_500);
  network.silent.add(pairOf('10.1.1.0', '10.1.1.1'));
  runUntil(network, 12_003);
  expect([stateOf(leaf), stateOf(spine)]).toEqual(['established', 'established']);
  runUntil(network, 12_005);
  expect(changes(leaf).at(-1)).toBe('12004 established→idle Hold Timer Expired');
  expect(changes(spine).slice(-2)).toEqual([
    '12005 established→idle Hold Timer Expired',
    '12005 idle→active waits for the peer to connect',
  ]);
  expect(traceSince(network, 12_004)).toEqual([
    '12004 leaf→spine NOTIFICATION 4/0 Hold Timer Expired',
    '12005 spine→leaf NOTIFICATION 4/0 Hold Timer Expired',
  ]);
});

test('a hold time of zero means no keepalives and no expiry', () => {
  const timers = { ...sessionConfig().timers, holdTime: 0 };
  const { network, leaf, spine } = leafAndSpine({ leaf: { timers } });
  runUntil(network, 5);
  expect([wakeAt(leaf.speaker), wakeAt(spine.speaker)]).toEqual([undefined, undefined]);
});

test('a peer with the wrong AS is refused, with the AS that was expected, and tried again ever more slowly', () => {
  const { network, leaf, spine } = leafAndSpine({ spine: { peerAs: 65002 } });
  runUntil(network, 10_000);
  expect(traceSince(network, 0).slice(0, 4)).toEqual([
    '1 spine→leaf OPEN AS 64999 id 1.1.1.11 hold 90',
    '2 leaf→spine OPEN AS 65001 id 1.1.1.1 hold 90',
    '2 leaf→spine KEEPALIVE',
    '3 spine→leaf NOTIFICATION 2/2 OPEN Message Error / Bad Peer AS',
  ]);
  expect(spine.events.find(({ type }) => type === 'notification-sent')).toEqual({
    type: 'notification-sent',
    at: 3,
    peer: '10.1.1.1',
    code: 2,
    subcode: 2,
    text: 'OPEN Message Error / Bad Peer AS: expected 65002, got 65001',
  });
  expect(sessions(leaf.speaker)[0]?.lastError).toBe('peer sent OPEN Message Error / Bad Peer AS');
  expect(changes(leaf).filter(line => line.includes('session starts'))).toEqual([
    '0 idle→connect session starts',
    '1004 idle→connect session starts',
    '3008 idle→connect session starts',
    '7012 idle→connect session starts',
  ]);
  expect(changes(leaf).some(line => line.includes('→established'))).toBe(false);
});

test('an OPEN with a hold time of two seconds is refused', () => {
  const timers = { ...sessionConfig().timers, holdTime: 2_000 };
  const { network, spine } = leafAndSpine({ leaf: { timers } });
  runUntil(network, 5);
  expect(spine.events.find(({ type }) => type === 'notification-sent')).toMatchObject({
    text: 'OPEN Message Error / Unacceptable Hold Time: expected 0 or at least 3 s, got 2 s',
  });
});

test('inside one AS both ends must have different router ids', () => {
  const network = createNetwork();
  const config = (peerAddress: string, passive: boolean) =>
    speakerConfig({
      autonomousSystem: 65123,
      routerId: '1.1.1.1',
      neighbors: [neighbor({ peerAddress, peerAs: 65123, localAs: 65123, passive })],
    });
  addSpeaker(network, 'a', ['10.0.0.0'], config('10.0.0.1', false));
  const b = addSpeaker(network, 'b', ['10.0.0.1'], config('10.0.0.0', true));
  runUntil(network, 5);
  expect(b.events.find(({ type }) => type === 'notification-sent')).toMatchObject({
    text: 'OPEN Message Error / Bad BGP Identifier: 1.1.1.1 is our own router id',
  });
});

test('when both ends connect at once, the connection of the higher router id stays', () => {
  const { network, leaf, spine } = leafAndSpine({ spine: { passive: false } });
  runUntil(network, 20);
  expect([stateOf(leaf), stateOf(spine)]).toEqual(['established', 'established']);
  expect(network.trace.filter(line => line.includes('NOTIFICATION'))).toEqual([
    '3 spine→leaf NOTIFICATION 6/7 Cease / Connection Collision Resolution',
    '3 leaf→spine NOTIFICATION 6/7 Cease / Connection Collision Resolution',
  ]);
  expect(changes(leaf).filter(line => line.includes('→established'))).toHaveLength(1);
  // Spine, 1.1.1.11, opened its first connection to leaf; leaf knows it as the one that arrived.
  expect([...leaf.far.keys()]).toEqual([2]);
  expect([...spine.far.keys()]).toEqual([1]);
});

test('a second connection does not disturb an established session', () => {
  const { network, spine } = leafAndSpine();
  runUntil(network, 10);
  const arrived = connectionArrived(spine.speaker, { localAddress: '10.1.1.0', peerAddress: '10.1.1.1' }, 10);
  expect(arrived.outbox).toHaveLength(1);
  const { connection } = arrived;
  if (connection === undefined) throw new Error('refused');
  const [greeting] = arrived.outbox;
  if (greeting?.message.type !== 'open') throw new Error('no OPEN');
  const open = { ...greeting.message, myAutonomousSystem: 65001, bgpIdentifier: '1.1.1.1', capabilities: [] };
  const answer = receive(spine.speaker, connection, open, 11);
  expect(answer.outbox.map(({ message }) => message)).toEqual([
    { type: 'notification', errorCode: 6, errorSubcode: 7 },
  ]);
  expect(answer.transport).toEqual([{ type: 'close', connection }]);
  expect(stateOf(spine)).toBe('established');
});

test('a connection that cannot be made is tried again after the connect-retry time, or when a way appears', () => {
  const timers = { ...sessionConfig().timers, connectRetry: 10_000 };
  const network = createNetwork();
  const leaf = addSpeaker(
    network,
    'leaf',
    ['10.1.1.1'],
    speakerConfig({
      autonomousSystem: 65001,
      routerId: '1.1.1.1',
      neighbors: [neighbor({ peerAddress: '10.1.1.0', peerAs: 64999, timers })],
    }),
  );
  runUntil(network, 12_000);
  perform(network, leaf, (speaker, now) => peerReachable(speaker, '10.1.1.0', now));
  runUntil(network, 12_001);
  expect(changes(leaf)).toEqual([
    '0 idle→connect session starts',
    '1 connect→active no route to host',
    '10001 active→connect connect-retry timer expired',
    '10002 connect→active no route to host',
    '12000 active→connect peer is reachable',
    '12001 connect→active no route to host',
  ]);
});

test('a lost connection ends the session and its routes at once', () => {
  const { network, leaf } = leafAndSpine();
  runUntil(network, 10);
  perform(network, leaf, (speaker, now) => interfaceDown(speaker, ['10.1.1.0'], now));
  expect(changes(leaf).at(-1)).toBe('10 established→idle interface went down');
});

test('without fast-failover an interface going down leaves the session alone', () => {
  const { network, leaf } = leafAndSpine({ leaf: { fastFailover: false } });
  runUntil(network, 10);
  perform(network, leaf, (speaker, now) => interfaceDown(speaker, ['10.1.1.0'], now));
  expect(stateOf(leaf)).toBe('established');
});

test('BFD down ends the session with Cease / BFD Down; without BFD configured it does not', () => {
  const { network, leaf, spine } = leafAndSpine({ leaf: { bfd: true } });
  runUntil(network, 10);
  perform(network, spine, (speaker, now) => bfdChanged(speaker, '10.1.1.1', 'down', now));
  expect(stateOf(spine)).toBe('established');
  perform(network, leaf, (speaker, now) => bfdChanged(speaker, '10.1.1.0', 'down', now));
  expect(changes(leaf).at(-1)).toBe('10 established→idle Cease / BFD Down');
  runUntil(network, 11);
  expect(changes(spine)).toContain('11 established→idle peer sent Cease / BFD Down');
  runUntil(network, 2_000);
  expect([stateOf(leaf), stateOf(spine)]).toEqual(['established', 'established']);
});

test('a disabled neighbour goes down with Cease / Administrative Shutdown and comes back when enabled', () => {
  const { network, leaf, spine, leafConfig } = leafAndSpine();
  runUntil(network, 10);
  const disabled = {
    ...leafConfig,
    neighbors: leafConfig.neighbors.map(one => ({ ...one, adminState: false })),
  };
  perform(network, leaf, (speaker, now) => reconfigure(speaker, disabled, now));
  runUntil(network, 100_000);
  expect(changes(leaf).at(-1)).toBe('10 established→idle Cease / Administrative Shutdown');
  expect(changes(spine).filter(line => line.includes('established→'))).toEqual([
    '11 established→idle peer sent Cease / Administrative Shutdown',
  ]);
  perform(network, leaf, (speaker, now) => reconfigure(speaker, leafConfig, now));
  runUntil(network, 100_010);
  expect([stateOf(leaf), stateOf(spine)]).toEqual(['established', 'established']);
});

test('a removed neighbour is told Peer De-configured', () => {
  const { network, leaf, leafConfig } = leafAndSpine();
  runUntil(network, 10);
  perform(network, leaf, (speaker, now) => reconfigure(speaker, { ...leafConfig, neighbors: [] }, now));
  expect(network.trace.at(-1)).toBe('10 leaf→spine NOTIFICATION 6/3 Cease / Peer De-configured');
  expect(sessions(leaf.speaker)).toEqual([]);
});

test('correcting the peer’s AS brings a refused session up', () => {
  const { network, leaf, spine, spineConfig } = leafAndSpine({ spine: { peerAs: 65002 } });
  runUntil(network, 500);
  const corrected = {
    ...spineConfig,
    neighbors: spineConfig.neighbors.map(one => ({ ...one, peerAs: 65001 })),
  };
  perform(network, spine, (speaker, now) => reconfigure(speaker, corrected, now));
  runUntil(network, 2_000);
  expect([stateOf(leaf), stateOf(spine)]).toEqual(['established', 'established']);
});

//   leaf lo1 1.1.1.201 AS 65301, accepts 192.168.101.0/24 with AS 65201 or 65202 ——— worker 192.168.101.101
function leafAndWorker(worker: { asn: number; address?: string }, maxSessions = 0) {
  const network = createNetwork();
  const leaf = addSpeaker(
    network,
    'leaf',
    ['1.1.1.201'],
    speakerConfig({
      autonomousSystem: 65301,
      routerId: '1.1.1.201',
      dynamicNeighbors: [
        {
          ...sessionConfig({ localAs: 65301, group: 'metallb-bgp', localAddress: '1.1.1.201' }),
          prefix: '192.168.101.0/24',
          allowedPeerAs: [
            { from: 65201, to: 65201 },
            { from: 65202, to: 65202 },
          ],
          maxSessions,
        },
      ],
    }),
  );
  const address = worker.address ?? '192.168.101.101';
  const speaker = addSpeaker(
    network,
    'worker',
    [address],
    speakerConfig({
      autonomousSystem: worker.asn,
      routerId: '6.5.2.3',
      neighbors: [neighbor({ peerAddress: '1.1.1.201', peerAs: 65301, localAs: worker.asn })],
    }),
  );
  return { network, leaf, worker: speaker };
}

test('a dynamic neighbour is accepted from its range and forgotten when it goes', () => {
  const { network, leaf, worker } = leafAndWorker({ asn: 65201 });
  runUntil(network, 10);
  expect(sessions(leaf.speaker)).toMatchObject([
    {
      peer: '192.168.101.101',
      peerAs: 65201,
      dynamic: true,
      state: 'established',
      localAddress: '1.1.1.201',
    },
  ]);
  perform(network, worker, (speaker, now) =>
    reconfigure(speaker, { ...speaker.config, adminState: false }, now),
  );
  runUntil(network, 20);
  expect(sessions(leaf.speaker)).toEqual([]);
  expect(changes(leaf).at(-1)).toBe('11 established→idle peer sent Cease / Administrative Shutdown');
});

test('a dynamic neighbour whose AS is not allowed is refused, and the notification says why', () => {
  const { network, leaf } = leafAndWorker({ asn: 65299 });
  runUntil(network, 10);
  expect(leaf.events.find(({ type }) => type === 'notification-sent')).toMatchObject({
    code: 2,
    subcode: 2,
    text: 'OPEN Message Error / Bad Peer AS: expected 65201 or 65202, got 65299',
  });
  expect(sessions(leaf.speaker)).toEqual([]);
});

test('a connection from outside the range is refused', () => {
  const { network, worker } = leafAndWorker({ asn: 65201, address: '192.168.102.5' });
  runUntil(network, 10);
  expect(changes(worker).at(-1)).toBe('2 connect→active connection refused');
});

test('no more dynamic sessions than allowed', () => {
  const { network, leaf } = leafAndWorker({ asn: 65201 }, 1);
  runUntil(network, 10);
  const second = connectionArrived(
    leaf.speaker,
    { localAddress: '1.1.1.201', peerAddress: '192.168.101.102' },
    10,
  );
  expect(second.connection).toBeUndefined();
});

test('a message that the state does not expect is answered with its FSM error', () => {
  const speaker = createSpeaker(
    speakerConfig({
      autonomousSystem: 1,
      routerId: '1.1.1.1',
      neighbors: [neighbor({ peerAddress: '10.0.0.1', peerAs: 2, localAs: 1, passive: true })],
    }),
    () => undefined,
    0,
  );
  perform(
    createNetwork(),
    { name: '', addresses: [], speaker, events: [], changes: [], far: new Map() },
    peer => peerReachable(peer, '10.0.0.1', 0),
  );
  const arrived = connectionArrived(speaker, { localAddress: '10.0.0.0', peerAddress: '10.0.0.1' }, 1);
  const answer = receive(speaker, arrived.connection ?? 0, { type: 'keepalive' }, 2);
  expect(answer.events).toEqual([
    {
      type: 'notification-sent',
      peer: '10.0.0.1',
      code: 5,
      subcode: 1,
      text: 'Finite State Machine Error / Receive Unexpected Message in OpenSent State',
    },
    {
      type: 'session-changed',
      peer: '10.0.0.1',
      from: 'opensent',
      to: 'idle',
      because: 'Finite State Machine Error / Receive Unexpected Message in OpenSent State',
    },
  ]);
});
