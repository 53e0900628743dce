import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { RuleName } from './decision.ts';
import type { Message, Update } from './message.ts';
import type { Family, Nlri, PathAttributes } from './route.ts';

/** Names a transport connection of one speaker; given out by the speaker, never reused. */
export type ConnectionId = number;

export type SessionState = 'idle' | 'connect' | 'active' | 'opensent' | 'openconfirm' | 'established';

/** What a call led to. A speaker never sends: whoever hosts it delivers the outbox and obeys `transport`, in order. */
export type Outcome = {
  readonly outbox: OutgoingMessage[];
  readonly transport: TransportRequest[];
  readonly events: SpeakerEvent[];
  /** What the Loc-RIB holds now and did not before; at most one entry per route and call. */
  readonly changes: RouteChange[];
};

export type OutgoingMessage = { readonly connection: ConnectionId; readonly message: Message };

export type TransportRequest =
  | {
      readonly type: 'open';
      readonly connection: ConnectionId;
      readonly peer: Ipv4;
      /** Undefined: the address of the outgoing interface. */
      readonly localAddress?: Ipv4;
      readonly ttl: number;
    }
  /** Messages of the same outcome for this connection go out before it closes. */
  | { readonly type: 'close'; readonly connection: ConnectionId };

export type SpeakerEvent =
  | {
      readonly type: 'session-changed';
      readonly peer: Ipv4;
      readonly from: SessionState;
      readonly to: SessionState;
      readonly because: string;
    }
  | {
      readonly type: 'notification-sent' | 'notification-received';
      readonly peer: Ipv4;
      readonly code: number;
      readonly subcode: number;
      /** "OPEN Message Error / Bad Peer AS: expected 65201, got 65299". */
      readonly text: string;
    }
  | { readonly type: 'update-sent' | 'update-received'; readonly peer: Ipv4; readonly update: Update };

/** A path as others see it. */
export type Path = {
  readonly nlri: Nlri;
  readonly nextHop: Ipv4;
  /** After the import policy. */
  readonly attributes: PathAttributes;
  /** Session it came over. */
  readonly peer: Ipv4;
  readonly peerAs: Asn;
  readonly internal: boolean;
  /** IGP cost to the next hop. */
  readonly cost: number;
  readonly receivedAt: number;
};

/**
 * What BGP offers the route table for one NLRI changed. Only received paths count: routes that the host originated
 * are its own and are not offered back to it.
 */
export type RouteChange =
  | {
      readonly type: 'route-chosen';
      readonly family: Family;
      readonly nlri: Nlri;
      readonly best: Path;
      /** Best first, then those that share the load. */
      readonly used: readonly Path[];
      /** Empty when there was none. */
      readonly previously: readonly Path[];
      readonly decidedBy: RuleName;
    }
  | {
      readonly type: 'route-lost';
      readonly family: Family;
      readonly nlri: Nlri;
      readonly previously: readonly Path[];
    };
