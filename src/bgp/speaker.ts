import type { Ipv4 } from '../net/address.ts';
import { beginCall, finish, run } from './call.ts';
import type { SpeakerConfig } from './config.ts';
import { addNeighbor, deriveFromConfig } from './configure.ts';
import { newConnection } from './fsm-actions.ts';
import type { FsmEvent } from './fsm-event.ts';
import { dynamicSession, freeFsm } from './incoming.ts';
import type { Message, Notification } from './message.ts';
import { createNextHopTable, type ResolveNextHop } from './next-hop.ts';
import { bfdDown, notificationText, peerDeconfigured } from './notification.ts';
import type { ConnectionId, Outcome } from './outcome.ts';
import { applyConfig } from './reconfigure.ts';
import { createRibTable } from './rib.ts';
import { sessionWakeAt } from './session.ts';
import type { SpeakerState } from './state.ts';
import { stopSession } from './stop-session.ts';

export { type ExplainedPath, explain, lookUp, ribKeys } from './explain.ts';
export { expectsConnection } from './incoming.ts';
export type { Resolution, ResolveNextHop } from './next-hop.ts';
export { nextHopsChanged, trackedNextHops } from './next-hop-changes.ts';
export { originate, withdraw } from './own-routes.ts';
export { askForRoutes, resetPeer } from './reset-peer.ts';
export type { InvalidReason, OwnRoute } from './rib.ts';
export { adjRibIn, adjRibOut, type PeerState, type SessionView, sessionStates, sessions } from './view.ts';

/**
 * One BGP speaker: a function of configuration, messages and time. It never sends; every call hands back an
 * `Outcome`. `now` is lab time in milliseconds and never goes backwards. Hosts hold it as a handle: look inside
 * with `sessions`, `explain`, `lookUp`, `ribKeys`, `adjRibIn` and `adjRibOut`.
 */
export type Speaker = SpeakerState;

/** Nothing happens before the first `wake`: `wakeAt` is `now` when there is a session to start. */
export function createSpeaker(config: SpeakerConfig, resolveNextHop: ResolveNextHop, now: number): Speaker {
  const state: SpeakerState = {
    config,
    ...deriveFromConfig(config),
    sessions: new Map(),
    connections: { last: 0, byId: new Map() },
    tables: { 'ipv4-unicast': createRibTable('ipv4-unicast'), evpn: createRibTable('evpn') },
    nextHops: createNextHopTable(resolveNextHop),
    exportGroups: new Map(),
    policies: new Map(),
    derived: new WeakMap(),
    ownAttributes: new Map(),
    dirty: [],
    empty: new Set(),
    behind: new Set(),
  };
  for (const neighbor of config.neighbors) addNeighbor(state, neighbor, now);
  return state;
}

/**
 * Takes a new configuration. A policy change judges again what was received and sent, without touching sessions;
 * a changed session parameter bounces that session only. Throws when a named policy or prefix set does not exist.
 */
export function reconfigure(speaker: Speaker, config: SpeakerConfig, now: number): Outcome {
  const call = beginCall(speaker, now);
  applyConfig(speaker, config, call);
  return finish(speaker, call);
}

/** When `wake` has something to do; undefined when no timer runs. Ask again after every call. */
export function wakeAt(speaker: Speaker): number | undefined {
  let at = Number.POSITIVE_INFINITY;
  for (const session of speaker.sessions.values()) at = Math.min(at, sessionWakeAt(session));
  return at === Number.POSITIVE_INFINITY ? undefined : at;
}

/** Runs every timer that is due. */
export function wake(speaker: Speaker, now: number): Outcome {
  const call = beginCall(speaker, now);
  for (const session of [...speaker.sessions.values()]) {
    if (sessionWakeAt(session) > now) continue;
    for (const fsm of [...session.fsms]) {
      for (const { timer, event } of timers) {
        const due = fsm[timer];
        if (due === undefined || due > now) continue;
        fsm[timer] = undefined;
        run(speaker, session, fsm, event, call);
      }
    }
  }
  return finish(speaker, call);
}

const timers: readonly {
  readonly timer: 'holdTimer' | 'connectRetryTimer' | 'keepaliveTimer' | 'idleHoldTimer';
  readonly event: FsmEvent;
}[] = [
  { timer: 'holdTimer', event: { type: 'HoldTimer_Expires' } },
  { timer: 'connectRetryTimer', event: { type: 'ConnectRetryTimer_Expires' } },
  { timer: 'keepaliveTimer', event: { type: 'KeepaliveTimer_Expires' } },
  { timer: 'idleHoldTimer', event: { type: 'IdleHoldTimer_Expires' } },
];

/** The connection asked for by `transport` type 'open' is there. One that was given up meanwhile is ignored. */
export function connectionOpened(
  speaker: Speaker,
  connection: ConnectionId,
  localAddress: Ipv4,
  now: number,
): Outcome {
  return onConnection(speaker, connection, { type: 'Tcp_CR_Acked', localAddress }, now);
}

