import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { Algorithm, ResilientBuckets } from './hash-algorithms.ts';
import type { Member, NextHop } from './next-hop.ts';

/**
 * A set of next hops and the members it resolves to now. Every route of a network-instance with the same set shares
 * one group, so a next hop that goes away costs one change however many routes point at it.
 */
export class NextHopGroup {
  readonly id: number;
  readonly key: string;
  readonly nextHops: readonly NextHop[];
  members: readonly Member[] = [];
  /** Prefixes that have a candidate route with this group, and those whose forwarding entry uses it. */
  readonly candidates = new Set<Ipv4Prefix>();
  readonly programmed = new Set<Ipv4Prefix>();
  /** How many tracked addresses resolve over routes of this group. */
  trackedThrough = 0;
  algorithm: Algorithm = 'hash-threshold';
  buckets: ResilientBuckets | undefined;
  /** Set while its members are worked out: a route must not resolve over itself. */
  resolving = false;
  readonly stopWatching: (() => void)[] = [];
  private labelled: { readonly members: readonly Member[]; readonly labels: readonly string[] } | undefined;

  constructor(id: number, key: string, nextHops: readonly NextHop[]) {
    this.id = id;
    this.key = key;
    this.nextHops = nextHops;
  }

  /** Labels of the members, in order. */
  get labels(): readonly string[] {
    if (this.labelled?.members !== this.members)
      this.labelled = { members: this.members, labels: this.members.map(member => member.label) };
    return this.labelled.labels;
  }

  get inUse(): boolean {
    return this.candidates.size > 0 || this.programmed.size > 0;
  }

  /** Replaces the members; false when they are the same as before. */
  replaceMembers(members: readonly Member[]): boolean {
    if (sameMembers(members, this.members)) return false;
    this.members = members;
    this.buckets?.assign(members.map(member => member.key));
    return true;
  }

  /** Spreads over buckets that may have been dealt to other members before. */
  makeResilient(buckets: ResilientBuckets): void {
    this.algorithm = 'resilient';
    this.buckets = buckets;
    buckets.assign(this.members.map(member => member.key));
  }
}

function sameMembers(a: readonly Member[], b: readonly Member[]): boolean {
  return a.length === b.length && a.every((member, index) => member.key === b[index]?.key);
}
