import type { Ipv4 } from '../net/address.ts';
import { survivesCollision } from './collision.ts';
import type { Call, Connections } from './fsm-event.ts';
import { keepalive, type Message, type Notification, type Open } from './message.ts';
import { collisionResolution, notificationText } from './notification.ts';
import { asnOf, makeOpen, refuseOpen } from './open.ts';
import type { ConnectionId, SessionState } from './outcome.ts';
import { createFsm, type Fsm, type Session } from './session.ts';

/** Milliseconds; RFC 4271 section 8.2.2 suggests 4 minutes until the first OPEN is here. */
const openHoldTime = 240_000;
/** A session that failed waits a second before it starts again, and twice as long after each further failure. */
const idleHoldTime = 1_000;
const longestIdleHoldTime = 16_000;

export function takeOpen(session: Session, fsm: Fsm, open: Open, call: Call): void {
  const refusal = refuseOpen(open, session, call.routerId);
  if (refusal !== undefined) {
    complain(session, fsm, refusal.notification, refusal.detail, call);
    return;
  }
  fsm.open = open;
  const rival = session.fsms.find(
    other => other !== fsm && (other.state === 'openconfirm' || other.state === 'established'),
  );
  if (rival !== undefined && !survivesCollision(session, fsm, rival, open, call.routerId)) {
    complain(session, fsm, collisionResolution, undefined, call);
    return;
  }
  negotiateTimers(session, fsm, open, call);
  send(fsm, keepalive, call);
  enter(session, fsm, 'openconfirm', 'OPEN accepted', call);
  if (rival !== undefined) complain(session, rival, collisionResolution, undefined, call);
}

function negotiateTimers(session: Session, fsm: Fsm, open: Open, call: Call): void {
  const { holdTime, keepaliveInterval } = session.config.timers;
  fsm.holdTime = Math.min(Math.ceil(holdTime / 1000), open.holdTime) * 1000;
  fsm.keepaliveInterval = fsm.holdTime === 0 ? 0 : Math.min(keepaliveInterval, fsm.holdTime / 3);
  restartHoldTimer(fsm, call);
  fsm.keepaliveTimer = fsm.keepaliveInterval === 0 ? undefined : call.now + fsm.keepaliveInterval;
}

export function establish(session: Session, fsm: Fsm, call: Call): void {
  if (fsm.open === undefined) throw new Error(`session with ${session.peer} confirmed without an OPEN`);
  for (const other of session.fsms) if (other !== fsm) hangUp(other, call);
  session.fsms = [fsm];
  session.failures = 0;
  session.peerAs = asnOf(fsm.open);
  session.internal = session.peerAs === session.config.localAs;
  enter(session, fsm, 'established', 'KEEPALIVE received', call);
  call.signals.push({ type: 'established', session });
}

export function dial(session: Session, fsm: Fsm, because: string, call: Call): void {
  const { localAddress, ttl, timers } = session.config;
  const connection = newConnection(session, fsm, call.connections);
  fsm.connection = connection;
  fsm.incoming = false;
  fsm.connectRetryTimer = call.now + timers.connectRetry;
  call.outcome.transport.push({
    type: 'open',
    connection,
    peer: session.peer,
    ...(localAddress === undefined ? {} : { localAddress }),
    ttl,
  });
  enter(session, fsm, 'connect', because, call);
}

/** Names a connection and remembers whose it is. */
export function newConnection(session: Session, fsm: Fsm, connections: Connections): ConnectionId {
  connections.last++;
  connections.byId.set(connections.last, { session, fsm });
  return connections.last;
}

export function greet(session: Session, fsm: Fsm, localAddress: Ipv4, because: string, call: Call): void {
  fsm.localAddress = localAddress;
  fsm.connectRetryTimer = undefined;
  fsm.holdTimer = call.now + openHoldTime;
  send(fsm, makeOpen(session.config, call.routerId), call);
  enter(session, fsm, 'opensent', because, call);
}

export function waitInActive(session: Session, fsm: Fsm, because: string, call: Call): void {
  session.lastError = because;
  stopTimers(fsm);
  fsm.connectRetryTimer = call.now + session.config.timers.connectRetry;
  enter(session, fsm, 'active', because, call);
}

export function complain(
  session: Session,
  fsm: Fsm,
  message: Notification,
  detail: string | undefined,
  call: Call,
): void {
  const text = sendNotification(session, fsm, message, detail, call);
  hangUp(fsm, call);
  end(session, fsm, text, true, call);
}

export function sendNotification(
  session: Session,
  fsm: Fsm,
  message: Notification,
  detail: string | undefined,
  call: Call,
): string {
  const name = notificationText(message);
  const text = detail === undefined ? name : `${name}: ${detail}`;
  send(fsm, message, call);
  const { errorCode: code, errorSubcode: subcode } = message;
  call.outcome.events.push({ type: 'notification-sent', peer: session.peer, code, subcode, text });
  return text;
}

export function send(fsm: Fsm, message: Message, call: Call): void {
  if (fsm.connection !== undefined) call.outcome.outbox.push({ connection: fsm.connection, message });
}

export function restartHoldTimer(fsm: Fsm, call: Call): void {
  fsm.holdTimer = fsm.holdTime === 0 ? undefined : call.now + fsm.holdTime;
}

export function hangUp(fsm: Fsm, call: Call): void {
  if (fsm.connection === undefined) return;
  call.outcome.transport.push({ type: 'close', connection: fsm.connection });
  release(fsm, call);
}

export function release(fsm: Fsm, call: Call): void {
  if (fsm.connection !== undefined) call.connections.byId.delete(fsm.connection);
  fsm.connection = undefined;
}

function stopTimers(fsm: Fsm): void {
  fsm.connectRetryTimer = undefined;
  fsm.holdTimer = undefined;
  fsm.keepaliveTimer = undefined;
  fsm.idleHoldTimer = undefined;
}

/** A state machine is done. If the other one lives, it is the session now; otherwise the session is idle for a while. */
export function end(session: Session, fsm: Fsm, because: string, restart: boolean, call: Call): void {
  const wasEstablished = fsm.state === 'established';
  if (session.fsms.length > 1) session.fsms = session.fsms.filter(other => other !== fsm);
  else {
    Object.assign(fsm, createFsm());
    if (restart) {
      fsm.idleHoldTimer = call.now + idleHold(session);
      session.failures++;
    }
    session.lastError = because;
  }
  publish(session, because, call);
  if (wasEstablished) call.signals.push({ type: 'lost', session });
}

/** A passive session listens again at once: how often is the connecting end's affair. */
function idleHold(session: Session): number {
  if (session.config.passive) return 0;
  return Math.min(idleHoldTime * 2 ** session.failures, longestIdleHoldTime);
}

export function enter(session: Session, fsm: Fsm, state: SessionState, because: string, call: Call): void {
  fsm.state = state;
  publish(session, because, call);
}

const rank: Readonly<Record<SessionState, number>> = {
  idle: 0,
  active: 1,
  connect: 2,
  opensent: 3,
  openconfirm: 4,
  established: 5,
};

function publish(session: Session, because: string, call: Call): void {
  let furthest: SessionState = 'idle';
  for (const { state } of session.fsms) if (rank[state] > rank[furthest]) furthest = state;
  if (furthest === session.state) return;
  const from = session.state;
  session.state = furthest;
  session.since = call.now;
  call.outcome.events.push({ type: 'session-changed', peer: session.peer, from, to: furthest, because });
}
