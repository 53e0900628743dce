import { fromNumber, type Ipv4, isIpv4, toNumber } from '../../net/address.ts';
import { addressOf, isAddressWithLength, lengthOf, maskOf } from '../../net/prefix.ts';

/** Consecutive addresses, both ends included, as numbers. */
export type AddressRange = { readonly from: number; readonly to: number; readonly text: string };

/** Reads a pool's `addresses`: prefixes and ranges ("10.0.0.1-10.0.0.9"). */
export function parseAddresses(
  texts: readonly string[],
): { readonly ranges: readonly AddressRange[] } | { readonly problem: string } {
  if (texts.length === 0) return { problem: 'pool has no prefixes defined' };
  const ranges: AddressRange[] = [];
  for (const text of texts) {
    const range = parseRange(text);
    if (typeof range === 'string') return { problem: range };
    ranges.push(range);
  }
  return { ranges };
}

export function rangeContains(range: AddressRange, address: Ipv4): boolean {
  const number = toNumber(address);
  return range.from <= number && number <= range.to;
}

export function sizeOf(ranges: readonly AddressRange[]): number {
  return ranges.reduce((sum, range) => sum + range.to - range.from + 1, 0);
}

/** The addresses in order. `avoidBuggy` leaves out those that end in .0 and .255. */
export function* addressesIn(ranges: readonly AddressRange[], avoidBuggy: boolean): Generator<Ipv4> {
  for (const { from, to } of ranges) {
    for (let number = from; number <= to; number++) {
      const last = number & 255;
      if (!avoidBuggy || (last !== 0 && last !== 255)) yield fromNumber(number);
    }
  }
}

function parseRange(text: string): AddressRange | string {
  if (text.includes('-')) {
    const [start = '', end = ''] = text.split('-').map(part => part.trim());
    if (!isIpv4(start)) return `invalid IP range "${text}": invalid start IP "${start}"`;
    if (!isIpv4(end)) return `invalid IP range "${text}": invalid end IP "${end}"`;
    if (toNumber(start) > toNumber(end))
      return `invalid IP range "${text}": start IP "${start}" is after the end IP "${end}"`;
    return { from: toNumber(start), to: toNumber(end), text };
  }
  if (!isAddressWithLength(text)) return `invalid CIDR "${text}"`;
  const mask = maskOf(lengthOf(text));
  const from = (toNumber(addressOf(text)) & mask) >>> 0;
  return { from, to: (from | ~mask) >>> 0, text };
}
