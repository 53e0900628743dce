import type { ForwardingRow } from '../../../lab/snapshot.ts';

export type Algorithm = ForwardingRow['algorithm'];

/** Which bucket of how many a hash falls into, and the index of the member that holds it. */
export type Choice = { readonly bucket: number; readonly buckets: number; readonly member: number };

/** Hash-threshold (RFC 2992): the hash space is cut into as many equal regions as there are members. */
export function chooseByThreshold(hash: number, members: number): Choice {
  const bucket = Math.min(members - 1, Math.floor((hash / 4294967296) * members));
  return { bucket, buckets: members, member: bucket };
}

/** Modulo-N (RFC 2991 section 2): the remainder names the member. */
export function chooseByModulo(hash: number, members: number): Choice {
  const bucket = hash % members;
  return { bucket, buckets: members, member: bucket };
}

/**
 * Resilient hashing: a fixed table of buckets, each holding a member. A member that leaves gives its buckets to those
 * that stay; one that joins takes just its fair share. Other buckets never move.
 */
export class ResilientBuckets {
  private readonly table: (string | undefined)[];

  constructor(buckets: number) {
    this.table = new Array(buckets).fill(undefined);
  }

  get size(): number {
    return this.table.length;
  }

  /** Deals the buckets to these members, moving as few as possible. */
  assign(members: readonly string[]): void {
    const wanted = new Map(members.map((name, index) => [name, this.fairShare(index, members.length)]));
    const held = new Map<string, number>();
    const free: number[] = [];
    this.table.forEach((name, bucket) => {
      const limit = name === undefined ? undefined : wanted.get(name);
      const have = name === undefined ? 0 : (held.get(name) ?? 0);
      if (name === undefined || limit === undefined || have >= limit) free.push(bucket);
      else held.set(name, have + 1);
    });
    let next = 0;
    for (const [name, limit] of wanted) {
      for (let have = held.get(name) ?? 0; have < limit; have++) {
        const bucket = free[next++];
        if (bucket !== undefined) this.table[bucket] = name;
      }
    }
    for (; next < free.length; next++) {
      const bucket = free[next];
      if (bucket !== undefined && members.length === 0) this.table[bucket] = undefined;
    }
  }

  choose(hash: number, members: readonly string[]): Choice {
    const bucket = hash % this.table.length;
    const name = this.table[bucket];
    return {
      bucket,
      buckets: this.table.length,
      member: name === undefined ? 0 : Math.max(0, members.indexOf(name)),
    };
  }

  /** Fraction of the buckets that a member holds. */
  share(member: string): number {
    return this.table.filter(name => name === member).length / this.table.length;
  }

  private fairShare(index: number, members: number): number {
    const base = Math.floor(this.table.length / members);
    return base + (index < this.table.length % members ? 1 : 0);
  }
}
