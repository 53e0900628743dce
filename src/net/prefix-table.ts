import { fromNumber, type Ipv4, toNumber } from './address.ts';
import { addressOf, comparePrefixes, type Ipv4Prefix, lengthOf, maskOf } from './prefix.ts';

/** A table keyed by prefix with longest-prefix match. Look-up cost grows with the number of lengths in use, not with the number of entries. */
export class PrefixTable<T> {
  private readonly byLength: (Map<number, T> | undefined)[] = new Array(33).fill(undefined);
  private entries = 0;

  get size(): number {
    return this.entries;
  }

  get(prefix: Ipv4Prefix): T | undefined {
    return this.byLength[lengthOf(prefix)]?.get(toNumber(addressOf(prefix)));
  }

  set(prefix: Ipv4Prefix, value: T): void {
    const length = lengthOf(prefix);
    let table = this.byLength[length];
    if (table === undefined) {
      table = new Map();
      this.byLength[length] = table;
    }
    const key = toNumber(addressOf(prefix));
    if (!table.has(key)) this.entries++;
    table.set(key, value);
  }

  delete(prefix: Ipv4Prefix): boolean {
    const length = lengthOf(prefix);
    const table = this.byLength[length];
    if (table?.delete(toNumber(addressOf(prefix))) !== true) return false;
    this.entries--;
    if (table.size === 0) this.byLength[length] = undefined;
    return true;
  }

  /** The entry of the longest prefix that contains the address. */
  longestMatch(address: Ipv4): { prefix: Ipv4Prefix; value: T } | undefined {
    const bits = toNumber(address);
    for (let length = 32; length >= 0; length--) {
      const table = this.byLength[length];
      if (table === undefined) continue;
      const key = (bits & maskOf(length)) >>> 0;
      const value = table.get(key);
      if (value !== undefined) return { prefix: `${fromNumber(key)}/${length}`, value };
    }
    return undefined;
  }

  /** The entry of the longest prefix that contains this one and is shorter. */
  covering(prefix: Ipv4Prefix): { prefix: Ipv4Prefix; value: T } | undefined {
    const bits = toNumber(addressOf(prefix));
    for (let length = lengthOf(prefix) - 1; length >= 0; length--) {
      const key = (bits & maskOf(length)) >>> 0;
      const value = this.byLength[length]?.get(key);
      if (value !== undefined) return { prefix: `${fromNumber(key)}/${length}`, value };
    }
    return undefined;
  }

  /** All entries in route-table order. */
  sorted(): [Ipv4Prefix, T][] {
    const all: [Ipv4Prefix, T][] = [];
    for (let length = 0; length <= 32; length++) {
      for (const [key, value] of this.byLength[length] ?? [])
        all.push([`${fromNumber(key)}/${length}`, value]);
    }
    return all.sort((a, b) => comparePrefixes(a[0], b[0]));
  }
}
