import type { ActiveFault, LinkImpaired } from '../../../lab/fault.ts';
import type { LinkEnd } from '../../../lab/lab.ts';
import type { Impairment } from '../../../programs/containerlab.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import { impairedEnd } from '../../real/fault-ends.ts';
import { type EndChange, endKey, type LinkEnds } from '../../real/link-ends.ts';
import type { Machine } from '../machine.ts';
import {
  type DeafBy,
  endCommands,
  kindOf,
  LOSES_ALL,
  netemCommands,
  nodeOf,
  otherEnd,
} from './fault-commands.ts';
import type { Hands } from './hands.ts';

type Surroundings = {
  readonly machine: Machine;
  readonly hands: Hands;
  readonly ends: LinkEnds;
  readonly active: ReadonlyMap<string, ActiveFault>;
};

/**
 * How packets come to be lost or late at the ends of links: by a rule in a container that has nft, else by netem at the other end.
 * What is set with netem replaces everything on an interface, so it is always worked out as a whole.
 */
export class Losses {
  private readonly around: Surroundings;
  private readonly deafBy = new Map<string, DeafBy>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** A rule in the container where it has nft, else an impairment by containerlab. */
  async choose(ends: readonly LinkEnd[]): Promise<void> {
    await Promise.all(
      ends.map(async end => {
        const node = nodeOf(this.around.machine.lab, end.node);
        const has = kindOf(node) === 'linux' && (await this.around.hands.has(node, 'nft'));
        this.setWay(end, has ? 'nft' : 'netem');
      }),
    );
  }

  setWay(end: LinkEnd, way: DeafBy): void {
    this.deafBy.set(endKey(end), way);
  }

  wayOf(end: LinkEnd): DeafBy {
    return this.deafBy.get(endKey(end)) ?? 'nft';
  }

  commandsOf(change: EndChange): PlannedCommand[] {
    const { machine } = this.around;
    return endCommands(change, machine, end => ({
      deafBy: this.wayOf(end),
      otherEndsImpairment: this.impairmentOf(otherEnd(machine.lab, end)),
    }));
  }

  /** Begins an impairment that is active; ends it when it counts no more. */
  impairmentCommands(fault: LinkImpaired, counts: boolean): PlannedCommand[] {
    const { machine } = this.around;
    const end = impairedEnd(fault, machine.lab);
    if (end === undefined) throw new Error(`the lab has no link ${fault.link}`);
    return netemCommands(end, this.netemAt(end, counts ? undefined : fault), machine);
  }

  /** All that netem has to do at an end. */
  netemAt(end: LinkEnd, except?: LinkImpaired): Impairment | undefined {
    const { ends, machine } = this.around;
    const other = otherEnd(machine.lab, end);
    return ends.isDeaf(other) && this.wayOf(other) === 'netem' ? LOSES_ALL : this.impairmentOf(end, except);
  }

  private impairmentOf(end: LinkEnd, except?: LinkImpaired): Impairment | undefined {
    const { active, machine } = this.around;
    for (const { fault } of active.values()) {
      if (fault.kind !== 'link-impaired' || fault === except) continue;
      const impaired = impairedEnd(fault, machine.lab);
      if (impaired === undefined || endKey(impaired) !== endKey(end)) continue;
      const { delayMs, jitterMs, lossPercent } = fault;
      // containerlab takes no jitter without a delay.
      return { lossPercent, ...(delayMs > 0 && { delayMs, jitterMs }) };
    }
    return undefined;
  }
}
