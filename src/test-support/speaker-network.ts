import type { NeighborConfig, SessionConfig, SpeakerConfig } from '../bgp/config.ts';
import type { Message } from '../bgp/message.ts';
import { notificationText } from '../bgp/notification.ts';
import type { ConnectionId, Outcome, RouteChange, SpeakerEvent } from '../bgp/outcome.ts';
import { nlriKey } from '../bgp/route.ts';
import {
  connectionArrived,
  connectionClosed,
  connectionFailed,
  connectionOpened,
  createSpeaker,
  type Resolution,
  receive,
  type Speaker,
  wake,
  wakeAt,
} from '../bgp/speaker.ts';

/** Speakers on ideal wires: every message takes `delay`, nothing is lost unless a pair is silent. One queue, virtual time. */
export type SpeakerNetwork = {
  now: number;
  readonly delay: number;
  readonly nodes: Map<string, NetworkNode>;
  /** "12 a→b OPEN", in order of sending. */
  readonly trace: string[];
  /** Address pairs whose packets vanish, either way: "10.0.0.0 10.0.0.1". */
  readonly silent: Set<string>;
  readonly queue: { at: number; sequence: number; act: () => void }[];
  sequence: number;
};

export type NetworkNode = {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly speaker: Speaker;
  readonly events: (SpeakerEvent & { readonly at: number })[];
  readonly changes: RouteChange[];
  readonly far: Map<ConnectionId, { node: NetworkNode; connection: ConnectionId; pair: string }>;
};

export function createNetwork(delay = 1): SpeakerNetwork {
  return { now: 0, delay, nodes: new Map(), trace: [], silent: new Set(), queue: [], sequence: 0 };
}

export function addSpeaker(
  network: SpeakerNetwork,
  name: string,
  addresses: readonly string[],
  config: SpeakerConfig,
  resolve: (nextHop: string) => Resolution | undefined = () => ({ cost: 0 }),
): NetworkNode {
  const speaker = createSpeaker(config, resolve, network.now);
  const node: NetworkNode = { name, addresses, speaker, events: [], changes: [], far: new Map() };
  network.nodes.set(name, node);
  return node;
}

/** Does to a speaker what `act` says and delivers what comes of it. */
export function perform<O extends Outcome>(
  network: SpeakerNetwork,
  node: NetworkNode,
  act: (speaker: Speaker, now: number) => O,
): O {
  const outcome = act(node.speaker, network.now);
  for (const event of outcome.events) node.events.push({ ...event, at: network.now });
  node.changes.push(...outcome.changes);
  for (const { connection, message } of outcome.outbox) {
    const far = node.far.get(connection);
    if (far === undefined) continue;
    network.trace.push(`${network.now} ${node.name}→${far.node.name} ${messageText(message)}`);
    carry(network, far.pair, () => {
      if (far.node.far.has(far.connection)) {
        perform(network, far.node, (speaker, now) => receive(speaker, far.connection, message, now));
      }
    });
  }
  for (const request of outcome.transport) {
    if (request.type === 'open') open(network, node, request.connection, request.peer, request.localAddress);
    else close(network, node, request.connection);
  }
  return outcome;
}

/** Lets time pass up to and including `until`. */
export function runUntil(network: SpeakerNetwork, until: number): void {
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    let due: (() => void) | undefined;
    for (const node of network.nodes.values()) {
      const at = wakeAt(node.speaker);
      if (at === undefined || at >= next) continue;
      next = Math.max(at, network.now);
      due = () => void perform(network, node, wake);
    }
    const mail = network.queue[0];
    if (mail !== undefined && mail.at <= next) {
      next = mail.at;
      due = () => {
        network.queue.shift();
        mail.act();
      };
    }
    if (due === undefined || next > until) break;
    network.now = Math.max(network.now, next);
    due();
  }
  network.now = until;
}

export function pairOf(a: string, b: string): string {
  return [a, b].sort().join(' ');
}

/** A session configuration with SR Linux's defaults. */
export function sessionConfig(of: Partial<SessionConfig> = {}): SessionConfig {
  return {
    group: 'peers',
    adminState: true,
    localAs: 65001,
    families: ['ipv4-unicast'],
    importPolicies: [],
    exportPolicies: [],
    nextHopSelf: false,
    sendDefaultRoute: false,
    ttl: 1,
    bfd: false,
    fastFailover: true,
    timers: {
      connectRetry: 120_000,
      holdTime: 90_000,
      keepaliveInterval: 30_000,
      minimumAdvertisementInterval: 5_000,
    },
    passive: false,
    routeReflectorClient: false,
    ...of,
  };
}

