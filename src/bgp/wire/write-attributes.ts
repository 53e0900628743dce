import { toNumber } from '../../net/address.ts';
import type { Asn } from '../../net/asn.ts';
import type { PathAttributes } from '../route.ts';
import {
  AS_PATH,
  AS4_PATH,
  CLUSTER_LIST,
  COMMUNITIES,
  EXTENDED_COMMUNITIES,
  EXTENDED_LENGTH,
  flagsOf,
  LOCAL_PREF,
  MULTI_EXIT_DISC,
  ORIGIN,
  ORIGINATOR_ID,
  PARTIAL,
} from './attribute-codes.ts';
import { ByteWriter, fromHex } from './bytes.ts';
import { writeExtendedCommunity } from './extended-community.ts';

/** Stands for an AS number that does not fit two octets (RFC 6793 section 4.2.2). */
export const AS_TRANS = 23456;

const ORIGIN_CODES = { igp: 0, egp: 1, incomplete: 2 } as const;

/** Writes one attribute: flags, code, length, value. */
export function writeAttribute(out: ByteWriter, code: number, value: Uint8Array, extraFlags = 0): void {
  const flags = (flagsOf(code) ?? 0) | extraFlags;
  if (value.length > 255)
    out
      .u8(flags | EXTENDED_LENGTH)
      .u8(code)
      .u16(value.length);
  else out.u8(flags).u8(code).u8(value.length);
  out.raw(value);
}

/** All attributes but the next hop and the MP ones, in order of their codes. */
export function writeAttributes(out: ByteWriter, attributes: PathAttributes, fourOctetAs: boolean): void {
  writeAttribute(out, ORIGIN, Uint8Array.of(ORIGIN_CODES[attributes.origin]));
  writeAttribute(out, AS_PATH, asPathBytes(attributes.asPath, fourOctetAs));
  if (attributes.med !== undefined) writeAttribute(out, MULTI_EXIT_DISC, four([attributes.med]));
  if (attributes.localPref !== undefined) writeAttribute(out, LOCAL_PREF, four([attributes.localPref]));
  if (attributes.communities.length > 0)
    writeAttribute(out, COMMUNITIES, four(attributes.communities.map(communityNumber)));
  if (attributes.originatorId !== undefined) {
    writeAttribute(out, ORIGINATOR_ID, four([toNumber(attributes.originatorId)]));
  }
  if (attributes.clusterList.length > 0)
    writeAttribute(out, CLUSTER_LIST, four(attributes.clusterList.map(toNumber)));
  if (attributes.extendedCommunities.length > 0) {
    const value = new ByteWriter();
    for (const community of attributes.extendedCommunities) writeExtendedCommunity(value, community);
    writeAttribute(out, EXTENDED_COMMUNITIES, value.done());
  }
  if (!fourOctetAs && attributes.asPath.some(asn => asn > 0xffff)) {
    writeAttribute(out, AS4_PATH, asPathBytes(attributes.asPath, true));
  }
  for (const other of attributes.unrecognized ?? []) {
    writeUnrecognized(out, other.code, fromHex(other.bytes) ?? new Uint8Array(0));
  }
}

/** AS_SEQUENCE segments of at most 255 (RFC 4271 section 4.3). */
function asPathBytes(path: readonly Asn[], fourOctetAs: boolean): Uint8Array {
  const out = new ByteWriter();
  for (let from = 0; from < path.length; from += 255) {
    const segment = path.slice(from, from + 255);
    out.u8(2).u8(segment.length);
    for (const asn of segment) {
      if (fourOctetAs) out.u32(asn);
      else out.u16(asn > 0xffff ? AS_TRANS : asn);
    }
  }
  return out.done();
}

/** What we do not know is passed on with the Partial bit set (RFC 4271 section 5). */
function writeUnrecognized(out: ByteWriter, code: number, value: Uint8Array): void {
  writeAttribute(out, code, value, 0xc0 | PARTIAL);
}

function four(values: readonly number[]): Uint8Array {
  const out = new ByteWriter();
  for (const value of values) out.u32(value);
  return out.done();
}

function communityNumber(text: string): number {
  const [high, low] = text.split(':');
  return Number(high) * 65536 + Number(low);
}
