import { type CommandResult, refused } from '../../lab/command.ts';
import { type Fault, faultId, healsItself, type LinkImpaired } from '../../lab/fault.ts';
import type { ClusterPort } from './cluster-port.ts';
import type { Fabric } from './fabric.ts';
import { Impairment } from './impairment.ts';
import type { Task } from './queue.ts';
import { PROCESS_RESTART_DELAY } from './switch/processing-times.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** Breaks things and heals them. The world keeps the list of what is broken. */
export class Faults {
  private readonly world: World;
  private readonly fabric: Fabric;
  private readonly clusters: ClusterPort;
  private readonly flapping = new Map<string, Task>();

  constructor(world: World, fabric: Fabric, clusters: ClusterPort) {
    this.world = world;
    this.fabric = fabric;
    this.clusters = clusters;
  }

  break(fault: Fault): CommandResult {
    const { world } = this;
    const id = faultId(fault);
    const active = world.faults.get(id);
    if (active !== undefined) return { outcome: 'done', event: active.event };
    const refusal = this.refusalOf(fault);
    if (refusal !== undefined) return refusal;
    const event = world.causedBy(undefined, () => world.emit({ type: 'fault-injected', fault }));
    if (!healsItself(fault)) world.faults.set(id, { id, fault, since: world.now(), event });
    world.causedBy(event, () => this.inflict(fault, id));
    return { outcome: 'done', event };
  }

  /** Heals one fault by id, or all in the order they were made. Idempotent. */
  heal(which: string): CommandResult {
    const { world } = this;
    const active = which === 'all' ? [...world.faults.values()] : [world.faults.get(which)];
    let event: number | undefined;
    for (const one of active) {
      if (one === undefined) continue;
      world.faults.delete(one.id);
      event = world.causedBy(one.event, () => world.emit({ type: 'fault-healed', fault: one.fault }));
      world.causedBy(event, () => this.undo(one.fault, one.id));
    }
    return event === undefined ? { outcome: 'done' } : { outcome: 'done', event };
  }

  /** What was broken and has been removed since is broken no more, and nothing is left to mend. */
  forgetRemoved(): void {
    const { world } = this;
    for (const { id, fault } of [...world.faults.values()]) {
      const there =
        'link' in fault ? world.wires.has(fault.link) : 'node' in fault && world.devices.has(fault.node);
      if (there) continue;
      world.cancel(this.flapping.get(id));
      this.flapping.delete(id);
      world.endFault(id);
    }
  }

  private refusalOf(fault: Fault): CommandResult | undefined {
    const { world } = this;
    switch (fault.kind) {
      case 'link-cut':
      case 'silent-loss':
      case 'link-impaired':
      case 'link-flap': {
        if (world.wires.has(fault.link)) return undefined;
        const known = world.lab.links.some(link => link.id === fault.link);
        return known
          ? refused(`the link ${fault.link} is not plugged in yet`, 'Build the stage that makes it first.')
          : refused(
              `there is no link "${fault.link}"`,
              `The links of this lab: ${world.lab.links.map(link => link.id).join('; ')}.`,
            );
      }
      case 'node-silent':
        return this.refusalOfNode(fault.node);
      case 'node-stopped':
      case 'speaker-killed':
      case 'speaker-terminated':
      case 'speaker-frozen': {
        const node = this.fabric.switches.get(fault.node);
        if (node === undefined) {
          const missing = this.refusalOfNode(fault.node);
          if (missing !== undefined) return missing;
          const answer = this.clusters.canBreak(fault);
          return answer.outcome === 'refused' ? answer : undefined;
        }
        if (!node.running)
          return refused(`${fault.node} is not running`, 'Wait until it has booted, or start it.');
        if (fault.kind === 'node-stopped') return undefined;
        if (!node.bgpAlive)
          return refused(`the BGP process of ${fault.node} is dead already`, 'Wait until it is restarted.');
        return node.bgpFrozen
          ? refused(`the BGP process of ${fault.node} is frozen`, 'Heal that first.')
          : undefined;
      }
      case 'pod-killed': {
        const answer = this.clusters.canBreak(fault);
        return answer.outcome === 'refused' ? answer : undefined;
      }
    }
  }

  private refusalOfNode(name: string): CommandResult | undefined {
    const { world } = this;
    if (world.devices.has(name)) return undefined;
    const known = world.lab.nodes.some(node => node.name === name);
    return known
      ? refused(`${name} is not there yet`, 'Build the stage that makes it first.')
      : refused(
          `there is no node "${name}"`,
          `The nodes of this lab: ${world.lab.nodes.map(node => node.name).join(', ')}.`,
        );
  }

