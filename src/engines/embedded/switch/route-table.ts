import type { PathAttributes } from '../../../bgp/route.ts';
import type { RouteOwner } from '../../../lab/event.ts';
import type { ResilientHashConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { containsAddress, containsPrefix, type Ipv4Prefix } from '../../../net/prefix.ts';
import { PrefixTable } from '../../../net/prefix-table.ts';
import type { Task } from '../queue.ts';
import type { World } from '../world.ts';
import { addressesOf, localMember, type Member, type NextHop, nextHopKey, vxlanMember } from './next-hop.ts';
import { NextHopGroup } from './next-hop-group.ts';
import { FIB_PROGRAMMING_DELAY } from './processing-times.ts';

/** More next hops behind next hops than this are a circle. */
const DEEPEST_RECURSION = 8;

/** What an owner wants in the table. */
export type Route = {
  readonly owner: RouteOwner;
  /** Lower wins over all owners. */
  readonly preference: number;
  readonly metric: number;
  readonly nextHops: readonly NextHop[];
  /** The rule of the BGP decision that chose it, where one did. */
  readonly decidedBy?: string;
  /** BGP's, where it came by BGP or EVPN: whoever exports the route passes them on. */
  readonly attributes?: PathAttributes;
};

class Candidate implements Route {
  readonly owner: RouteOwner;
  readonly preference: number;
  readonly metric: number;
  readonly nextHops: readonly NextHop[];
  readonly decidedBy?: string;
  readonly attributes?: PathAttributes;
  readonly group: NextHopGroup;
  readonly since: number;
  readonly event: number | undefined;

  constructor(route: Route, group: NextHopGroup, since: number, event: number | undefined) {
    this.owner = route.owner;
    this.preference = route.preference;
    this.metric = route.metric;
    this.nextHops = route.nextHops;
    if (route.decidedBy !== undefined) this.decidedBy = route.decidedBy;
    if (route.attributes !== undefined) this.attributes = route.attributes;
    this.group = group;
    this.since = since;
    this.event = event;
  }
}

/** All owners' routes to a prefix, and which of them won. */
export type RouteEntry = {
  readonly prefix: Ipv4Prefix;
  /** One per owner, seldom more than one. */
  readonly candidates: Candidate[];
  active: Candidate | undefined;
  since: number;
  event: number | undefined;
};

/** An address somebody depends on: a next hop, a BGP peer, a VTEP. */
type Tracked = {
  readonly address: Ipv4;
  /** Prefix of the active route it resolves over; undefined when none. */
  match: Ipv4Prefix | undefined;
  group: NextHopGroup | undefined;
  members: readonly Member[];
  readonly listeners: Set<() => void>;
};

export type RouteTableOptions = {
  readonly world: World;
  readonly node: string;
  readonly instance: string;
  /** Where VTEPs are resolved; undefined in the default network-instance itself. */
  readonly underlay: RouteTable | undefined;
  readonly resilientHash: readonly ResilientHashConfig[];
  readonly modulo: boolean;
  /** The winner for a prefix changed; undefined when the prefix is gone. */
  readonly onActiveChanged: (prefix: Ipv4Prefix, route: Route | undefined) => void;
};

/**
 * The route table of one network-instance and the forwarding table below it. Next hops are tracked: when a route
 * changes, exactly the groups whose next hops resolve over it are worked out again.
 */
export class RouteTable {
  readonly forwarding = new PrefixTable<NextHopGroup>();
  private readonly options: RouteTableOptions;
  private readonly entries = new PrefixTable<RouteEntry>();
  private readonly active = new PrefixTable<RouteEntry>();
  private readonly groups = new Map<string, NextHopGroup>();
  /** The group of a list of next hops that was seen before: owners pass the same list for the same set. */
  private readonly groupOfList = new WeakMap<readonly NextHop[], NextHopGroup>();
  private readonly tracked = new Map<Ipv4, Tracked>();
  /** Tracked addresses by the prefix they resolve over; '' for those without. */
  private readonly trackedBy = new Map<Ipv4Prefix, Set<Tracked>>();
  private readonly toProgram = new Map<Ipv4Prefix, number | undefined>();
  private programming: Task | undefined;
  private nextGroupId = 1;
  private closed = false;

  constructor(options: RouteTableOptions) {
    this.options = options;
  }

  get size(): number {
    return this.active.size;
  }

  /** The network-instance is gone: nothing moves in this table any more, and nobody is told. */
  close(): void {
    this.closed = true;
    this.options.world.cancel(this.programming);
    for (const group of this.groups.values()) for (const stop of group.stopWatching) stop();
    this.groups.clear();
    this.tracked.clear();
  }

  set(prefix: Ipv4Prefix, route: Route): void {
    if (this.closed) return;
    let entry = this.entries.get(prefix);
    if (entry === undefined) {
      entry = { prefix, candidates: [], active: undefined, since: 0, event: undefined };
      this.entries.set(prefix, entry);
    }
    const place = entry.candidates.findIndex(({ owner }) => owner === route.owner);
    const before = entry.candidates[place];
    const group = this.groupFor(prefix, route.nextHops);
    if (before !== undefined && before.group === group && sameRoute(before, route)) return;
    const { world } = this.options;
    group.candidates.add(prefix);
    const candidate = new Candidate(route, group, world.now(), world.cause);
    if (place < 0) entry.candidates.push(candidate);
    else entry.candidates[place] = candidate;
    this.select(entry);
    if (before !== undefined && before.group !== group) this.leaveGroup(entry, before.group);
  }

  delete(prefix: Ipv4Prefix, owner: RouteOwner): void {
    if (this.closed) return;
    const entry = this.entries.get(prefix);
    const place = entry?.candidates.findIndex(one => one.owner === owner) ?? -1;
    const candidate = entry?.candidates[place];
    if (entry === undefined || candidate === undefined) return;
    entry.candidates.splice(place, 1);
    this.select(entry);
    if (entry.candidates.length === 0) this.entries.delete(prefix);
    this.leaveGroup(entry, candidate.group);
  }

  /** The winning route to exactly this prefix. */
  activeRoute(prefix: Ipv4Prefix): Route | undefined {
    return this.active.get(prefix)?.active;
  }

  /** Entries with their winners, in route-table order. */
  sorted(): RouteEntry[] {
    return this.entries.sorted().map(([, entry]) => entry);
  }

  /** The active route an address falls under. */
  routeTo(address: Ipv4): RouteEntry | undefined {
    return this.active.longestMatch(address)?.value;
  }

  // next-hop tracking

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
  private resolveAgainAround(prefix: Ipv4Prefix, appeared: boolean): void {
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

  // groups

  private groupFor(prefix: Ipv4Prefix, nextHops: readonly NextHop[]): NextHopGroup {
    const { resilientHash } = this.options;
    if (resilientHash.length === 0) {
      const seen = this.groupOfList.get(nextHops);
      if (seen !== undefined && this.groups.get(seen.key) === seen) return seen;
    }
    const resilient = resilientHash.find(entry => containsPrefix(entry.prefix, prefix));
    const keys = nextHops.map(nextHopKey).sort();
    const key = resilient === undefined ? keys.join(',') : `resilient ${resilient.prefix} ${keys.join(',')}`;
    const known = this.groups.get(key);
    if (known !== undefined) {
      this.groupOfList.set(nextHops, known);
      return known;
    }
    const group = new NextHopGroup(this.nextGroupId++, key, nextHops);
    this.groups.set(key, group);
    this.groupOfList.set(nextHops, group);
    const again = () => this.groupChanged(group);
    for (const nextHop of nextHops) {
      if (nextHop.type === 'indirect') group.stopWatching.push(this.watch(nextHop.address, again));
      if (nextHop.type === 'vxlan' && this.options.underlay !== undefined)
        group.stopWatching.push(this.options.underlay.watch(nextHop.vtep, again));
    }
    group.members = this.membersOf(group);
    if (resilient !== undefined) group.makeResilient(resilient.bucketsPerPath * resilient.maxPaths);
    else if (this.options.modulo) group.algorithm = 'modulo';
    return group;
  }

  private leaveGroup(entry: RouteEntry, group: NextHopGroup): void {
    for (const candidate of entry.candidates) if (candidate.group === group) return;
    group.candidates.delete(entry.prefix);
    this.releaseIfUnused(group);
  }

  private releaseIfUnused(group: NextHopGroup): void {
    if (group.inUse || this.groups.get(group.key) !== group) return;
    for (const stop of group.stopWatching) stop();
    this.groups.delete(group.key);
  }

  private membersOf(group: NextHopGroup): Member[] {
    const members = new Map<string, Member>();
    group.resolving = true;
    for (const nextHop of group.nextHops) {
      for (const member of this.membersBehind(nextHop)) members.set(member.key, member);
    }
    group.resolving = false;
    return [...members.values()].sort(byLabel);
  }

  private membersBehind(nextHop: NextHop): readonly Member[] {
    switch (nextHop.type) {
      case 'local':
        return nextHop.subinterface.up ? [localMember(nextHop.subinterface, undefined)] : [];
      case 'extract': {
        const { subinterface } = nextHop;
        return [{ type: 'extract', key: nextHopKey(nextHop), label: subinterface.name, subinterface }];
      }
      case 'indirect':
        return this.resolve(nextHop.address).filter(member => member.type !== 'extract');
      case 'vxlan': {
        const reachable = this.options.underlay?.resolve(nextHop.vtep).some(m => m.type !== 'extract');
        return reachable === true ? [vxlanMember(nextHop)] : [];
      }
    }
  }

  /** A next hop of the group resolves differently now. The data plane follows at once, route selection if it must. */
  private groupChanged(group: NextHopGroup): void {
    const labelsBefore = group.members.map(member => member.label);
    const wasUsable = group.members.length > 0;
    if (!group.replaceMembers(this.membersOf(group))) return;
    const { world, node, instance } = this.options;
    world.forwardingGeneration++;
    if (world.events.wanted) {
      const members = group.members.map(member => member.label);
      for (const prefix of group.programmed) {
        world.emit({
          type: 'forwarding-changed',
          node,
          instance,
          prefix,
          members,
          previously: labelsBefore,
        });
      }
    }
    if (wasUsable !== group.members.length > 0) {
      for (const prefix of [...group.candidates]) {
        const entry = this.entries.get(prefix);
        if (entry !== undefined) this.select(entry);
      }
    }
    if (group.trackedThrough > 0) {
      for (const prefix of group.candidates) {
        if (this.active.get(prefix)?.active?.group === group) this.resolveAgainAround(prefix, false);
      }
    }
  }

  // selection

  private select(entry: RouteEntry): void {
    const { world } = this.options;
    const before = entry.active;
    const after = this.winnerOf(entry);
    if (after === before) return;
    entry.active = after;
    entry.since = world.now();
    if (after === undefined) this.active.delete(entry.prefix);
    else if (before === undefined) this.active.set(entry.prefix, entry);
    entry.event = this.reportSelection(entry.prefix, before, after);
    world.causedBy(entry.event, () => {
      this.programLater(entry.prefix, after, before);
      this.resolveAgainAround(entry.prefix, before === undefined);
      this.options.onActiveChanged(entry.prefix, after);
    });
  }

  private reportSelection(prefix: Ipv4Prefix, before: Route | undefined, after: Route | undefined): number {
    const { world, node, instance } = this.options;
    if (!world.events.wanted) return world.events.skip();
    const previously = before === undefined ? [] : addressesOf(before.nextHops);
    if (after === undefined) return world.emit({ type: 'route-lost', node, instance, prefix, previously });
    const { owner, decidedBy } = after;
    return world.emit({
      type: 'route-chosen',
      node,
      instance,
      prefix,
      previously,
      owner,
      nextHops: addressesOf(after.nextHops),
      ...(decidedBy === undefined ? {} : { decidedBy }),
    });
  }

  /** Lowest preference wins; at equal preference the lower metric, then the owner's place in `ownerOrder`. */
  private winnerOf(entry: RouteEntry): Candidate | undefined {
    let winner: Candidate | undefined;
    for (const candidate of entry.candidates) {
      if (candidate.group.members.length === 0 || this.leansOn(candidate, entry.prefix)) continue;
      if (winner === undefined || compareCandidates(candidate, winner) < 0) winner = candidate;
    }
    return winner;
  }

  /** Whether a route's next hop is reached over the very prefix that the route is for. */
  private leansOn(route: Route, prefix: Ipv4Prefix): boolean {
    return route.nextHops.some(
      nextHop => nextHop.type === 'indirect' && this.tracked.get(nextHop.address)?.match === prefix,
    );
  }

  // forwarding table

  /** Interfaces reach the data plane at once, everything else after a moment. */
  private programLater(prefix: Ipv4Prefix, after: Route | undefined, before: Route | undefined): void {
    const { world } = this.options;
    const owner = (after ?? before)?.owner;
    this.toProgram.set(prefix, world.cause);
    if (owner === 'local' || owner === 'host') {
      this.program(prefix);
      this.toProgram.delete(prefix);
      return;
    }
    this.programming ??= world.schedule(FIB_PROGRAMMING_DELAY, () => {
      this.programming = undefined;
      const due = [...this.toProgram];
      this.toProgram.clear();
      for (const [next, cause] of due) world.causedBy(cause, () => this.program(next));
    });
  }

  private program(prefix: Ipv4Prefix): void {
    const { world, node, instance } = this.options;
    const before = this.forwarding.get(prefix);
    const after = this.active.get(prefix)?.active?.group;
    if (before === after) return;
    if (after === undefined) this.forwarding.delete(prefix);
    else {
      this.forwarding.set(prefix, after);
      after.programmed.add(prefix);
    }
    before?.programmed.delete(prefix);
    world.forwardingGeneration++;
    if (world.events.wanted) {
      const members = (after?.members ?? []).map(member => member.label);
      const previously = (before?.members ?? []).map(member => member.label);
      if (members.join() !== previously.join())
        world.emit({ type: 'forwarding-changed', node, instance, prefix, members, previously });
    }
    if (before !== undefined) this.releaseIfUnused(before);
  }
}

type Found = {
  readonly match: Ipv4Prefix | undefined;
  readonly group: NextHopGroup | undefined;
  readonly members: readonly Member[];
};

const ownerOrder: readonly RouteOwner[] = ['host', 'local', 'static', 'arp-nd', 'bgp-evpn', 'bgp'];

function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    a.preference - b.preference ||
    a.metric - b.metric ||
    ownerOrder.indexOf(a.owner) - ownerOrder.indexOf(b.owner)
  );
}

function sameRoute(a: Route, b: Route): boolean {
  return (
    a.preference === b.preference &&
    a.metric === b.metric &&
    a.decidedBy === b.decidedBy &&
    a.attributes === b.attributes &&
    (a.nextHops === b.nextHops ||
      (a.nextHops.length === b.nextHops.length &&
        a.nextHops.every((nextHop, index) => {
          const other = b.nextHops[index];
          return other !== undefined && nextHopKey(nextHop) === nextHopKey(other);
        })))
  );
}

function sameKeys(a: readonly Member[], b: readonly Member[]): boolean {
  return a.length === b.length && a.every((member, index) => member.key === b[index]?.key);
}

/** "ethernet-1/2" before "ethernet-1/10", "1.1.1.2" before "1.1.1.10": runs of digits compare as numbers. */
function byLabel(a: Member, b: Member): number {
  const left = a.label.split(/(\d+)/);
  const right = b.label.split(/(\d+)/);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i] ?? '';
    const y = right[i] ?? '';
    if (x === y) continue;
    return i % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return left.length - right.length || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
