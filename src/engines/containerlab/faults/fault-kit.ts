import { type CommandResult, refused } from '../../../lab/command.ts';
import { type ActiveFault, type Fault, faultId } from '../../../lab/fault.ts';
import type { LabLink, LabNode, LinkEnd } from '../../../lab/lab.ts';
import { nodeNamed } from '../../../lab/lab.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import type { Chronicle } from '../../real/chronicle.ts';
import type { EventLog } from '../../real/event-log.ts';
import type { LabTime } from '../../real/lab-time.ts';
import { type EndChange, type EndReason, LinkEnds } from '../../real/link-ends.ts';
import { withFault, withoutFault } from '../ledger.ts';
import type { Machine } from '../machine.ts';
import type { Watch } from '../watch/watch.ts';
import { type DeafBy, endCommands, killedSpeaker, kindOf, linksOf, nodeCommands } from './fault-commands.ts';
import type { Hands } from './hands.ts';

type Surroundings = {
  readonly machine: Machine;
  readonly watch: Watch;
  readonly hands: Hands;
  readonly time: LabTime;
  readonly events: EventLog;
  readonly chronicle: Chronicle;
  /** Ports of hosts came back: whatever stood on them has to be set again. */
  readonly onPortsBack: () => void;
};

/**
 * Breaks real things and mends them. Each fault stands in the ledger, with what heals it, before it is inflicted: whoever
 * comes after a crash finds it there.
 */
