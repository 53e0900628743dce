import type { Ipv4 } from '../../../net/address.ts';
import { containsAddress, type Ipv4Prefix } from '../../../net/prefix.ts';
import type { PrefixTable } from '../../../net/prefix-table.ts';
import { localMember, type Member } from './next-hop.ts';
import type { NextHopGroup } from './next-hop-group.ts';
import type { Route, RouteEntry } from './route.ts';

/** More next hops behind next hops than this are a circle. */
const DEEPEST_RECURSION = 8;

/** An address somebody depends on: a next hop, a BGP peer, a VTEP. */
type Tracked = {
  readonly address: Ipv4;
  /** Prefix of the active route it resolves over; undefined when none. */
  match: Ipv4Prefix | undefined;
  group: NextHopGroup | undefined;
  members: readonly Member[];
  readonly listeners: Set<() => void>;
};

/**
 * Next-hop tracking: which way the addresses that somebody depends on are reached, filed by the route they resolve over.
 * When a route changes, exactly the addresses that it concerns are looked up again.
 */
export class NextHopTracker {
  private readonly active: PrefixTable<RouteEntry>;
  private readonly tracked = new Map<Ipv4, Tracked>();
  /** Tracked addresses by the prefix they resolve over; '' for those without. */
  private readonly trackedBy = new Map<Ipv4Prefix, Set<Tracked>>();

  /** `active` holds the winning route of each prefix. */
  constructor(active: PrefixTable<RouteEntry>) {
    this.active = active;
  }

  /** Calls `changed` whenever the way to the address changed. Returns what ends it. */
  watch(address: Ipv4, changed: () => void): () => void {
    const tracked = this.trackedFor(address);
    tracked.listeners.add(changed);
    return () => {
      tracked.listeners.delete(changed);
      if (tracked.listeners.size === 0) this.untrack(tracked);
    };
  }

  /** The members packets to the address would use; empty when it cannot be reached. */
  resolve(address: Ipv4): readonly Member[] {
    return this.tracked.get(address)?.members ?? this.lookUpMembers(address).members;
  }

  private trackedFor(address: Ipv4): Tracked {
    let tracked = this.tracked.get(address);
    if (tracked === undefined) {
      tracked = { address, match: undefined, group: undefined, members: [], listeners: new Set() };
      this.tracked.set(address, tracked);
      this.file(tracked, this.lookUpMembers(address));
    }
    return tracked;
  }

  private untrack(tracked: Tracked): void {
    this.tracked.delete(tracked.address);
    this.unfile(tracked);
  }

  private file(tracked: Tracked, found: Found): void {
    tracked.match = found.match;
    tracked.group = found.group;
    tracked.members = found.members;
    if (found.group !== undefined) found.group.trackedThrough++;
    const key = found.match ?? '';
    const set = this.trackedBy.get(key);
    if (set === undefined) this.trackedBy.set(key, new Set([tracked]));
    else set.add(tracked);
  }

  private unfile(tracked: Tracked): void {
    if (tracked.group !== undefined) tracked.group.trackedThrough--;
    const key = tracked.match ?? '';
    const set = this.trackedBy.get(key);
    set?.delete(tracked);
    if (set?.size === 0) this.trackedBy.delete(key);
  }

  private lookUpMembers(address: Ipv4): Found {
    const found = this.active.longestMatch(address);
    const route = found?.value.active;
    if (found === undefined || route === undefined)
      return { match: undefined, group: undefined, members: [] };
    const { group } = route;
    const attached = route.nextHops[0];
    const members =
      attached?.type === 'local'
        ? [localMember(attached.subinterface, address)]
        : group.resolving || this.dependsOn(group, address, 0)
          ? []
          : group.members;
    return { match: found.prefix, group, members };
  }

  /** Whether the group's next hops resolve over the address itself: such a route would hold itself up. */
  private dependsOn(group: NextHopGroup, address: Ipv4, depth: number): boolean {
    if (depth > DEEPEST_RECURSION) return true;
    for (const nextHop of group.nextHops) {
      if (nextHop.type !== 'indirect') continue;
      if (nextHop.address === address) return true;
      const behind = this.tracked.get(nextHop.address)?.group;
      if (behind !== undefined && behind !== group && this.dependsOn(behind, address, depth + 1)) return true;
    }
    return false;
  }

  /** The active route of a prefix changed: whoever resolves over it, or would now, looks again. */
  resolveAgainAround(prefix: Ipv4Prefix, appeared: boolean): void {
    const affected = [...(this.trackedBy.get(prefix) ?? [])];
    if (appeared) {
      const parent = this.parentOf(prefix);
      for (const tracked of this.trackedBy.get(parent) ?? []) {
        if (containsAddress(prefix, tracked.address)) affected.push(tracked);
      }
    }
    for (const tracked of affected) this.resolveAgain(tracked);
  }

  private resolveAgain(tracked: Tracked): void {
    const found = this.lookUpMembers(tracked.address);
    const same = sameKeys(found.members, tracked.members);
    if (same && found.match === tracked.match && found.group === tracked.group) {
      tracked.members = found.members;
      return;
    }
    this.unfile(tracked);
    this.file(tracked, found);
    if (same) return;
    for (const listener of [...tracked.listeners]) listener();
  }

  /** The active prefix that covers this one, '' for none. */
  private parentOf(prefix: Ipv4Prefix): Ipv4Prefix | '' {
    return this.active.covering(prefix)?.prefix ?? '';
  }

  /** Whether a route's next hop is reached over the very prefix that the route is for. */
  leansOn(route: Route, prefix: Ipv4Prefix): boolean {
    return route.nextHops.some(
      nextHop => nextHop.type === 'indirect' && this.tracked.get(nextHop.address)?.match === prefix,
    );
  }

  clear(): void {
    this.tracked.clear();
    this.trackedBy.clear();
  }
}

type Found = {
  readonly match: Ipv4Prefix | undefined;
  readonly group: NextHopGroup | undefined;
  readonly members: readonly Member[];
};

function sameKeys(a: readonly Member[], b: readonly Member[]): boolean {
  return a.length === b.length && a.every((member, index) => member.key === b[index]?.key);
}
