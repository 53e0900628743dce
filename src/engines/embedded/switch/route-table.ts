import type { RouteOwner } from '../../../lab/event.ts';
import type { ResilientHashConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import { PrefixTable } from '../../../net/prefix-table.ts';
import type { World } from '../world.ts';
import { ForwardingTable } from './forwarding-table.ts';
import { GroupSet } from './group-set.ts';
import { addressesOf, type Member } from './next-hop.ts';
import type { NextHopGroup } from './next-hop-group.ts';
import { NextHopTracker } from './next-hop-tracker.ts';
import { Candidate, compareCandidates, type Route, type RouteEntry, sameRoute } from './route.ts';

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

/** The route table of one network-instance: all owners' routes, the winner for each prefix, and the forwarding table below. */
export class RouteTable {
  private readonly options: RouteTableOptions;
  private readonly entries = new PrefixTable<RouteEntry>();
  private readonly active = new PrefixTable<RouteEntry>();
  private readonly tracker = new NextHopTracker(this.active);
  private readonly groups: GroupSet;
  private readonly forwardingTable: ForwardingTable;
  private closed = false;

  constructor(options: RouteTableOptions) {
    const { world, node, instance, underlay, resilientHash, modulo } = options;
    this.options = options;
    this.groups = new GroupSet({
      tracker: this.tracker,
      underlay: underlay?.tracker,
      resilientHash,
      modulo,
      onMembersChanged: (group, previously) => this.membersChanged(group, previously),
    });
    this.forwardingTable = new ForwardingTable({
      world,
      node,
      instance,
      wanted: prefix => this.active.get(prefix)?.active?.group,
      onUnused: group => this.groups.releaseIfUnused(group),
    });
  }

  /** Prefix → group, as the data plane has it. */
  get forwarding(): PrefixTable<NextHopGroup> {
    return this.forwardingTable.groups;
  }

  get size(): number {
    return this.active.size;
  }

  /** The network-instance is gone: nothing moves in this table any more, and nobody is told. */
  close(): void {
    this.closed = true;
    this.forwardingTable.close();
    this.groups.clear();
    this.tracker.clear();
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
    const group = this.groups.groupFor(prefix, route.nextHops);
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

  /** Calls `changed` whenever the way to the address changed. Returns what ends it. */
  watch(address: Ipv4, changed: () => void): () => void {
    return this.tracker.watch(address, changed);
  }

  /** The members packets to the address would use; empty when it cannot be reached. */
  resolve(address: Ipv4): readonly Member[] {
    return this.tracker.resolve(address);
  }

  private leaveGroup(entry: RouteEntry, group: NextHopGroup): void {
    for (const candidate of entry.candidates) if (candidate.group === group) return;
    group.candidates.delete(entry.prefix);
    this.groups.releaseIfUnused(group);
  }

  /** A group resolves differently now. The data plane follows at once, route selection if it must. */
  private membersChanged(group: NextHopGroup, previously: readonly string[]): void {
    this.forwardingTable.membersChanged(group, previously);
    if (previously.length > 0 !== group.members.length > 0) {
      for (const prefix of [...group.candidates]) {
        const entry = this.entries.get(prefix);
        if (entry !== undefined) this.select(entry);
      }
    }
    if (group.trackedThrough === 0) return;
    for (const prefix of group.candidates) {
      if (this.active.get(prefix)?.active?.group === group) this.tracker.resolveAgainAround(prefix, false);
    }
  }

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
      const owner = (after ?? before)?.owner;
      this.forwardingTable.follow(entry.prefix, owner === 'local' || owner === 'host' ? 'at once' : 'soon');
      this.tracker.resolveAgainAround(entry.prefix, before === undefined);
      this.options.onActiveChanged(entry.prefix, after);
    });
  }

  /** The best route that can be used. */
  private winnerOf(entry: RouteEntry): Candidate | undefined {
    let winner: Candidate | undefined;
    for (const candidate of entry.candidates) {
      if (candidate.group.members.length === 0 || this.tracker.leansOn(candidate, entry.prefix)) continue;
      if (winner === undefined || compareCandidates(candidate, winner) < 0) winner = candidate;
    }
    return winner;
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
}
