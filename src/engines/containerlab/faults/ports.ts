import type { ActiveFault, Fault, LinkImpaired } from '../../../lab/fault.ts';
import type { LabLink, LabNode, LinkEnd } from '../../../lab/lab.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import { endsOf, hasEnd, linksOf, type StruckEnd } from '../../real/fault-ends.ts';
import { type EndChange, LinkEnds } from '../../real/link-ends.ts';
import type { Machine } from '../machine.ts';
import type { Watch } from '../watch/watch.ts';
import { netemCommands, untilPortIsOn } from './fault-commands.ts';
import type { Hands } from './hands.ts';
import { Losses } from './losses.ts';

type Surroundings = {
  readonly machine: Machine;
  readonly watch: Watch;
  readonly hands: Hands;
  readonly active: ReadonlyMap<string, ActiveFault>;
};

/** What faults and configurations do to ports: carrier by `ip link`, what comes in by a rule or netem. */
export class Ports {
  private readonly around: Surroundings;
  private readonly ends = new LinkEnds();
  private readonly losses: Losses;

  constructor(around: Surroundings) {
    this.around = around;
    this.losses = new Losses({ ...around, ends: this.ends });
  }

  stateOf(link: LabLink): 'up' | 'down' | 'silent' {
    return this.ends.stateOf(link);
  }

  /** Notes or takes away a fault's reasons at the ends that it is about; what has to be done for it. */
  marks(fault: Fault, id: string, on: boolean): EndChange[] {
    return this.struck(fault).flatMap(({ end, reason }) => this.ends.mark(end, reason, id, on) ?? []);
  }

  /** Settles by what the fault's ends are made deaf. */
  chooseWays(fault: Fault): Promise<void> {
    return this.losses.choose(
      this.struck(fault).flatMap(({ end, reason }) => (reason === 'deafBy' ? end : [])),
    );
  }

  /** An earlier run made the fault's ends deaf by netem. */
  wereByNetem(fault: Fault): void {
    for (const { end } of this.struck(fault)) this.losses.setWay(end, 'netem');
  }

  /** At a node that is stopped nothing can be done; when it starts, its ports are brought to what then is to be. */
  change(changes: readonly EndChange[]): Promise<string | undefined> {
    const { containers } = this.around.watch;
    return this.apply(changes.filter(({ end }) => containers.stateOf(end.node) !== 'stopped'));
  }

  /** A node that starts anew has all ports on and hears everything: what faults do to them is done again. */
  async again(node: LabNode): Promise<string | undefined> {
    const { machine, hands } = this.around;
    for (const { a, b } of linksOf(machine.lab, node.name)) {
      const end = a.node === node.name ? a : b;
      const changes: EndChange[] = [];
      if (this.ends.isDown(end)) changes.push({ end, state: 'down', on: true });
      if (this.ends.isDeaf(end) && this.losses.wayOf(end) === 'nft')
        changes.push({ end, state: 'deaf', on: true });
      const netem = this.losses.netemAt(end);
      if (changes.length === 0 && netem === undefined) continue;
      const failure =
        (await hands.runAll(untilPortIsOn(machine, end))) ??
        (await this.apply(changes)) ??
        (netem === undefined ? undefined : await hands.runAll(netemCommands(end, netem, machine)));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** A port as its switch's configuration wants it. */
  async setPort(end: LinkEnd, up: boolean): Promise<void> {
    const { machine, watch } = this.around;
    if (!machine.lab.links.some(link => hasEnd(link, end) && watch.isPlugged(link))) return;
    const change = this.ends.mark(end, 'downBy', 'admin-state', !up);
    if (change !== undefined) await this.change([change]);
  }

  /** What an end sends is impaired, or no longer. */
  impair(fault: LinkImpaired, on: boolean): Promise<string | undefined> {
    return this.around.hands.runAll(this.losses.impairmentCommands(fault, on));
  }

  /** What takes these changes back, or the impairment, whatever else may be broken then. */
  healingOf(fault: Fault, changes: readonly EndChange[]): PlannedCommand[] {
    return fault.kind === 'link-impaired'
      ? this.losses.impairmentCommands(fault, false)
      : changes.flatMap(change => this.losses.commandsOf({ ...change, on: false }));
  }

  private struck(fault: Fault): StruckEnd[] {
    const { machine, watch } = this.around;
    return endsOf(fault, machine.lab, link => watch.isPlugged(link));
  }

  private async apply(changes: readonly EndChange[]): Promise<string | undefined> {
    const { hands } = this.around;
    const failures = await Promise.all(changes.map(change => hands.runAll(this.losses.commandsOf(change))));
    return failures.find(failure => failure !== undefined);
  }
}
