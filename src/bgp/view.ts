import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import { selfAddress } from './advertise.ts';
import type { SessionConfig } from './config.ts';
import type { SessionState } from './outcome.ts';
import type { Family, Nlri, PathAttributes } from './route.ts';
import type { SpeakerState } from './state.ts';

/** One session as a router's `show` commands tell it. */
export type SessionView = {
  readonly peer: Ipv4;
  readonly config: SessionConfig;
  readonly dynamic: boolean;
  /** 0 until a dynamic peer has told its AS. */
  readonly peerAs: Asn;
  readonly internal: boolean;
  readonly state: SessionState;
  /** When `state` was entered. */
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

/** All sessions: configured ones in order of configuration, then dynamic ones in order of arrival. */
export function sessions(speaker: SpeakerState): SessionView[] {
  return [...speaker.sessions.values()].map(session => {
    const fsm = session.fsms.find(({ state }) => state === 'established' || state === 'openconfirm');
    const { peer, config, peerAs, internal, state, since, localAddress, bgpIdentifier, lastError } = session;
    return {
      peer,
      config,
      dynamic: session.range !== undefined,
      peerAs,
      internal,
      state,
      since,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(bgpIdentifier === undefined ? {} : { bgpIdentifier }),
      ...(fsm === undefined ? {} : { holdTime: fsm.holdTime, keepaliveInterval: fsm.keepaliveInterval }),
      ...(lastError === undefined ? {} : { lastError }),
      families: config.families.map(name => {
        const { receivedCount, activeCount, sentCount } = session.families[name];
        return { name, received: receivedCount, active: activeCount, sent: sentCount };
      }),
    };
  });
}

/** Of a session only whose it is and how it stands. */
export type PeerState = Pick<SessionView, 'peer' | 'state'>;

/** How all sessions stand, in the same order: cheap enough for each look at the lab. */
export function sessionStates(speaker: SpeakerState): Iterable<PeerState> {
  return speaker.sessions.values();
}

/** Adj-RIB-Out: what a peer holds from us. */
export function adjRibOut(
  speaker: SpeakerState,
  peer: Ipv4,
  family: Family,
): { readonly nlri: Nlri; readonly nextHop: Ipv4; readonly attributes: PathAttributes }[] {
  const session = speaker.sessions.get(peer);
  if (session === undefined) return [];
  const announcements = session.families[family].sent.filter(one => one !== undefined);
  return announcements.map(({ nlri, nextHop, attributes }) => ({
    nlri,
    nextHop: nextHop === 'self' ? selfAddress(session) : nextHop,
    attributes,
  }));
}

/** Adj-RIB-In: what a peer sent, before the import policy. */
export function adjRibIn(
  speaker: SpeakerState,
  peer: Ipv4,
  family: Family,
): { readonly nlri: Nlri; readonly nextHop: Ipv4; readonly attributes: PathAttributes }[] {
  const paths = speaker.sessions.get(peer)?.paths ?? [];
  return paths
    .filter(path => path.destination.family === family)
    .map(({ nlri, receivedNextHop, receivedAttributes }) => ({
      nlri,
      nextHop: receivedNextHop,
      attributes: receivedAttributes,
    }));
}
