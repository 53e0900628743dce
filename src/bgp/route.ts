import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';
import type { EvpnNlri } from './evpn.ts';
import type { ExtendedCommunity } from './extended-community.ts';

/** Address families a speaker knows (RFC 4760: AFI 1 SAFI 1, and AFI 25 SAFI 70). */
export type Family = 'ipv4-unicast' | 'evpn';

export const families: readonly Family[] = ['ipv4-unicast', 'evpn'];

/** What is announced: a prefix, or an EVPN route. Immutable, so every speaker of a lab may share one object. */
export type Nlri = Ipv4Prefix | EvpnNlri;

/** The key under which a RIB files the NLRI: two NLRI with one key replace each other. */
export function nlriKey(nlri: Nlri): string {
  return typeof nlri === 'string' ? nlri : nlri.key;
}

export type Origin = 'igp' | 'egp' | 'incomplete';

/**
 * Path attributes (RFC 4271 section 5, RFC 4360, RFC 4456). Immutable and shared: a thousand prefixes announced
 * alike hold one object. The next hop stands beside it (in `Update.nextHop`), as MP_REACH_NLRI has it, so that
 * announcements to many peers can share their attributes too.
 */
export type PathAttributes = {
  readonly origin: Origin;
  /** One AS_SEQUENCE, nearest AS first. AS_SET is not modelled (deprecated by RFC 9774). */
  readonly asPath: readonly Asn[];
  readonly med?: number;
  readonly localPref?: number;
  /** "65001:100". */
  readonly communities: readonly string[];
  readonly extendedCommunities: readonly ExtendedCommunity[];
  readonly originatorId?: Ipv4;
  readonly clusterList: readonly Ipv4[];
  /** Optional transitive attributes this speaker does not know: passed on untouched (RFC 4271 section 5). */
  readonly unrecognized?: readonly UnrecognizedAttribute[];
};

/** `bytes` is the value as "0x…". */
export type UnrecognizedAttribute = { readonly code: number; readonly bytes: string };

/** Attributes of a route that a router originates itself. */
export const originAttributes: PathAttributes = {
  origin: 'igp',
  asPath: [],
  communities: [],
  extendedCommunities: [],
  clusterList: [],
};
