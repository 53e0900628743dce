import { fromNumber, isIpv4, toNumber } from '../../net/address.ts';
import type { ExtendedCommunity } from '../extended-community.ts';
import { ByteReader, type ByteWriter, fromHex, toHex } from './bytes.ts';
import { macBytes, macText } from './evpn-nlri.ts';

/** Tunnel type VXLAN (RFC 9012 section 4.1, IANA BGP Tunnel Encapsulation). */
const VXLAN = 8;

/** Eight octets (RFC 4360 section 2). */
export function writeExtendedCommunity(out: ByteWriter, community: ExtendedCommunity): void {
  switch (community.type) {
    case 'route-target':
      writeRouteTarget(out, community.target.slice('target:'.length));
      return;
    case 'encapsulation':
      out.u8(0x03).u8(0x0c).u32(0).u16(VXLAN);
      return;
    case 'router-mac':
      out.u8(0x06).u8(0x03).raw(macBytes(community.mac));
      return;
    case 'mac-mobility':
      out
        .u8(0x06)
        .u8(0x00)
        .u8(community.sticky ? 1 : 0)
        .u8(0)
        .u32(community.sequence);
      return;
    case 'default-gateway':
      out.u8(0x03).u8(0x0d).u16(0).u32(0);
      return;
    case 'other':
      out.raw(fromHex(community.bytes) ?? new Uint8Array(8));
  }
}

export function readExtendedCommunity(input: ByteReader): ExtendedCommunity {
  const bytes = input.raw(8);
  return known(bytes) ?? { type: 'other', bytes: toHex(bytes) };
}

function known(bytes: Uint8Array): ExtendedCommunity | undefined {
  const input = new ByteReader(bytes);
  const type = input.u16();
  if (type === 0x0002) return { type: 'route-target', target: `target:${input.u16()}:${input.u32()}` };
  if (type === 0x0102) {
    return { type: 'route-target', target: `target:${fromNumber(input.u32())}:${input.u16()}` };
  }
  if (type === 0x0202) {
    const asn = input.u32();
    return asn > 0xffff ? { type: 'route-target', target: `target:${asn}:${input.u16()}` } : undefined;
  }
  if (type === 0x030c) {
    return input.u32() === 0 && input.u16() === VXLAN
      ? { type: 'encapsulation', tunnelType: 'vxlan' }
      : undefined;
  }
  if (type === 0x0603) return { type: 'router-mac', mac: macText(input.raw(6)) };
  if (type === 0x0600) {
    const flags = input.u8();
    if (flags > 1 || input.u8() !== 0) return undefined;
    return { type: 'mac-mobility', sticky: flags === 1, sequence: input.u32() };
  }
  if (type === 0x030d)
    return input.u16() === 0 && input.u32() === 0 ? { type: 'default-gateway' } : undefined;
  return undefined;
}

/** RFC 4360 section 4: two-octet AS, IPv4 address or four-octet AS (RFC 5668). */
function writeRouteTarget(out: ByteWriter, text: string): void {
  const colon = text.lastIndexOf(':');
  const administrator = text.slice(0, colon);
  const assigned = Number(text.slice(colon + 1));
  if (isIpv4(administrator)) out.u16(0x0102).u32(toNumber(administrator)).u16(assigned);
  else if (Number(administrator) <= 0xffff) out.u16(0x0002).u16(Number(administrator)).u32(assigned);
  else out.u16(0x0202).u32(Number(administrator)).u16(assigned);
}
