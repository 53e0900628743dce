import { fromNumber, type Ipv4, isIpv4, toNumber } from './address.ts';

/** An IPv4 prefix in CIDR form with host bits zero ("10.254.254.240/28"). */
export type Ipv4Prefix = string;

/** An address with its prefix length, host bits kept, as on an interface ("192.168.101.1/24"). */
export type Ipv4InterfaceAddress = string;

/** True for `address/length` with a canonical address and a length of 0 to 32; host bits may be set. */
export function isAddressWithLength(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return false;
  const length = text.slice(slash + 1);
  return isIpv4(text.slice(0, slash)) && /^(\d|[12]\d|3[0-2])$/.test(length);
}

/** True for a prefix whose host bits are all zero. */
export function isPrefix(text: string): boolean {
  return isAddressWithLength(text) && networkOf(text) === text;
}

/** The address part of "192.168.101.1/24". */
export function addressOf(withLength: Ipv4InterfaceAddress | Ipv4Prefix): Ipv4 {
  return withLength.slice(0, withLength.indexOf('/'));
}

/** The length part of "192.168.101.1/24". */
export function lengthOf(withLength: Ipv4InterfaceAddress | Ipv4Prefix): number {
  return Number(withLength.slice(withLength.indexOf('/') + 1));
}

/** The netmask of a prefix length as an unsigned 32-bit number. */
export function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

/** The prefix an interface address lies in: "192.168.101.1/24" gives "192.168.101.0/24". */
export function networkOf(withLength: Ipv4InterfaceAddress): Ipv4Prefix {
  const length = lengthOf(withLength);
  return `${fromNumber((toNumber(addressOf(withLength)) & maskOf(length)) >>> 0)}/${length}`;
}

/** The host route of an address. */
export function hostPrefix(address: Ipv4): Ipv4Prefix {
  return `${address}/32`;
}

/** Whether the prefix contains the address. */
export function containsAddress(prefix: Ipv4Prefix, address: Ipv4): boolean {
  const mask = maskOf(lengthOf(prefix));
  return (toNumber(addressOf(prefix)) & mask) === (toNumber(address) & mask);
}

/** Whether `outer` contains all of `inner` (a prefix contains itself). */
export function containsPrefix(outer: Ipv4Prefix, inner: Ipv4Prefix): boolean {
  return lengthOf(outer) <= lengthOf(inner) && containsAddress(outer, addressOf(inner));
}

/** Order by address, then shorter first: the order of a route table. */
export function comparePrefixes(a: Ipv4Prefix, b: Ipv4Prefix): number {
  return toNumber(addressOf(a)) - toNumber(addressOf(b)) || lengthOf(a) - lengthOf(b);
}
