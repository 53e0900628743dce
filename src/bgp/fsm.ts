import {
  complain,
  dial,
  end,
  enter,
  establish,
  greet,
  hangUp,
  release,
  restartHoldTimer,
  send,
  sendNotification,
  takeOpen,
  waitInActive,
} from './fsm-actions.ts';
import type { Call, FsmEvent } from './fsm-event.ts';
import { keepalive } from './message.ts';
import { holdTimerExpired, notification, notificationText } from './notification.ts';
import type { SessionState } from './outcome.ts';
import type { Fsm, Session } from './session.ts';

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
