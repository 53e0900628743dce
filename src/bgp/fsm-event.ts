import type { Ipv4 } from '../net/address.ts';
import type { Notification, Open, Update } from './message.ts';
import type { ConnectionId, Outcome } from './outcome.ts';
import type { Family } from './route.ts';
import type { Fsm, Session } from './session.ts';

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