export class FaultKit {
  readonly active = new Map<string, ActiveFault>();
  private readonly around: Surroundings;
  private readonly ends = new LinkEnds();
  private readonly deafBy = new Map<string, DeafBy>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** What an earlier run left broken is broken still: it shows, and can be healed. */
  adopt(): readonly Fault[] {
    const { machine, events, time } = this.around;
    const left = machine.ledger.ledger.faults;
    for (const { id, fault, heal } of left) {
      const event = events.add({ type: 'fault-injected', fault });
      this.active.set(id, { id, fault, since: time.now(), event });
      for (const { argv } of heal)
        if (argv.includes('netem')) this.everyEnd(fault, end => this.setDeafBy(end, 'netem'));
      this.marks(fault, id, true);
    }
    return left.map(({ fault }) => fault);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  async break(fault: Fault): Promise<CommandResult> {
    const id = faultId(fault);
    const known = this.active.get(id);
    if (known !== undefined) return { outcome: 'done', event: known.event };
    const refusal = this.refusalOf(fault);
    if (refusal !== undefined) return refusal;
    await this.chooseWays(fault);
    const changes = this.marks(fault, id, true);
    const noted = await this.note(fault, id, changes);
    if (noted !== undefined) {
      this.marks(fault, id, false);
      return refused(
        noted,
        'Nothing was broken: what cannot be written down could not be healed after a crash.',
      );
    }
    const { events, time, chronicle } = this.around;
    const event = events.add({ type: 'fault-injected', fault });
    if (!healsItself(fault)) this.active.set(id, { id, fault, since: time.now(), event });
    chronicle.begin(event);
    const failure = await this.inflict(fault, id, changes);
    if (failure === undefined) return { outcome: 'done', event };
    await this.healOne(id, fault, event);
    return refused(
      `${id}: ${failure}`,
      'srklab-tutor doctor --lab containerlab says what this machine lacks.',
    );
  }

  async heal(which: string): Promise<CommandResult> {
    const healed = which === 'all' ? [...this.active.values()] : [this.active.get(which)];
    let event: number | undefined;
    const failures: string[] = [];
    for (const one of healed) {
      if (one === undefined) continue;
      const result = await this.healOne(one.id, one.fault, one.event);
      event = result.event;
      if (result.failure !== undefined) failures.push(`${one.id}: ${result.failure}`);
    }
    if (failures.length > 0)
      return refused(
        failures.join('; '),
        'It stays in the list of what is broken. srklab-tutor clear removes the lab as it is.',
      );
    return event === undefined ? { outcome: 'done' } : { outcome: 'done', event };
  }

  isSilent(link: LabLink): boolean {
    return [link.a, link.b].some(end => this.ends.isDeaf(end));
  }

  isDown(link: LabLink): boolean {
    return [link.a, link.b].some(end => this.ends.isDown(end));
  }

  isStopped(node: string): boolean {
    return [...this.active.values()].some(
      ({ fault }) => fault.kind === 'node-stopped' && fault.node === node,
    );
  }

  /** A port as its switch's configuration wants it. */
  async setPort(end: LinkEnd, up: boolean): Promise<void> {
    const link = this.around.machine.lab.links.find(({ a, b }) =>
      [a, b].some(({ node, port }) => node === end.node && port === end.port),
    );
    if (link === undefined || !this.around.watch.isPlugged(link)) return;
    const change = this.ends.mark(end, 'downBy', 'admin-state', !up);
    if (change !== undefined) await this.change([change]);
  }

  // refusing

  private refusalOf(fault: Fault): CommandResult | undefined {
    const { machine, watch } = this.around;
    const { lab } = machine;
    switch (fault.kind) {
      case 'link-cut':
      case 'silent-loss':
      case 'link-flap': {
        const link = lab.links.find(({ id }) => id === fault.link);
        if (link === undefined)
          return refused(
            `there is no link "${fault.link}"`,
            `The links of this lab: ${lab.links.map(({ id }) => id).join('; ')}.`,
          );
        if (watch.isPlugged(link)) return undefined;
        return refused(`the link ${fault.link} is not plugged in`, 'Build the stage that makes it first.');
      }
      case 'link-impaired':
        return refused(
          'this lab delays and loses nothing by chance itself',
          'Type it where the kernel has netem: containerlab tools netem set, or tc qdisc add … netem.',
        );
      case 'pod-killed': {
        const cluster = watch.clusters.get(fault.cluster);
        const pod = cluster
          ?.state()
          .pods.find(({ namespace, name }) => namespace === fault.namespace && name === fault.pod);
        return pod === undefined
          ? refused(`there is no pod ${fault.namespace}/${fault.pod}`, 'kubectl get pods -A names them.')
          : undefined;
      }
      default: {
        const node = nodeNamed(lab, fault.node);
        if (node === undefined)
          return refused(
            `there is no node "${fault.node}"`,
            `The nodes of this lab: ${lab.nodes.map(({ name }) => name).join(', ')}.`,
          );
        const state = watch.containers.stateOf(node.name);
        if (state === 'absent')
          return refused(`${fault.node} is not there yet`, 'Build the stage that makes it first.');
        if (state === 'stopped' && fault.kind !== 'node-silent')
          return refused(`${fault.node} is not running`, 'Heal what stopped it.');
        if (fault.kind === 'speaker-killed' && !watch.speaks(node))
          return refused(`no BGP speaker runs on ${fault.node}`, 'Build the stage "metallb" first.');
        return undefined;
      }
    }
  }

  // inflicting and undoing

  private async inflict(
    fault: Fault,
    id: string,
    changes: readonly EndChange[],
  ): Promise<string | undefined> {
    const { hands, machine, watch } = this.around;
    switch (fault.kind) {
      case 'link-cut':
      case 'silent-loss':
      case 'node-silent':
        return this.change(changes);
      case 'link-flap':
        return this.flap(fault, id, 0, changes);
      case 'node-stopped':
        return hands.runAll(nodeCommands(this.node(fault.node), machine).stop);
      case 'speaker-killed': {
        const node = this.node(fault.node);
        const cluster = node.kind === 'cluster-node' ? watch.clusters.get(node.cluster) : undefined;
        return cluster === undefined
          ? hands.runAll(killedSpeaker(node))
          : cluster.actions.killSpeaker(node.name);
      }
      case 'pod-killed':
        return watch.clusters.get(fault.cluster)?.actions.deletePod(fault.namespace, fault.pod);
    }
  }

  private async healOne(id: string, fault: Fault, cause: number) {
    const { events, chronicle, hands, machine } = this.around;
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const event = events.add({ type: 'fault-healed', fault }, { cause });
    chronicle.begin(event);
    const changes = this.marks(fault, id, false);
    const failure =
      fault.kind === 'node-stopped'
        ? await hands.runAll(nodeCommands(this.node(fault.node), machine).start)
        : await this.change(changes);
    if (failure === undefined) {
      this.active.delete(id);
      if (fault.kind === 'node-stopped' || changes.some(({ state }) => state === 'down'))
        this.around.onPortsBack();
      await machine.ledger.change(ledger => withoutFault(ledger, id));
    } else this.marks(fault, id, true);
    return { event, failure };
  }

  private async change(changes: readonly EndChange[]): Promise<string | undefined> {
    const { machine, hands } = this.around;
    const failures = await Promise.all(
      changes.map(change => hands.runAll(endCommands(change, machine, end => this.wayOf(end)))),
    );
    return failures.find(failure => failure !== undefined);
  }

  private async flap(
    fault: Extract<Fault, { readonly kind: 'link-flap' }>,
    id: string,
    round: number,
    changes: readonly EndChange[],
  ): Promise<string | undefined> {
    if (round > 0) this.marks(fault, id, true);
    const failure = await this.change(changes);
    if (failure !== undefined) return failure;
    this.after(id, fault.downMs, async () => {
      const up = this.marks(fault, id, false);
      await this.change(up);
      this.around.onPortsBack();
      this.after(id, fault.upMs, async () => {
        if (round + 1 < fault.times) await this.flap(fault, id, round + 1, changes);
        else {
          const event = this.active.get(id)?.event;
          if (event !== undefined) await this.healOne(id, fault, event);
        }
      });
    });
    return undefined;
  }

  private after(id: string, milliseconds: number, run: () => Promise<void>): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      setTimeout(() => void run(), milliseconds),
    );
  }

  // ends of links

  /** Notes or takes away a fault's reasons at the ends that it is about; what has to be done for it. */
  private marks(fault: Fault, id: string, on: boolean): EndChange[] {
    const changes: EndChange[] = [];
    this.everyEnd(fault, (end, reason) => {
      const change = this.ends.mark(end, reason, id, on);
      if (change !== undefined) changes.push(change);
    });
    return changes;
  }

  private everyEnd(fault: Fault, visit: (end: LinkEnd, reason: EndReason) => void): void {
    const { lab } = this.around.machine;
    switch (fault.kind) {
      case 'link-cut':
      case 'link-flap': {
        const link = lab.links.find(({ id }) => id === fault.link);
        for (const end of link === undefined ? [] : [link.a, link.b]) visit(end, 'downBy');
        return;
      }
      case 'silent-loss': {
        const link = lab.links.find(({ id }) => id === fault.link);
        if (link === undefined) return;
        if (fault.direction !== 'b-to-a') visit(link.b, 'deafBy');
        if (fault.direction !== 'a-to-b') visit(link.a, 'deafBy');
        return;
      }
      case 'node-silent':
        for (const link of linksOf(lab, fault.node))
          if (this.around.watch.isPlugged(link)) for (const end of [link.a, link.b]) visit(end, 'deafBy');
        return;
      default:
        return;
    }
  }

  /** A rule in the container where it has nft, else an impairment by containerlab. */
  private async chooseWays(fault: Fault): Promise<void> {
    const ends: LinkEnd[] = [];
    this.everyEnd(fault, (end, reason) => {
      if (reason === 'deafBy') ends.push(end);
    });
    await Promise.all(
      ends.map(async end => {
        const node = this.node(end.node);
        const has = kindOf(node) === 'linux' && (await this.around.hands.has(node, 'nft'));
        this.setDeafBy(end, has ? 'nft' : 'netem');
      }),
    );
  }

  private wayOf(end: LinkEnd): DeafBy {
    return this.deafBy.get(`${end.node}:${end.port}`) ?? 'nft';
  }

  private setDeafBy(end: LinkEnd, way: DeafBy): void {
    this.deafBy.set(`${end.node}:${end.port}`, way);
  }

  // the ledger

  private async note(fault: Fault, id: string, changes: readonly EndChange[]): Promise<string | undefined> {
    if (healsItself(fault)) return undefined;
    const { machine } = this.around;
    const heal: PlannedCommand[] =
      fault.kind === 'node-stopped'
        ? nodeCommands(this.node(fault.node), machine).start
        : changes.flatMap(change => endCommands({ ...change, on: false }, machine, end => this.wayOf(end)));
    return machine.ledger.change(ledger => withFault(ledger, { id, fault, since: Date.now(), heal }));
  }

  private node(name: string): LabNode {
    const node = nodeNamed(this.around.machine.lab, name);
    if (node === undefined) throw new Error(`the lab has no node ${name}`);
    return node;
  }
}

/** A supervisor or a ReplicaSet mends it. */
function healsItself(fault: Fault): boolean {
  return fault.kind === 'speaker-killed' || fault.kind === 'pod-killed';
}
