/** An IPv4 address in dotted decimal, canonical ("10.1.1.0"). IPv6 is not modelled (docs/not-modelled.md). */
export type Ipv4 = string;

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** True for canonical dotted decimal only: no leading zeros, no short forms. */
export function isIpv4(text: string): boolean {
  return ADDRESS.test(text);
}

/** The address as an unsigned 32-bit number. Throws RangeError on anything that is not an IPv4 address. */
export function toNumber(address: Ipv4): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      if (octet < 0) throw notAnAddress(address);
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else if (code >= 48 && code <= 57) {
      octet = (octet < 0 ? 0 : octet * 10) + (code - 48);
      if (octet > 255) throw notAnAddress(address);
    } else throw notAnAddress(address);
  }
  if (dots !== 3 || octet < 0) throw notAnAddress(address);
  return value * 256 + octet;
}

/** The address of an unsigned 32-bit number. */
export function fromNumber(value: number): Ipv4 {
  return `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** Numeric order, as every router sorts addresses. */
export function compareAddresses(a: Ipv4, b: Ipv4): number {
  return toNumber(a) - toNumber(b);
}

/** The address `step` addresses further on (may be negative). */
export function addressPlus(address: Ipv4, step: number): Ipv4 {
  return fromNumber((toNumber(address) + step) >>> 0);
}

function notAnAddress(text: string): RangeError {
  return new RangeError(`not an IPv4 address: "${text}"`);
}