/** The connection asked for could not be made: "no route to host", "timed out", "refused". */
export function connectionFailed(
  speaker: Speaker,
  connection: ConnectionId,
  because: string,
  now: number,
): Outcome {
  return onConnection(speaker, connection, { type: 'TcpConnectionFails', because }, now);
}

/** An open connection ended without our doing: closed by the peer, reset, timed out. */
export function connectionClosed(
  speaker: Speaker,
  connection: ConnectionId,
  because: string,
  now: number,
): Outcome {
  return onConnection(speaker, connection, { type: 'TcpConnectionFails', because }, now);
}

/**
 * Somebody connected to us. `connection` is undefined when nobody is expected from there: refuse it. What the outbox
 * holds for it must reach the other end after its `connectionOpened`.
 */
export function connectionArrived(
  speaker: Speaker,
  addresses: { readonly localAddress: Ipv4; readonly peerAddress: Ipv4 },
  now: number,
): Outcome & { readonly connection?: ConnectionId } {
  const call = beginCall(speaker, now);
  const { localAddress, peerAddress } = addresses;
  const session = speaker.sessions.get(peerAddress) ?? dynamicSession(speaker, peerAddress, now);
  const fsm = session && freeFsm(session, localAddress);
  if (session === undefined || fsm === undefined) return call.outcome;
  speaker.sessions.set(peerAddress, session);
  const connection = newConnection(session, fsm, speaker.connections);
  run(speaker, session, fsm, { type: 'TcpConnectionConfirmed', connection, localAddress }, call);
  return { ...finish(speaker, call), connection };
}

export function receive(speaker: Speaker, connection: ConnectionId, message: Message, now: number): Outcome {
  return onConnection(speaker, connection, eventOf(message), now);
}

/** What arrived on the connection cannot be read: the session ends with this notification (RFC 4271 sections 6.1 to 6.3). */
export function malformed(
  speaker: Speaker,
  connection: ConnectionId,
  notification: Notification,
  now: number,
): Outcome {
  const because = notificationText(notification);
  return onConnection(speaker, connection, { type: 'Stop', notification, because, restart: true }, now);
}

/** BFD's view of the path to a peer. Down ends the session with Cease / BFD Down (RFC 9384); up starts an idle one. */
export function bfdChanged(speaker: Speaker, peer: Ipv4, state: 'up' | 'down', now: number): Outcome {
  if (state === 'up') return peerReachable(speaker, peer, now);
  const call = beginCall(speaker, now);
  const session = speaker.sessions.get(peer);
  const [fsm] = session?.fsms ?? [];
  if (session?.config.bfd && session.state === 'established' && fsm !== undefined) {
    const because = notificationText(bfdDown);
    run(speaker, session, fsm, { type: 'Stop', notification: bfdDown, because, restart: true }, call);
  }
  return finish(speaker, call);
}

/** The process ends in good order: every peer that it converses with gets a Cease, as FRR's does. Nothing starts again. */
export function shutDown(speaker: Speaker, now: number): Outcome {
  const call = beginCall(speaker, now);
  for (const session of speaker.sessions.values())
    stopSession(speaker, session, peerDeconfigured, false, call);
  return finish(speaker, call);
}

/** The local interface that these peers are reached through went down: ends those sessions that have fast-failover. */
export function interfaceDown(speaker: Speaker, peers: readonly Ipv4[], now: number): Outcome {
  const call = beginCall(speaker, now);
  for (const peer of peers) {
    const session = speaker.sessions.get(peer);
    if (!session?.config.fastFailover) continue;
    for (const fsm of [...session.fsms]) {
      if (fsm.connection === undefined) continue;
      call.outcome.transport.push({ type: 'close', connection: fsm.connection });
      run(speaker, session, fsm, { type: 'TcpConnectionFails', because: 'interface went down' }, call);
    }
  }
  return finish(speaker, call);
}

/** A way to this peer appeared: a session that waits to start or to retry does so now. */
export function peerReachable(speaker: Speaker, peer: Ipv4, now: number): Outcome {
  const call = beginCall(speaker, now);
  const session = speaker.sessions.get(peer);
  const [fsm] = session?.fsms ?? [];
  const waits = fsm?.state === 'active' || (fsm?.state === 'idle' && fsm.idleHoldTimer !== undefined);
  if (session !== undefined && fsm !== undefined && waits) {
    run(speaker, session, fsm, { type: 'AutomaticStart' }, call);
  }
  return finish(speaker, call);
}

function onConnection(speaker: Speaker, connection: ConnectionId, event: FsmEvent, now: number): Outcome {
  const call = beginCall(speaker, now);
  const found = speaker.connections.byId.get(connection);
  if (found !== undefined) run(speaker, found.session, found.fsm, event, call);
  return finish(speaker, call);
}

function eventOf(message: Message): FsmEvent {
  switch (message.type) {
    case 'open':
      return { type: 'BGPOpen', open: message };
    case 'update':
      return { type: 'UpdateMsg', update: message };
    case 'notification':
      return { type: 'NotifMsg', notification: message };
    case 'keepalive':
      return { type: 'KeepAliveMsg' };
    case 'route-refresh':
      return { type: 'RouteRefreshMsg', family: message.family };
  }
}
