import { type CommandResult, refused } from '../../../lab/command.ts';
import { type ActiveFault, type Fault, faultId, healsItself, type SpeakerFault } from '../../../lab/fault.ts';
import type { LabNode } from '../../../lab/lab.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import type { Chronicle } from '../../real/chronicle.ts';
import type { EventLog } from '../../real/event-log.ts';
import type { LabTime } from '../../real/lab-time.ts';
import type { EndChange } from '../../real/link-ends.ts';
import { withFault, withoutFault } from '../ledger.ts';
import type { Machine } from '../machine.ts';
import type { Watch } from '../watch/watch.ts';
import { nodeCommands, nodeOf, signalledSpeaker } from './fault-commands.ts';
import type { Hands } from './hands.ts';
import { Ports } from './ports.ts';
import { refusalOf } from './refusals.ts';

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
  /** What is done to the ends of links. */
  readonly ports: Ports;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** Flaps of an earlier run: nobody goes on with them, and how they left their ports only the ports know. */
  private readonly stalled = new Set<string>();
  private stopped = false;

  constructor(around: Surroundings) {
    this.around = around;
    this.ports = new Ports({ ...around, active: this.active });
  }

  /**
   * What is written down is what is broken. An earlier run's is broken still; and whoever only looks learns here what the one who
   * holds the lab breaks and heals.
   */
  follow(): readonly Fault[] {
    const { machine, events, time } = this.around;
    const { faults } = machine.ledger.ledger;
    for (const { id, fault, heal } of faults) {
      if (this.active.has(id)) continue;
      const event = events.add({ type: 'fault-injected', fault });
      this.active.set(id, { id, fault, since: time.now(), event });
      for (const { argv } of heal) if (argv.includes('netem')) this.ports.wereByNetem(fault);
      if (fault.kind === 'link-flap') this.stalled.add(id);
      else this.ports.marks(fault, id, true);
    }
    for (const { id, fault, event } of this.active.values()) {
      if (faults.some(noted => noted.id === id)) continue;
      this.active.delete(id);
      if (!this.stalled.delete(id)) this.ports.marks(fault, id, false);
      events.add({ type: 'fault-healed', fault }, { cause: event });
    }
    return faults.map(({ fault }) => fault);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  async break(fault: Fault): Promise<CommandResult> {
    const id = faultId(fault);
    const known = this.active.get(id);
    if (known !== undefined) return { outcome: 'done', event: known.event };
    const { machine, watch } = this.around;
    const refusal = refusalOf(fault, { lab: machine.lab, watch, active: this.active });
    if (refusal !== undefined) return refusal;
    await this.ports.chooseWays(fault);
    const changes = this.ports.marks(fault, id, true);
    const noted = await this.note(fault, id, changes);
    if (noted !== undefined) {
      this.ports.marks(fault, id, false);
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

  isStopped(node: string): boolean {
    return [...this.active.values()].some(
      ({ fault }) => fault.kind === 'node-stopped' && fault.node === node,
    );
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
        return this.ports.change(changes);
      case 'link-flap':
        return this.flap(fault, id, 0, changes);
      case 'link-impaired':
        return this.ports.impair(fault, true);
      case 'node-stopped': {
        const failure = await hands.runAll(nodeCommands(this.node(fault.node), machine).stop);
        // A process that is gone is frozen no longer.
        const frozen = this.active.get(faultId({ kind: 'speaker-frozen', node: fault.node }));
        if (failure === undefined && frozen !== undefined) await this.isHealed(frozen.id);
        return failure;
      }
      case 'speaker-killed':
      case 'speaker-terminated':
      case 'speaker-frozen':
        return this.signalSpeaker(fault, true);
      case 'pod-killed':
        return watch.clusters.get(fault.cluster)?.actions.deletePod(fault.namespace, fault.pod);
    }
  }

  private signalSpeaker(fault: SpeakerFault, on: boolean): Promise<string | undefined> {
    const { hands, watch } = this.around;
    const node = this.node(fault.node);
    const actions = node.kind === 'cluster-node' ? watch.clusters.get(node.cluster)?.actions : undefined;
    if (actions?.signalSpeaker !== undefined) return actions.signalSpeaker(fault, on);
    if (actions !== undefined && fault.kind === 'speaker-killed') return actions.killSpeaker(node.name);
    return hands.runAll(signalledSpeaker(node, signalOf(fault, on)));
  }

  private async isHealed(id: string): Promise<string | undefined> {
    this.active.delete(id);
    return this.around.machine.ledger.change(ledger => withoutFault(ledger, id));
  }

  private async healOne(id: string, fault: Fault, cause: number) {
    const { events, chronicle } = this.around;
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const event = events.add({ type: 'fault-healed', fault }, { cause });
    chronicle.begin(event);
    const changes = this.ports.marks(fault, id, false);
    const failure = await this.undo(fault, id, changes);
    if (failure === undefined) {
      if (fault.kind === 'node-stopped' || fault.kind === 'link-flap' || changes.some(isDown))
        this.around.onPortsBack();
      await this.isHealed(id);
    } else this.ports.marks(fault, id, true);
    return { event, failure };
  }

  private async undo(fault: Fault, id: string, changes: readonly EndChange[]): Promise<string | undefined> {
    const { hands, machine } = this.around;
    if (fault.kind === 'node-stopped') {
      const node = this.node(fault.node);
      return (await hands.runAll(nodeCommands(node, machine).start)) ?? this.ports.again(node);
    }
    if (fault.kind === 'speaker-frozen') return this.signalSpeaker(fault, false);
    if (fault.kind === 'link-impaired') return this.ports.impair(fault, false);
    if (!this.stalled.delete(id)) return this.ports.change(changes);
    const noted = machine.ledger.ledger.faults.find(each => each.id === id);
    return hands.runAll(noted?.heal ?? []);
  }

  private async flap(
    fault: Extract<Fault, { readonly kind: 'link-flap' }>,
    id: string,
    round: number,
    changes: readonly EndChange[],
  ): Promise<string | undefined> {
    const failure = await this.ports.change(changes);
    if (failure !== undefined) return failure;
    this.after(id, fault.downMs, async () => {
      await this.ports.change(this.ports.marks(fault, id, false));
      this.around.onPortsBack();
      this.after(id, fault.upMs, async () => {
        if (round + 1 < fault.times) await this.flap(fault, id, round + 1, this.ports.marks(fault, id, true));
        else {
          const event = this.active.get(id)?.event;
          if (event !== undefined) await this.healOne(id, fault, event);
        }
      });
    });
    return undefined;
  }

  /** Unless it was healed meanwhile. */
  private after(id: string, milliseconds: number, run: () => Promise<void>): void {
    if (this.stopped || !this.active.has(id)) return;
    clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      setTimeout(() => void run(), milliseconds),
    );
  }

  // the ledger

  private async note(fault: Fault, id: string, changes: readonly EndChange[]): Promise<string | undefined> {
    if (healsItself(fault)) return undefined;
    const heal = this.healingOf(fault, changes);
    return this.around.machine.ledger.change(ledger =>
      withFault(ledger, { id, fault, since: Date.now(), heal }),
    );
  }

  /** What heals it, whatever else may be broken then. */
  private healingOf(fault: Fault, changes: readonly EndChange[]): PlannedCommand[] {
    switch (fault.kind) {
      case 'node-stopped':
        return nodeCommands(this.node(fault.node), this.around.machine).start;
      case 'speaker-frozen':
        return signalledSpeaker(this.node(fault.node), 'CONT');
      default:
        return this.ports.healingOf(fault, changes);
    }
  }

  private node(name: string): LabNode {
    return nodeOf(this.around.machine.lab, name);
  }
}

function signalOf({ kind }: SpeakerFault, on: boolean): 'KILL' | 'TERM' | 'STOP' | 'CONT' {
  if (kind === 'speaker-frozen') return on ? 'STOP' : 'CONT';
  return kind === 'speaker-killed' ? 'KILL' : 'TERM';
}

function isDown({ state }: EndChange): boolean {
  return state === 'down';
}