export function neighbor(
  of: Partial<NeighborConfig> & Pick<NeighborConfig, 'peerAddress' | 'peerAs'>,
): NeighborConfig {
  return { ...sessionConfig(), ...of };
}

/** A speaker that takes and gives everything, unless told otherwise. */
export function speakerConfig(
  of: Partial<SpeakerConfig> & Pick<SpeakerConfig, 'autonomousSystem' | 'routerId'>,
): SpeakerConfig {
  const multipath = { ebgp: 1, ibgp: 1, allowMultipleAs: true };
  return {
    adminState: true,
    ebgpDefaultPolicy: { importRejectAll: false, exportRejectAll: false },
    families: [
      { name: 'ipv4-unicast', adminState: true, multipath },
      { name: 'evpn', adminState: true, multipath },
    ],
    rapidWithdrawal: false,
    neighbors: [],
    dynamicNeighbors: [],
    policies: [exportAll],
    prefixSets: [],
    ...of,
  };
}

/** Accepts routes of every origin. */
export const exportAll = { name: 'all', defaultResult: 'accept', statements: [] } as const;

export function messageText(message: Message): string {
  switch (message.type) {
    case 'open':
      return `OPEN AS ${message.myAutonomousSystem} id ${message.bgpIdentifier} hold ${message.holdTime}`;
    case 'keepalive':
      return 'KEEPALIVE';
    case 'notification':
      return `NOTIFICATION ${message.errorCode}/${message.errorSubcode} ${notificationText(message)}`;
    case 'route-refresh':
      return `ROUTE-REFRESH ${message.family}`;
    case 'update': {
      const { family, withdrawn, announced, nextHop, attributes } = message;
      if (withdrawn.length + announced.length === 0) return `UPDATE ${family} End-of-RIB`;
      const plus = announced.map(nlri => `+${nlriKey(nlri)}`);
      const minus = withdrawn.map(nlri => `-${nlriKey(nlri)}`);
      const via = nextHop === undefined ? '' : ` via ${nextHop} path [${attributes?.asPath.join(' ')}]`;
      return `UPDATE ${[...minus, ...plus].join(' ')}${via}`;
    }
  }
}

function open(
  network: SpeakerNetwork,
  node: NetworkNode,
  connection: ConnectionId,
  peer: string,
  wanted: string | undefined,
): void {
  const far = [...network.nodes.values()].find(({ addresses }) => addresses.includes(peer));
  const localAddress = wanted ?? node.addresses.find(address => sameLink(address, peer)) ?? node.addresses[0];
  if (far === undefined || localAddress === undefined) {
    later(network, () =>
      perform(network, node, (speaker, now) =>
        connectionFailed(speaker, connection, 'no route to host', now),
      ),
    );
    return;
  }
  const pair = pairOf(localAddress, peer);
  carry(network, pair, () => {
    perform(network, far, (speaker, now) => {
      const outcome = connectionArrived(speaker, { localAddress: peer, peerAddress: localAddress }, now);
      const accepted = outcome.connection;
      if (accepted !== undefined) {
        far.far.set(accepted, { node, connection, pair });
        node.far.set(connection, { node: far, connection: accepted, pair });
      }
      // Posted before the outbox: the connection is open at the other end before anything is said over it.
      carry(network, pair, () =>
        perform(network, node, (near, then) =>
          accepted === undefined
            ? connectionFailed(near, connection, 'connection refused', then)
            : connectionOpened(near, connection, localAddress, then),
        ),
      );
      return outcome;
    });
  });
}

function close(network: SpeakerNetwork, node: NetworkNode, connection: ConnectionId): void {
  const far = node.far.get(connection);
  node.far.delete(connection);
  if (far === undefined) return;
  carry(network, far.pair, () => {
    if (!far.node.far.delete(far.connection)) return;
    perform(network, far.node, (speaker, now) =>
      connectionClosed(speaker, far.connection, 'peer closed the connection', now),
    );
  });
}

/** Addresses of one /31. */
function sameLink(a: string, b: string): boolean {
  const [lastA, lastB] = [a, b].map(address => Number(address.slice(address.lastIndexOf('.') + 1)) >> 1);
  return a.slice(0, a.lastIndexOf('.')) === b.slice(0, b.lastIndexOf('.')) && lastA === lastB;
}

function carry(network: SpeakerNetwork, pair: string, act: () => void): void {
  if (!network.silent.has(pair)) {
    later(network, () => {
      if (!network.silent.has(pair)) act();
    });
  }
}

function later(network: SpeakerNetwork, act: () => void): void {
  network.sequence++;
  network.queue.push({ at: network.now + network.delay, sequence: network.sequence, act });
}