  private inflict(fault: Fault, id: string): void {
    switch (fault.kind) {
      case 'link-cut':
        this.onWire(fault.link, wire => {
          wire.cutBy.add(id);
          this.world.carrierMayHaveChanged(wire);
        });
        return;
      case 'silent-loss':
        this.onWire(fault.link, wire => {
          if (fault.direction !== 'b-to-a') wire.lostFromA.add(id);
          if (fault.direction !== 'a-to-b') wire.lostFromB.add(id);
          this.world.lossChanged(wire);
        });
        return;
      case 'link-impaired':
        this.impair(fault, new Impairment(fault, this.world.random(id)));
        return;
      case 'link-flap':
        this.flap(fault, id, 0);
        return;
      case 'node-silent':
        for (const wire of this.wiresOf(fault.node)) {
          wire.lostFromA.add(id);
          wire.lostFromB.add(id);
          this.world.lossChanged(wire);
        }
        return;
      case 'node-stopped':
        if (this.fabric.switches.has(fault.node)) this.fabric.stop(fault.node);
        else this.clusters.break(fault);
        return;
      case 'speaker-killed':
      case 'speaker-terminated': {
        const node = this.fabric.switches.get(fault.node);
        if (node === undefined) {
          this.clusters.break(fault);
          return;
        }
        if (fault.kind === 'speaker-killed') node.killBgp();
        else node.terminateBgp();
        this.world.schedule(PROCESS_RESTART_DELAY, () => node.restartBgp());
        return;
      }
      case 'speaker-frozen': {
        const node = this.fabric.switches.get(fault.node);
        if (node === undefined) this.clusters.break(fault);
        else node.freezeBgp();
        return;
      }
      case 'pod-killed':
        this.clusters.break(fault);
    }
  }

  private undo(fault: Fault, id: string): void {
    switch (fault.kind) {
      case 'link-cut':
      case 'link-flap':
        this.world.cancel(this.flapping.get(id));
        this.flapping.delete(id);
        this.onWire(fault.link, wire => {
          wire.cutBy.delete(id);
          this.world.carrierMayHaveChanged(wire);
        });
        return;
      case 'silent-loss':
        this.onWire(fault.link, wire => this.hearAgain(wire, id));
        return;
      case 'link-impaired':
        this.impair(fault, undefined);
        return;
      case 'node-silent':
        for (const wire of this.wiresOf(fault.node)) this.hearAgain(wire, id);
        return;
      case 'node-stopped':
        if (this.fabric.switches.has(fault.node)) this.fabric.boot(fault.node);
        else this.clusters.heal(fault);
        return;
      case 'speaker-frozen': {
        const node = this.fabric.switches.get(fault.node);
        if (node === undefined) this.clusters.heal(fault);
        else node.thawBgp();
        return;
      }
      case 'speaker-killed':
      case 'speaker-terminated':
      case 'pod-killed':
    }
  }

  private flap(fault: Extract<Fault, { readonly kind: 'link-flap' }>, id: string, round: number): void {
    const { world } = this;
    if (round >= fault.times) {
      this.flapping.delete(id);
      world.endFault(id);
      return;
    }
    this.onWire(fault.link, wire => {
      wire.cutBy.add(id);
      world.carrierMayHaveChanged(wire);
      const up = () => {
        wire.cutBy.delete(id);
        world.carrierMayHaveChanged(wire);
        this.flapping.set(
          id,
          world.schedule(fault.upMs, () => this.flap(fault, id, round + 1)),
        );
      };
      this.flapping.set(id, world.schedule(fault.downMs, up));
    });
  }

  private hearAgain(wire: Wire, id: string): void {
    wire.lostFromA.delete(id);
    wire.lostFromB.delete(id);
    this.world.lossChanged(wire);
  }

  private impair({ link, direction }: LinkImpaired, impairment: Impairment | undefined): void {
    this.onWire(link, wire => {
      if (direction === 'a-to-b') wire.impairedFromA = impairment;
      else wire.impairedFromB = impairment;
      this.world.lossChanged(wire);
    });
  }

  private onWire(link: string, act: (wire: Wire) => void): void {
    const wire = this.world.wires.get(link);
    if (wire !== undefined) act(wire);
  }

  private wiresOf(node: string): Wire[] {
    return [...this.world.wires.values()].filter(
      wire => wire.a.device.name === node || wire.b.device.name === node,
    );
  }
}
