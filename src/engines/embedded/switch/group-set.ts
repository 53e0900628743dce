import type { ResilientHashConfig } from '../../../lab/switch-config.ts';
import { containsPrefix, type Ipv4Prefix } from '../../../net/prefix.ts';
import { ResilientBuckets } from './hash-algorithms.ts';
import { localMember, type Member, type NextHop, nextHopKey, vxlanMember } from './next-hop.ts';
import { NextHopGroup } from './next-hop-group.ts';
import type { NextHopTracker } from './next-hop-tracker.ts';

export type GroupSetOptions = {
  readonly tracker: NextHopTracker;
  /** Resolves VTEPs; undefined in the default network-instance itself. */
  readonly underlay: NextHopTracker | undefined;
  readonly resilientHash: readonly ResilientHashConfig[];
  readonly modulo: boolean;
  /** A group's members changed; `previously` are their labels before. */
  readonly onMembersChanged: (group: NextHopGroup, previously: readonly string[]) => void;
};

/** The next-hop groups of a network-instance: one for each set of next hops that some route has. */
export class GroupSet {
  private readonly options: GroupSetOptions;
  private readonly groups = new Map<string, NextHopGroup>();
  /** The group of a list of next hops that was seen before: owners pass the same list for the same set. */
  private readonly ofList = new WeakMap<readonly NextHop[], NextHopGroup>();
  /** Buckets belong to the prefix they were dealt for: they outlive the groups its route goes through. */
  private readonly buckets = new Map<Ipv4Prefix, ResilientBuckets>();
  private nextId = 1;

  constructor(options: GroupSetOptions) {
    this.options = options;
  }

  groupFor(prefix: Ipv4Prefix, nextHops: readonly NextHop[]): NextHopGroup {
    const { resilientHash } = this.options;
    const resilient = resilientHash.find(entry => containsPrefix(entry.prefix, prefix));
    if (resilient !== undefined) return this.resilientGroup(prefix, nextHops, resilient);
    const seen = this.ofList.get(nextHops);
    if (seen !== undefined && this.groups.get(seen.key) === seen) return seen;
    const key = keyOf(nextHops);
    const group = this.groups.get(key) ?? this.newGroup(key, nextHops);
    if (this.options.modulo) group.algorithm = 'modulo';
    this.ofList.set(nextHops, group);
    return group;
  }

  releaseIfUnused(group: NextHopGroup): void {
    if (group.inUse || this.groups.get(group.key) !== group) return;
    for (const stop of group.stopWatching) stop();
    this.groups.delete(group.key);
  }

  clear(): void {
    for (const group of this.groups.values()) for (const stop of group.stopWatching) stop();
    this.groups.clear();
  }

  private resilientGroup(
    prefix: Ipv4Prefix,
    nextHops: readonly NextHop[],
    { bucketsPerPath, maxPaths }: ResilientHashConfig,
  ): NextHopGroup {
    const key = `resilient ${prefix} ${keyOf(nextHops)}`;
    let buckets = this.buckets.get(prefix);
    if (buckets === undefined) {
      buckets = new ResilientBuckets(bucketsPerPath * maxPaths);
      this.buckets.set(prefix, buckets);
    }
    const group = this.groups.get(key) ?? this.newGroup(key, nextHops);
    group.makeResilient(buckets);
    return group;
  }

  private newGroup(key: string, nextHops: readonly NextHop[]): NextHopGroup {
    const group = new NextHopGroup(this.nextId++, key, nextHops);
    this.groups.set(key, group);
    const { tracker, underlay } = this.options;
    const again = () => this.resolveAgain(group);
    for (const nextHop of nextHops) {
      if (nextHop.type === 'indirect') group.stopWatching.push(tracker.watch(nextHop.address, again));
      if (nextHop.type === 'vxlan' && underlay !== undefined)
        group.stopWatching.push(underlay.watch(nextHop.vtep, again));
    }
    group.members = this.membersOf(group);
    return group;
  }

  private resolveAgain(group: NextHopGroup): void {
    const previously = group.labels;
    if (group.replaceMembers(this.membersOf(group))) this.options.onMembersChanged(group, previously);
  }

  private membersOf(group: NextHopGroup): Member[] {
    const members = new Map<string, Member>();
    group.resolving = true;
    for (const nextHop of group.nextHops) {
      for (const member of this.membersBehind(nextHop)) members.set(member.key, member);
    }
    group.resolving = false;
    const all = [...members.values()];
    return all.length < 2 ? all : all.sort(byLabel);
  }

  private membersBehind(nextHop: NextHop): readonly Member[] {
    const { tracker, underlay } = this.options;
    switch (nextHop.type) {
      case 'local':
        return nextHop.subinterface.up ? [localMember(nextHop.subinterface, undefined)] : [];
      case 'extract': {
        const { subinterface } = nextHop;
        return [{ type: 'extract', key: nextHopKey(nextHop), label: subinterface.name, subinterface }];
      }
      case 'indirect':
        return tracker.resolve(nextHop.address).filter(member => member.type !== 'extract');
      case 'vxlan': {
        const reachable = underlay?.resolve(nextHop.vtep).some(member => member.type !== 'extract');
        return reachable === true ? [vxlanMember(nextHop)] : [];
      }
    }
  }
}

function keyOf(nextHops: readonly NextHop[]): string {
  const [only] = nextHops;
  if (only !== undefined && nextHops.length === 1) return nextHopKey(only);
  return nextHops.map(nextHopKey).sort().join(',');
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
