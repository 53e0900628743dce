import { fromNumber, toNumber } from '../../net/address.ts';
import { addressOf, type Ipv4Prefix, lengthOf, maskOf } from '../../net/prefix.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** RFC 4271 section 4.3: length in bits, then just the octets it needs. */
export function writePrefix(out: ByteWriter, prefix: Ipv4Prefix): void {
  const length = lengthOf(prefix);
  const address = toNumber(addressOf(prefix));
  out.u8(length);
  for (let octet = 0; octet * 8 < length; octet++) out.u8((address >>> (24 - octet * 8)) & 255);
}

/** Octets that `writePrefix` writes. */
export function prefixSize(prefix: Ipv4Prefix): number {
  return 1 + Math.ceil(lengthOf(prefix) / 8);
}

/** A prefix; undefined when its length is above 32 (the whole field is then unreadable). Bits behind the length do not matter. */
export function readPrefix(input: ByteReader): Ipv4Prefix | undefined {
  const length = input.u8();
  if (length > 32) return undefined;
  let address = 0;
  for (let octet = 0; octet < 4; octet++) {
    address = address * 256 + (octet * 8 < length ? input.u8() : 0);
  }
  return `${fromNumber((address & maskOf(length)) >>> 0)}/${length}`;
}
