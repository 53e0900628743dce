import type { Ipv4 } from '../net/address.ts';
import { survivesCollision } from './collision.ts';
import { keepalive, type Message, type Notification, type Open, type Update } from './message.ts';
import { collisionResolution, holdTimerExpired, notification, notificationText } from './notification.ts';
import { asnOf, makeOpen, refuseOpen } from './open.ts';
import type { ConnectionId, Outcome, SessionState } from './outcome.ts';
import type { Family } from './route.ts';
import { createFsm, type Fsm, type Session } from './session.ts';

/** Events of RFC 4271 section 8.1, by their names there. */
export type FsmEvent =
  | { readonly type: 'AutomaticStart' }
  /** Events 2 and 8: `restart` false stays down until told otherwise. */
  | {
      readonly type: 'Stop';
      readonly notification: Notification;
      readonly because: string;
      readonly restart: boolean;
    }
  | { readonly type: 'ConnectRetryTimer_Expires' }
  | { readonly type: 'HoldTimer_Expires' }
  | { readonly type: 'KeepaliveTimer_Expires' }
  | { readonly type: 'IdleHoldTimer_Expires' }
  | { readonly type: 'Tcp_CR_Acked'; readonly localAddress: Ipv4 }
  | {
      readonly type: 'TcpConnectionConfirmed';
      readonly connection: ConnectionId;
      readonly localAddress: Ipv4;
    }
  | { readonly type: 'TcpConnectionFails'; readonly because: string }
  | { readonly type: 'BGPOpen'; readonly open: Open }
  | { readonly type: 'NotifMsg'; readonly notification: Notification }
  | { readonly type: 'KeepAliveMsg' }
  | { readonly type: 'UpdateMsg'; readonly update: Update }
  | { readonly type: 'RouteRefreshMsg'; readonly family: Family };

/** What the rest of the speaker has to do because of the state machine. */
export type Signal =
  | { readonly type: 'established'; readonly session: Session }
  | { readonly type: 'lost'; readonly session: Session }
  | { readonly type: 'update'; readonly session: Session; readonly update: Update }
  | { readonly type: 'refresh'; readonly session: Session; readonly family: Family };

/** One call's work: the state machine and everything it sets off share it. */
export type Call = {
  readonly now: number;
  readonly routerId: Ipv4;
  readonly outcome: Outcome;
  readonly signals: Signal[];
  readonly connections: Connections;
};

/** Open connections and connection attempts. */
export type Connections = {
  last: ConnectionId;
  readonly byId: Map<ConnectionId, { readonly session: Session; readonly fsm: Fsm }>;
};

/** Milliseconds; RFC 4271 section 8.2.2 suggests 4 minutes until the first OPEN is here. */
const openHoldTime = 240_000;
/** A session that failed waits a second before it starts again, and twice as long after each further failure. */
const idleHoldTime = 1_000;
const longestIdleHoldTime = 16_000;

/** Runs one event through one state machine of a session. */
export function step(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  states[fsm.state](session, fsm, event, call);
}

type State = (session: Session, fsm: Fsm, event: FsmEvent, call: Call) => void;

const states: Readonly<Record<SessionState, State>> = {
  idle,
  connect,
  active,
  opensent: openSent,
  openconfirm: openConfirm,
  established,
};

function idle(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'AutomaticStart':
    case 'IdleHoldTimer_Expires':
      fsm.idleHoldTimer = undefined;
      if (session.config.passive || session.range !== undefined) {
        enter(session, fsm, 'active', 'waits for the peer to connect', call);
      } else dial(session, fsm, 'session starts', call);
      return;
    case 'Stop':
      if (!event.restart) fsm.idleHoldTimer = undefined;
      return;
    default:
      return;
  }
}

function connect(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'Tcp_CR_Acked':
      greet(session, fsm, event.localAddress, 'transport connection is open', call);
      return;
    case 'TcpConnectionFails':
      // RFC 4271 goes to Idle here; routers in the field wait in Active, where they also take the peer's connection.
      release(fsm, call);
      waitInActive(session, fsm, event.because, call);
      return;
    case 'ConnectRetryTimer_Expires':
      hangUp(fsm, call);
      dial(session, fsm, 'connect-retry timer expired', call);
      return;
    case 'Stop':
      hangUp(fsm, call);
      end(session, fsm, event.because, event.restart, call);
      return;
    default:
      return;
  }
}

function active(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'TcpConnectionConfirmed':
      fsm.connection = event.connection;
      fsm.incoming = true;
      greet(session, fsm, event.localAddress, 'peer connected', call);
      return;
    case 'AutomaticStart':
    case 'ConnectRetryTimer_Expires':
      if (session.config.passive || session.range !== undefined) return;
      dial(
        session,
        fsm,
        event.type === 'AutomaticStart' ? 'peer is reachable' : 'connect-retry timer expired',
        call,
      );
      return;
    case 'Stop':
      end(session, fsm, event.because, event.restart, call);
      return;
    default:
      return;
  }
}

