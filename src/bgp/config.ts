import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';
import type { PolicyConfig, PrefixSetConfig } from './policy.ts';
import type { Family } from './route.ts';

/**
 * What a speaker is told. Times are milliseconds. The shape is that of SR Linux's BGP configuration with every
 * default filled in, so a switch's configuration fits as it stands.
 */
export type SpeakerConfig = {
  readonly adminState: boolean;
  readonly autonomousSystem: Asn;
  readonly routerId: Ipv4;
  /** RFC 8212: true rejects what an eBGP session without a policy takes or gives. */
  readonly ebgpDefaultPolicy: { readonly importRejectAll: boolean; readonly exportRejectAll: boolean };
  readonly families: readonly FamilyConfig[];
  /** Withdrawals do not wait for the minimum advertisement interval. */
  readonly rapidWithdrawal: boolean;
  readonly neighbors: readonly NeighborConfig[];
  readonly dynamicNeighbors: readonly DynamicNeighborConfig[];
  readonly policies: readonly PolicyConfig[];
  readonly prefixSets: readonly PrefixSetConfig[];
  /** Prefer the route received first among eBGP routes (RFC 5004). Off by default: results then depend on history. */
  readonly preferOldest?: boolean;
  /** Do not announce a route to a peer whose AS its path already holds. Off by default: the receiver drops it. */
  readonly senderSideLoopDetection?: boolean;
};

export type FamilyConfig = {
  readonly name: Family;
  readonly adminState: boolean;
  /** Maximum paths, 1 for none; `allowMultipleAs` lets paths through different neighbour ASs share the load. */
  readonly multipath: { readonly ebgp: number; readonly ibgp: number; readonly allowMultipleAs: boolean };
};

/** What a session is made of, whether configured by address or accepted dynamically. */
export type SessionConfig = {
  readonly group: string;
  readonly adminState: boolean;
  /** The AS spoken on this session. Equal to the peer's: an internal session. */
  readonly localAs: Asn;
  readonly families: readonly Family[];
  readonly importPolicies: readonly string[];
  readonly exportPolicies: readonly string[];
  readonly nextHopSelf: boolean;
  readonly sendDefaultRoute: boolean;
  readonly ttl: number;
  readonly bfd: boolean;
  readonly fastFailover: boolean;
  readonly timers: TimersConfig;
  readonly localAddress?: Ipv4;
  readonly passive: boolean;
  readonly routeReflectorClient: boolean;
  readonly clusterId?: Ipv4;
};

export type TimersConfig = {
  readonly connectRetry: number;
  readonly holdTime: number;
  readonly keepaliveInterval: number;
  readonly minimumAdvertisementInterval: number;
};

export type NeighborConfig = SessionConfig & { readonly peerAddress: Ipv4; readonly peerAs: Asn };

export type DynamicNeighborConfig = SessionConfig & {
  readonly prefix: Ipv4Prefix;
  readonly allowedPeerAs: readonly AsnRange[];
  /** 0 means no limit. */
  readonly maxSessions: number;
};

export type AsnRange = { readonly from: Asn; readonly to: Asn };
