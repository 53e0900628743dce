import type { Capability } from '../message.ts';
import type { Family } from '../route.ts';
import { type ByteReader, ByteWriter } from './bytes.ts';

/** AFI and SAFI of the families (IANA). */
const CODES: Readonly<Record<Family, { afi: number; safi: number }>> = {
  'ipv4-unicast': { afi: 1, safi: 1 },
  evpn: { afi: 25, safi: 70 },
};

export function writeFamily(out: ByteWriter, family: Family): void {
  out.u16(CODES[family].afi).u8(CODES[family].safi);
}

/** The family of an AFI and SAFI, undefined for one this speaker does not know. */
export function familyOf(afi: number, safi: number): Family | undefined {
  if (afi === 1 && safi === 1) return 'ipv4-unicast';
  return afi === 25 && safi === 70 ? 'evpn' : undefined;
}

/** Code, length, value (RFC 5492 section 4). */
export function writeCapability(out: ByteWriter, capability: Capability): void {
  switch (capability.type) {
    case 'multiprotocol':
      out.u8(1).u8(4).u16(CODES[capability.family].afi).u8(0).u8(CODES[capability.family].safi);
      return;
    case 'route-refresh':
      out.u8(2).u8(0);
      return;
    case 'four-octet-as':
      out.u8(65).u8(4).u32(capability.asn);
  }
}

/** A capability, undefined for one this speaker does not know: those are passed over (RFC 5492 section 3). */
export function readCapability(input: ByteReader): Capability | undefined {
  const code = input.u8();
  const value = input.part(input.u8());
  if (code === 1 && value.left === 4) {
    const afi = value.u16();
    value.u8();
    const family = familyOf(afi, value.u8());
    return family && { type: 'multiprotocol', family };
  }
  if (code === 2 && value.left === 0) return { type: 'route-refresh' };
  if (code === 65 && value.left === 4) return { type: 'four-octet-as', asn: value.u32() };
  return undefined;
}

export function capabilityBytes(capability: Capability): Uint8Array {
  const out = new ByteWriter();
  writeCapability(out, capability);
  return out.done();
}