function openSent(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'BGPOpen':
      takeOpen(session, fsm, event.open, call);
      return;
    case 'TcpConnectionFails':
      release(fsm, call);
      if (session.fsms.length > 1 || session.range !== undefined)
        end(session, fsm, event.because, true, call);
      else waitInActive(session, fsm, event.because, call);
      return;
    case 'KeepAliveMsg':
    case 'UpdateMsg':
    case 'RouteRefreshMsg':
      complain(session, fsm, notification(5, 1), undefined, call);
      return;
    default:
      inConversation(session, fsm, event, call);
  }
}

function openConfirm(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'KeepAliveMsg':
      restartHoldTimer(fsm, call);
      establish(session, fsm, call);
      return;
    case 'BGPOpen':
    case 'UpdateMsg':
    case 'RouteRefreshMsg':
      complain(session, fsm, notification(5, 2), undefined, call);
      return;
    default:
      inConversation(session, fsm, event, call);
  }
}

function established(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'KeepAliveMsg':
      restartHoldTimer(fsm, call);
      return;
    case 'UpdateMsg':
      restartHoldTimer(fsm, call);
      call.signals.push({ type: 'update', session, update: event.update });
      return;
    case 'RouteRefreshMsg':
      restartHoldTimer(fsm, call);
      call.signals.push({ type: 'refresh', session, family: event.family });
      return;
    case 'BGPOpen':
      complain(session, fsm, notification(5, 3), undefined, call);
      return;
    default:
      inConversation(session, fsm, event, call);
  }
}

/** What OpenSent, OpenConfirm and Established answer alike. */
function inConversation(session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  switch (event.type) {
    case 'KeepaliveTimer_Expires':
      send(fsm, keepalive, call);
      fsm.keepaliveTimer = call.now + fsm.keepaliveInterval;
      return;
    case 'HoldTimer_Expires':
      complain(session, fsm, holdTimerExpired, undefined, call);
      return;
    case 'Stop':
      sendNotification(session, fsm, event.notification, undefined, call);
      hangUp(fsm, call);
      end(session, fsm, event.because, event.restart, call);
      return;
    case 'NotifMsg': {
      const text = notificationText(event.notification);
      const { errorCode: code, errorSubcode: subcode } = event.notification;
      call.outcome.events.push({ type: 'notification-received', peer: session.peer, code, subcode, text });
      hangUp(fsm, call);
      end(session, fsm, `peer sent ${text}`, true, call);
      return;
    }
    case 'TcpConnectionFails':
      release(fsm, call);
      end(session, fsm, event.because, true, call);
      return;
    default:
      return;
  }
}

function takeOpen(session: Session, fsm: Fsm, open: Open, call: Call): void {
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

function establish(session: Session, fsm: Fsm, call: Call): void {
  if (fsm.open === undefined) throw new Error(`session with ${session.peer} confirmed without an OPEN`);
  for (const other of session.fsms) if (other !== fsm) hangUp(other, call);
  session.fsms = [fsm];
  session.failures = 0;
  session.peerAs = asnOf(fsm.open);
  session.internal = session.peerAs === session.config.localAs;
  enter(session, fsm, 'established', 'KEEPALIVE received', call);
  call.signals.push({ type: 'established', session });
}

function dial(session: Session, fsm: Fsm, because: string, call: Call): void {
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

function greet(session: Session, fsm: Fsm, localAddress: Ipv4, because: string, call: Call): void {
  fsm.localAddress = localAddress;
  fsm.connectRetryTimer = undefined;
  fsm.holdTimer = call.now + openHoldTime;
  send(fsm, makeOpen(session.config, call.routerId), call);
  enter(session, fsm, 'opensent', because, call);
}

function waitInActive(session: Session, fsm: Fsm, because: string, call: Call): void {
  session.lastError = because;
  stopTimers(fsm);
  fsm.connectRetryTimer = call.now + session.config.timers.connectRetry;
  enter(session, fsm, 'active', because, call);
}

function complain(
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

function sendNotification(
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

function send(fsm: Fsm, message: Message, call: Call): void {
  if (fsm.connection !== undefined) call.outcome.outbox.push({ connection: fsm.connection, message });
}

function restartHoldTimer(fsm: Fsm, call: Call): void {
  fsm.holdTimer = fsm.holdTime === 0 ? undefined : call.now + fsm.holdTime;
}

function hangUp(fsm: Fsm, call: Call): void {
  if (fsm.connection === undefined) return;
  call.outcome.transport.push({ type: 'close', connection: fsm.connection });
  release(fsm, call);
}

function release(fsm: Fsm, call: Call): void {
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
function end(session: Session, fsm: Fsm, because: string, restart: boolean, call: Call): void {
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

function enter(session: Session, fsm: Fsm, state: SessionState, because: string, call: Call): void {
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
