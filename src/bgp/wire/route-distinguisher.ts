import { fromNumber, isIpv4, toNumber } from '../../net/address.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { fromHex, toHex } from './bytes.ts';

/** RFC 4364 section 4.2: "65123:4" (type 0, or 2 with a four-octet AS), "1.1.1.1:4" (type 1); other types stay hexadecimal. */
export function writeRouteDistinguisher(out: ByteWriter, text: string): void {
  const raw = fromHex(text);
  if (raw !== undefined) {
    out.raw(raw);
    return;
  }
  const colon = text.lastIndexOf(':');
  const administrator = text.slice(0, colon);
  const assigned = Number(text.slice(colon + 1));
  if (isIpv4(administrator)) out.u16(1).u32(toNumber(administrator)).u16(assigned);
  else if (Number(administrator) <= 0xffff) out.u16(0).u16(Number(administrator)).u32(assigned);
  else out.u16(2).u32(Number(administrator)).u16(assigned);
}

export function readRouteDistinguisher(input: ByteReader): string {
  const type = input.u16();
  if (type === 0) return `${input.u16()}:${input.u32()}`;
  if (type === 1) return `${fromNumber(input.u32())}:${input.u16()}`;
  if (type === 2) {
    const administrator = input.u32();
    const assigned = input.u16();
    // A small AS in the large form has no text of its own.
    if (administrator > 0xffff) return `${administrator}:${assigned}`;
    return toHex(
      Uint8Array.of(0, 2, 0, 0, administrator >>> 8, administrator & 255, assigned >>> 8, assigned & 255),
    );
  }
  const rest = input.raw(6);
  return toHex(Uint8Array.of(type >>> 8, type & 255, ...rest));
}
