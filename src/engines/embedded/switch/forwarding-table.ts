import type { Ipv4Prefix } from '../../../net/prefix.ts';
import { PrefixTable } from '../../../net/prefix-table.ts';
import type { Task } from '../queue.ts';
import type { World } from '../world.ts';
import type { NextHopGroup } from './next-hop-group.ts';
import { FIB_PROGRAMMING_DELAY } from './processing-times.ts';

export type ForwardingTableOptions = {
  readonly world: World;
  readonly node: string;
  readonly instance: string;
  /** The group of the winning route of a prefix now. */
  readonly wanted: (prefix: Ipv4Prefix) => NextHopGroup | undefined;
  /** No route is forwarded by the group any more. */
  readonly onUnused: (group: NextHopGroup) => void;
};

/** What the data plane of a network-instance uses: it follows the route table a moment later. */
export class ForwardingTable {
  readonly groups = new PrefixTable<NextHopGroup>();
  private readonly options: ForwardingTableOptions;
  /** Prefixes to be programmed, and what each followed from. */
  private readonly waiting = new Map<Ipv4Prefix, number | undefined>();
  private programming: Task | undefined;

  constructor(options: ForwardingTableOptions) {
    this.options = options;
  }

  /** Interfaces reach the data plane at once, everything else after a moment. */
  follow(prefix: Ipv4Prefix, how: 'at once' | 'soon'): void {
    const { world } = this.options;
    if (how === 'at once') {
      this.waiting.delete(prefix);
      this.program(prefix);
      return;
    }
    this.waiting.set(prefix, world.cause);
    this.programming ??= world.schedule(FIB_PROGRAMMING_DELAY, () => {
      this.programming = undefined;
      const due = [...this.waiting];
      this.waiting.clear();
      for (const [next, cause] of due) world.causedBy(cause, () => this.program(next));
    });
  }

  /** The members of a group changed under every prefix that is forwarded by it. */
  membersChanged(group: NextHopGroup, previously: readonly string[]): void {
    const { world } = this.options;
    world.forwardingGeneration++;
    if (!world.events.wanted) return;
    for (const prefix of group.programmed) this.report(prefix, group.labels, previously);
  }

  close(): void {
    this.options.world.cancel(this.programming);
    this.waiting.clear();
  }

  private program(prefix: Ipv4Prefix): void {
    const { world, wanted, onUnused } = this.options;
    const before = this.groups.get(prefix);
    const after = wanted(prefix);
    if (before === after) return;
    if (after === undefined) this.groups.delete(prefix);
    else {
      this.groups.set(prefix, after);
      after.programmed.add(prefix);
    }
    before?.programmed.delete(prefix);
    world.forwardingGeneration++;
    if (world.events.wanted) {
      const members = after?.labels ?? [];
      const previously = before?.labels ?? [];
      if (members.join() !== previously.join()) this.report(prefix, members, previously);
    }
    if (before !== undefined) onUnused(before);
  }

  private report(prefix: Ipv4Prefix, members: readonly string[], previously: readonly string[]): void {
    const { world, node, instance } = this.options;
    world.emit({ type: 'forwarding-changed', node, instance, prefix, members, previously });
  }
}
