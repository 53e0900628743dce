import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { Family, Nlri, PathAttributes } from './route.ts';

/** BGP messages as data, with the RFC's field names (RFC 4271 section 4, RFC 2918). Immutable: a message may be shared. */
export type Message = Open | Update | Notification | Keepalive | RouteRefresh;

export type Open = {
  readonly type: 'open';
  readonly version: 4;
  /** The real AS; on the wire AS_TRANS stands here when it does not fit two octets (RFC 6793). */
  readonly myAutonomousSystem: Asn;
  /** Seconds, as on the wire. */
  readonly holdTime: number;
  readonly bgpIdentifier: Ipv4;
  readonly capabilities: readonly Capability[];
};

/** RFC 5492. */
export type Capability =
  | { readonly type: 'multiprotocol'; readonly family: Family }
  | { readonly type: 'four-octet-as'; readonly asn: Asn }
  | { readonly type: 'route-refresh' };

/**
 * One attribute set with the routes that share it, and routes no longer reachable. Without any of them it is an
 * End-of-RIB marker (RFC 4724 section 2). `nextHop` and `attributes` are there exactly when `announced` is not empty.
 */
export type Update = {
  readonly type: 'update';
  readonly family: Family;
  readonly withdrawn: readonly Nlri[];
  readonly announced: readonly Nlri[];
  readonly nextHop?: Ipv4;
  readonly attributes?: PathAttributes;
};

export type Notification = {
  readonly type: 'notification';
  readonly errorCode: number;
  readonly errorSubcode: number;
  /** Shutdown communication (RFC 9003) or the offending value, as text. */
  readonly data?: string;
};

export type Keepalive = { readonly type: 'keepalive' };

export type RouteRefresh = { readonly type: 'route-refresh'; readonly family: Family };

export const keepalive: Keepalive = { type: 'keepalive' };

export function isEndOfRib(update: Update): boolean {
  return update.announced.length === 0 && update.withdrawn.length === 0;
}
