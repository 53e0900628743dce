import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { NeighborConfig, SessionConfig, SpeakerConfig } from './config.ts';
import type { RuleName } from './decision.ts';
import type { Message } from './message.ts';
import type { ConnectionId, Outcome, Path, SessionState } from './outcome.ts';
import type { Protocol } from './policy.ts';
import type { Family, Nlri, PathAttributes } from './route.ts';

/**
 * One BGP speaker: a function of configuration, messages and time. It never sends; every call hands back an
 * `Outcome`. `now` is lab time in milliseconds and never goes backwards.
 */
export type Speaker = { readonly config: SpeakerConfig };

/** Looks a next hop up in the host's route table: undefined when nothing leads there. */
export type ResolveNextHop = (nextHop: Ipv4, family: Family) => Resolution | undefined;

export type Resolution = {
  /** IGP metric, 0 for a connected network. */
  readonly cost: number;
};

/** Nothing happens before the first `wake`: sessions start when it is called with `now` at or after `wakeAt`. */
export declare function createSpeaker(
  config: SpeakerConfig,
  resolveNextHop: ResolveNextHop,
  now: number,
): Speaker;

/**
 * Takes a new configuration. A policy change re-evaluates what was received, without touching the session;
 * a changed session parameter bounces that session only.
 */
export declare function reconfigure(speaker: Speaker, config: SpeakerConfig, now: number): Outcome;

/** When `wake` has something to do; undefined when no timer runs. Ask again after every call. */
export declare function wakeAt(speaker: Speaker): number | undefined;
/** Runs every timer that is due. */
export declare function wake(speaker: Speaker, now: number): Outcome;

/** The connection asked for by `transport` type 'open' is there. */
export declare function connectionOpened(
  speaker: Speaker,
  connection: ConnectionId,
  localAddress: Ipv4,
  now: number,
): Outcome;
/** The connection asked for could not be made: "no route to host", "timed out", "refused". */
export declare function connectionFailed(
  speaker: Speaker,
  connection: ConnectionId,
  because: string,
  now: number,
): Outcome;
/** An open connection ended without our doing: closed by the peer, reset, timed out. */
export declare function connectionClosed(
  speaker: Speaker,
  connection: ConnectionId,
  because: string,
  now: number,
): Outcome;
/** Somebody connected to us. `connection` is undefined when nobody is expected from there: refuse it. */
export declare function connectionArrived(
  speaker: Speaker,
  addresses: { readonly localAddress: Ipv4; readonly peerAddress: Ipv4 },
  now: number,
): Outcome & { readonly connection?: ConnectionId };
export declare function receive(
  speaker: Speaker,
  connection: ConnectionId,
  message: Message,
  now: number,
): Outcome;

/** BFD's view of the path to a peer. Down ends the session with Cease / BFD Down (RFC 9384); up restarts an idle one. */
export declare function bfdChanged(speaker: Speaker, peer: Ipv4, state: 'up' | 'down', now: number): Outcome;
/** The local interface that these peers are reached through went down: ends those sessions that have fast-failover. */
export declare function interfaceDown(speaker: Speaker, peers: readonly Ipv4[], now: number): Outcome;
/** A way to this peer appeared: a session waiting to start or retry does so now. */
export declare function peerReachable(speaker: Speaker, peer: Ipv4, now: number): Outcome;

/** A route the host brings into BGP: one of its route table, or an EVPN route of a bridge domain or VRF. */
export type OwnRoute = {
  readonly nlri: Nlri;
  readonly protocol: Protocol;
  readonly attributes: PathAttributes;
  /** Undefined: the address of each session. EVPN routes name their VTEP here. */
  readonly nextHop?: Ipv4;
};

/** Adds or replaces own routes. They are announced where export policies let them; they hide received paths from export. */
export declare function originate(
  speaker: Speaker,
  family: Family,
  routes: readonly OwnRoute[],
  now: number,
): Outcome;
export declare function withdraw(
  speaker: Speaker,
  family: Family,
  nlri: readonly Nlri[],
  now: number,
): Outcome;

/** The route table changed for these next hops (or for all): looks them up again. */
export declare function nextHopsChanged(
  speaker: Speaker,
  nextHops: readonly Ipv4[] | 'all',
  now: number,
): Outcome;
/** Every next hop some received route has. */
export declare function trackedNextHops(speaker: Speaker): readonly Ipv4[];

export type SessionView = {
  readonly peer: Ipv4;
  readonly config: SessionConfig | NeighborConfig;
  readonly dynamic: boolean;
  /** 0 until a dynamic peer has told its AS. */
  readonly peerAs: Asn;
  readonly internal: boolean;
  readonly state: SessionState;
  readonly since: number;
  readonly localAddress?: Ipv4;
  readonly bgpIdentifier?: Ipv4;
  /** Negotiated, milliseconds, from OpenConfirm on. */
  readonly holdTime?: number;
  readonly keepaliveInterval?: number;
  readonly lastError?: string;
  readonly families: readonly {
    readonly name: Family;
    readonly received: number;
    /** Received routes in use. */
    readonly active: number;
    readonly sent: number;
  }[];
};

/** All sessions, configured ones first in order of configuration. */
export declare function sessions(speaker: Speaker): SessionView[];

export type InvalidReason =
  | 'rejected-route'
  | 'as-loop'
  | 'cluster-loop'
  | 'originator-loop'
  | 'next-hop-unresolved';

export type ExplainedPath = {
  /** Undefined for an own route. */
  readonly path: Path | undefined;
  readonly own: OwnRoute | undefined;
  readonly valid: boolean;
  readonly best: boolean;
  readonly used: boolean;
  readonly invalidReason?: InvalidReason;
  readonly rule?: { readonly name: RuleName; readonly section: string };
};

/** Every path to one NLRI, best first, with the rule that decided or at which it fell. Empty when the key is not known. */
export declare function explain(speaker: Speaker, family: Family, key: string): ExplainedPath[];
/** Keys of a family in route-table order (IPv4) or by key (EVPN). */
export declare function ribKeys(speaker: Speaker, family: Family): string[];
/** What is chosen for one NLRI. */
export declare function lookUp(
  speaker: Speaker,
  family: Family,
  key: string,
): { readonly best: Path; readonly used: readonly Path[]; readonly decidedBy: RuleName } | undefined;
/** What was sent to a peer: Adj-RIB-Out. */
export declare function adjRibOut(
  speaker: Speaker,
  peer: Ipv4,
  family: Family,
): { readonly nlri: Nlri; readonly nextHop: Ipv4; readonly attributes: PathAttributes }[];
