import { fromNumber, type Ipv4, toNumber } from './address.ts';
import { addressOf, type Ipv4Prefix, lengthOf, maskOf } from './prefix.ts';

/** A table keyed by prefix with longest-prefix match. Look-up cost grows with the number of lengths in use, not with the number of entries. */
export class PrefixTable<T> {
  private readonly byLength: (Map<number, Entry<T>> | undefined)[] = new Array(33).fill(undefined);
  /** Lengths in use, longest first. */
  private lengths: readonly number[] = [];
  private entries = 0;
  private changes = 0;
  /** What was sorted last. */
  private inOrder:
    | { readonly version: number; readonly entries: readonly (readonly [Ipv4Prefix, T])[] }
    | undefined;

  /** Grows whenever an entry comes, goes or gets another value: until then every look-up answers as it did. */
  get version(): number {
    return this.changes;
  }

  get size(): number {
    return this.entries;
  }

  get(prefix: Ipv4Prefix): T | undefined {
    return this.byLength[lengthOf(prefix)]?.get(toNumber(addressOf(prefix)))?.value;
  }

  set(prefix: Ipv4Prefix, value: T): void {
    this.changes++;
    const length = lengthOf(prefix);
    let table = this.byLength[length];
    if (table === undefined) {
      table = new Map();
      this.byLength[length] = table;
      this.lengths = [...this.lengths, length].sort((a, b) => b - a);
    }
    const key = toNumber(addressOf(prefix));
    const entry = table.get(key);
    if (entry !== undefined) entry.value = value;
    else {
      table.set(key, { prefix: `${fromNumber(key)}/${length}`, value });
      this.entries++;
    }
  }

  delete(prefix: Ipv4Prefix): boolean {
    const length = lengthOf(prefix);
    const table = this.byLength[length];
    if (table?.delete(toNumber(addressOf(prefix))) !== true) return false;
    this.entries--;
    this.changes++;
    if (table.size === 0) {
      this.byLength[length] = undefined;
      this.lengths = this.lengths.filter(one => one !== length);
    }
    return true;
  }

  /** The entry of the longest prefix that contains the address. */
  longestMatch(address: Ipv4): Readonly<Entry<T>> | undefined {
    return this.covers(toNumber(address), 33);
  }

  /** The entry of the longest prefix that contains this one and is shorter. */
  covering(prefix: Ipv4Prefix): Readonly<Entry<T>> | undefined {
    return this.covers(toNumber(addressOf(prefix)), lengthOf(prefix));
  }

  private covers(bits: number, shorterThan: number): Readonly<Entry<T>> | undefined {
    for (const length of this.lengths) {
      if (length >= shorterThan) continue;
      const entry = this.byLength[length]?.get((bits & maskOf(length)) >>> 0);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** All entries in route-table order: by address, then shorter first. */
  sorted(): readonly (readonly [Ipv4Prefix, T])[] {
    if (this.inOrder?.version === this.changes) return this.inOrder.entries;
    const all: { readonly key: number; readonly length: number; readonly entry: Entry<T> }[] = [];
    for (const length of this.lengths) {
      for (const [key, entry] of this.byLength[length] ?? []) all.push({ key, length, entry });
    }
    all.sort((a, b) => a.key - b.key || a.length - b.length);
    const entries = all.map(({ entry }) => [entry.prefix, entry.value] as const);
    this.inOrder = { version: this.changes, entries };
    return entries;
  }
}

type Entry<T> = { readonly prefix: Ipv4Prefix; value: T };
