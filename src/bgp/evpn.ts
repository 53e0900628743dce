import type { Ipv4 } from '../net/address.ts';
import type { Mac } from '../net/mac.ts';
import { addressOf, type Ipv4Prefix, lengthOf } from '../net/prefix.ts';
import type { Nlri } from './route.ts';

/** EVPN routes (RFC 7432, 9136). `key` holds what identifies the route: labels and VNIs are not part of it. */
export type EvpnNlri = MacIpRoute | InclusiveMulticastRoute | IpPrefixRoute;

/** Type 2, MAC/IP Advertisement (RFC 7432 section 7.2). */
export type MacIpRoute = {
  readonly routeType: 2;
  readonly key: string;
  /** "1.1.1.1:1". */
  readonly routeDistinguisher: string;
  readonly ethernetTag: number;
  readonly mac: Mac;
  readonly ip?: Ipv4;
  /** Bridge domain, RFC 8365 section 5.1.3. */
  readonly vni: number;
  /** Routed VRF in symmetric routing (RFC 9135 section 5.1). */
  readonly vni2?: number;
};

/** Type 3, Inclusive Multicast Ethernet Tag (RFC 7432 section 7.3); the VNI travels in the PMSI tunnel attribute. */
export type InclusiveMulticastRoute = {
  readonly routeType: 3;
  readonly key: string;
  readonly routeDistinguisher: string;
  readonly ethernetTag: number;
  readonly originatingRouter: Ipv4;
  readonly vni: number;
};

/** Type 5, IP Prefix (RFC 9136 section 3.1). */
export type IpPrefixRoute = {
  readonly routeType: 5;
  readonly key: string;
  readonly routeDistinguisher: string;
  readonly ethernetTag: number;
  readonly prefix: Ipv4Prefix;
  /** "0.0.0.0" in the interface-less model. */
  readonly gateway: Ipv4;
  readonly vni: number;
};

export function macIpRoute(of: Omit<MacIpRoute, 'routeType' | 'key'>): MacIpRoute {
  const key = `[2]:[${of.routeDistinguisher}]:[${of.ethernetTag}]:[${of.mac}]:[${of.ip ?? ''}]`;
  return { routeType: 2, key, ...of };
}

export function inclusiveMulticastRoute(
  of: Omit<InclusiveMulticastRoute, 'routeType' | 'key'>,
): InclusiveMulticastRoute {
  const key = `[3]:[${of.routeDistinguisher}]:[${of.ethernetTag}]:[${of.originatingRouter}]`;
  return { routeType: 3, key, ...of };
}

export function ipPrefixRoute(of: Omit<IpPrefixRoute, 'routeType' | 'key'>): IpPrefixRoute {
  const prefix = `${lengthOf(of.prefix)}]:[${addressOf(of.prefix)}`;
  const key = `[5]:[${of.routeDistinguisher}]:[${of.ethernetTag}]:[${prefix}]`;
  return { routeType: 5, key, ...of };
}

/** Whether two NLRI with one key say the same: labels and gateways are not part of the key. */
export function sameNlri(a: Nlri, b: Nlri): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string') return false;
  if (a.key !== b.key || a.vni !== b.vni) return false;
  if (a.routeType === 2 && b.routeType === 2) return a.vni2 === b.vni2;
  if (a.routeType === 5 && b.routeType === 5) return a.gateway === b.gateway;
  return true;
}
