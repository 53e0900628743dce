import { type Ipv4, toNumber } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { DynamicNeighborConfig, SessionConfig } from './config.ts';
import type { ExportGroup } from './export-group.ts';
import type { Open } from './message.ts';
import type { ConnectionId, SessionState } from './outcome.ts';
import type { Announcement, Destination, Received } from './rib.ts';
import { type Family, families } from './route.ts';

/** Everything a speaker knows about one peer. */
export type Session = {
  readonly peer: Ipv4;
  readonly peerAddressNumber: number;
  /** Set for a dynamic neighbour. */
  readonly range: DynamicNeighborConfig | undefined;
  config: SessionConfig;
  /** 0 until a dynamic peer has told its AS. */
  peerAs: Asn;
  internal: boolean;
  /** The furthest state of its state machines. */
  state: SessionState;
  since: number;
  lastError: string | undefined;
  /** Sessions ended without having been established, since one was. */
  failures: number;
  /** The main one first; a second one lives while two connections compete (RFC 4271 section 6.8). */
  fsms: Fsm[];
  bgpIdentifier: Ipv4 | undefined;
  bgpIdentifierNumber: number;
  localAddress: Ipv4 | undefined;
  /** Adj-RIB-In of all families. */
  readonly paths: Received[];
  readonly families: Record<Family, SessionFamily>;
  /** What the peer has to hear of: new or changed routes, and those to withdraw. */
  readonly toAnnounce: Set<Destination>;
  readonly toWithdraw: Set<Destination>;
  /** Families whose first table dump is not complete yet. */
  readonly toEnd: Set<Family>;
  /** Minimum advertisement interval runs until then. */
  advertiseAfter: number;
};

export type SessionFamily = {
  /** Undefined while the family is not negotiated or the session not established. */
  group: ExportGroup | undefined;
  /** What the peer holds from us, by destination index. */
  sent: (Announcement | undefined)[];
  receivedCount: number;
  activeCount: number;
  sentCount: number;
};

/** One state machine: one transport connection (RFC 4271 section 8). Timers are points in time, undefined when stopped. */
export type Fsm = {
  state: SessionState;
  connection: ConnectionId | undefined;
  incoming: boolean;
  localAddress: Ipv4 | undefined;
  /** The peer's OPEN. */
  open: Open | undefined;
  connectRetryTimer: number | undefined;
  holdTimer: number | undefined;
  keepaliveTimer: number | undefined;
  idleHoldTimer: number | undefined;
  /** Negotiated, milliseconds; 0 for none. */
  holdTime: number;
  keepaliveInterval: number;
};

export function createSession(
  peer: Ipv4,
  peerAs: Asn,
  config: SessionConfig,
  range: DynamicNeighborConfig | undefined,
  now: number,
): Session {
  return {
    peer,
    peerAddressNumber: toNumber(peer),
    range,
    config,
    peerAs,
    internal: config.localAs === peerAs,
    state: 'idle',
    since: now,
    lastError: undefined,
    failures: 0,
    fsms: [createFsm()],
    bgpIdentifier: undefined,
    bgpIdentifierNumber: 0,
    localAddress: undefined,
    paths: [],
    families: { 'ipv4-unicast': noFamily(), evpn: noFamily() },
    toAnnounce: new Set(),
    toWithdraw: new Set(),
    toEnd: new Set(),
    advertiseAfter: Number.NEGATIVE_INFINITY,
  };
}

export function createFsm(): Fsm {
  return {
    state: 'idle',
    connection: undefined,
    incoming: false,
    localAddress: undefined,
    open: undefined,
    connectRetryTimer: undefined,
    holdTimer: undefined,
    keepaliveTimer: undefined,
    idleHoldTimer: undefined,
    holdTime: 0,
    keepaliveInterval: 0,
  };
}

/** Forgets what the peer holds: its connection is gone. (Counts of received paths fall as the paths are removed.) */
export function forgetConversation(session: Session): void {
  for (const family of families) {
    session.families[family].sent = [];
    session.families[family].sentCount = 0;
  }
  session.toAnnounce.clear();
  session.toWithdraw.clear();
  session.toEnd.clear();
  session.advertiseAfter = Number.NEGATIVE_INFINITY;
  session.bgpIdentifier = undefined;
  session.localAddress = undefined;
}

/** When the session has something to do. */
export function sessionWakeAt(session: Session): number {
  let at = isBehind(session) ? session.advertiseAfter : Number.POSITIVE_INFINITY;
  for (const fsm of session.fsms) {
    at = Math.min(
      at,
      fsm.connectRetryTimer ?? at,
      fsm.holdTimer ?? at,
      fsm.keepaliveTimer ?? at,
      fsm.idleHoldTimer ?? at,
    );
  }
  return at;
}

/** Whether the peer has to hear of something. */
export function isBehind(session: Session): boolean {
  return session.toAnnounce.size > 0 || session.toWithdraw.size > 0 || session.toEnd.size > 0;
}

function noFamily(): SessionFamily {
  return { group: undefined, sent: [], receivedCount: 0, activeCount: 0, sentCount: 0 };
}
