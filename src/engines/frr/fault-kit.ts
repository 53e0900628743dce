import { type CommandResult, refused } from '../../lab/command.ts';
import { type ActiveFault, type Fault, faultId, healsItself, isSpeakerFault } from '../../lab/fault.ts';
import type { Lab } from '../../lab/lab.ts';
import type { EventLog } from '../real/event-log.ts';
import { noSuchNode, notPlugged, notRunning, notThere, speakerIsFrozen } from '../real/fault-refusals.ts';
import type { LabTime } from '../real/lab-time.ts';
import type { Clusters } from './clusters.ts';
import type { Router } from './daemons.ts';
import { netnsOf } from './network-plan.ts';
import type { Nodes } from './nodes.ts';
import { StruckLinks } from './struck-links.ts';
import type { Watcher } from './watcher.ts';

/** A supervisor starts a dead BGP process again after that long. Milliseconds. */
const RESTART_DELAY = 1_000;

type Surroundings = {
  readonly lab: Lab;
  readonly nodes: Nodes;
  readonly clusters: Clusters;
  readonly time: LabTime;
  readonly events: EventLog;
  readonly watcher: Watcher;
};

/** Breaks real things and mends them: carrier, packets, processes. */
export class FaultKit {
  readonly active = new Map<string, ActiveFault>();
  private readonly around: Surroundings;
  /** What is done to links. */
  readonly links: StruckLinks;
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(around: Surroundings) {
    this.around = around;
    this.links = new StruckLinks(around);
    around.nodes.onFrozenGone = node => this.thawed(node);
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
    const impossible = fault.kind === 'link-impaired' ? await this.links.impair(fault, true) : undefined;
    if (impossible !== undefined)
      return refused(
        `netem does not work here: ${impossible}`,
        'It is a part of the kernel: modprobe sch_netem, as root, where it is a module.',
      );
    const { events, time, watcher } = this.around;
    const event = events.add({ type: 'fault-injected', fault });
    if (!healsItself(fault)) this.active.set(id, { id, fault, since: time.now(), event });
    watcher.begin(event);
    await this.inflict(fault, id, event);
    return { outcome: 'done', event };
  }

  async heal(which: string): Promise<CommandResult> {
    const { events, watcher } = this.around;
    const healed = which === 'all' ? [...this.active.values()] : [this.active.get(which)];
    let event: number | undefined;
    const failures: string[] = [];
    for (const one of healed) {
      if (one === undefined) continue;
      this.active.delete(one.id);
      event = events.add({ type: 'fault-healed', fault: one.fault }, { cause: one.event });
      watcher.begin(event);
      const failure = await this.undo(one.fault, one.id, event);
      if (failure === undefined) continue;
      this.active.set(one.id, one);
      failures.push(failure);
    }
    if (failures.length > 0)
      return refused(
        failures.join('; '),
        'It stays in the list of what is broken: heal it again, or begin the lesson anew.',
      );
    return event === undefined ? { outcome: 'done' } : { outcome: 'done', event };
  }

  private refusalOf(fault: Fault): CommandResult | undefined {
    const { lab, nodes, clusters } = this.around;
    switch (fault.kind) {
      case 'link-cut':
      case 'silent-loss':
      case 'link-flap':
      case 'link-impaired':
        return nodes.plugged.has(fault.link) ? undefined : notPlugged(lab, fault.link);
      case 'node-silent':
      case 'node-stopped':
      case 'speaker-killed':
      case 'speaker-terminated':
      case 'speaker-frozen': {
        const node = lab.nodes.find(({ name }) => name === fault.node);
        if (node === undefined) return noSuchNode(lab, fault.node);
        if (node.kind === 'switch') {
          const router = nodes.routers.get(node.name);
          if (router === undefined) return notThere(fault.node);
          if (!router.running && fault.kind !== 'node-silent') return notRunning(fault.node);
          return router.frozen && isSpeakerFault(fault) ? speakerIsFrozen(fault.node) : undefined;
        }
        if (fault.kind === 'node-silent' && clusters.hostOf(fault.node) !== undefined) return undefined;
        const answer = clusters.canBreak(
          fault.kind === 'node-silent' ? { kind: 'node-stopped', node: fault.node } : fault,
        );
        return answer.outcome === 'refused' ? answer : undefined;
      }
      case 'pod-killed': {
        const answer = clusters.canBreak(fault);
        return answer.outcome === 'refused' ? answer : undefined;
      }
    }
  }

  private async inflict(fault: Fault, id: string, event: number): Promise<void> {
    switch (fault.kind) {
      case 'link-cut':
      case 'silent-loss':
      case 'node-silent':
        await this.links.strike(fault, id, true);
        return;
      case 'link-flap':
        await this.flap(fault, id, 0);
        return;
      case 'link-impaired':
        return;
      case 'node-stopped': {
        await this.links.darken(fault.node, id, true);
        const router = this.around.nodes.routers.get(fault.node);
        const isSwitch = this.isSwitch(fault.node);
        if (router !== undefined && isSwitch) {
          await this.killDaemons(router);
          // Its namespaces stay; a switch that was off knows no neighbours.
          const places = [netnsOf(fault.node), ...router.vrfs.map(vrf => netnsOf(fault.node, vrf))];
          await this.around.nodes.all(places.map(netns => `ip -n ${netns} neigh flush nud all`));
        }
        if (!isSwitch) await this.around.clusters.break(fault);
        this.around.watcher.forget(fault.node, 'the node was stopped', event);
        this.around.events.add({ type: 'node-stopped', node: fault.node }, { cause: event });
        return;
      }
      case 'speaker-killed':
      case 'speaker-terminated': {
        const killed = fault.kind === 'speaker-killed';
        const router = this.around.nodes.routers.get(fault.node);
        if (!this.isSwitch(fault.node)) await this.around.clusters.break(fault);
        else if (router !== undefined) {
          await this.around.nodes.tree.script(router.endScript('bgpd', killed ? 'KILL' : 'TERM'));
          router.vty('bgpd').close();
          this.restartLater(router);
        }
        // What it wrote down itself comes first.
        this.around.watcher.look();
        const because = killed ? 'the process was killed' : 'the process ended';
        this.around.watcher.forget(fault.node, because, event);
        return;
      }
      case 'speaker-frozen':
        if (this.isSwitch(fault.node)) await this.around.nodes.routers.get(fault.node)?.freezeBgp(true);
        else await this.around.clusters.break(fault);
        return;
      case 'pod-killed':
        await this.around.clusters.break(fault);
    }
  }

  /** A sentence when it does not work. */
  private async undo(fault: Fault, id: string, event: number): Promise<string | undefined> {
    switch (fault.kind) {
      case 'link-cut':
      case 'link-flap':
      case 'silent-loss':
      case 'node-silent':
        clearTimeout(this.timers.get(id));
        this.timers.delete(id);
        await this.links.strike(fault, id, false);
        return undefined;
      case 'node-stopped': {
        await this.links.darken(fault.node, id, false);
        const router = this.around.nodes.routers.get(fault.node);
        if (this.isSwitch(fault.node)) {
          if (router !== undefined) {
            const failure = await this.around.nodes.startRouters([router]);
            if (failure !== undefined) return failure;
            await this.around.nodes.learnAnew(router);
          }
        } else {
          await this.around.clusters.restoreRoutes(fault.node);
          await this.around.clusters.heal(fault);
        }
        this.around.events.add({ type: 'node-started', node: fault.node }, { cause: event });
        return undefined;
      }
      case 'link-impaired':
        return this.links.impair(fault, false);
      case 'speaker-frozen':
        if (this.isSwitch(fault.node)) await this.around.nodes.routers.get(fault.node)?.freezeBgp(false);
        else await this.around.clusters.heal(fault);
        return undefined;
      default:
        return undefined;
    }
  }

  private async killDaemons(router: Router): Promise<void> {
    clearTimeout(this.timers.get(restartOf(router.name)));
    if (router.frozen) this.thawed(router.name);
    router.running = false;
    await this.around.nodes.tree.script(
      router.daemons.map(daemon => router.endScript(daemon, 'KILL')).join('\n'),
    );
    router.close();
  }

  /** A process that is gone is frozen no longer. */
  private thawed(node: string): void {
    const id = faultId({ kind: 'speaker-frozen', node });
    const fault = this.active.get(id)?.fault;
    if (fault === undefined) return;
    this.active.delete(id);
    this.around.events.add({ type: 'fault-healed', fault }, { cause: this.around.watcher.currentCause });
  }

  /** As a supervisor does it, again and again until bgpd runs. */
  private restartLater(router: Router): void {
    this.after(restartOf(router.name), RESTART_DELAY, async () => {
      const { nodes } = this.around;
      if ((await nodes.startDaemons([router], 'bgpd')) === undefined) await nodes.learnAnew(router);
      else this.restartLater(router);
    });
  }

  private async flap(
    fault: Extract<Fault, { readonly kind: 'link-flap' }>,
    id: string,
    round: number,
  ): Promise<void> {
    if (round >= fault.times) {
      if (this.active.delete(id)) this.around.events.add({ type: 'fault-healed', fault });
      return;
    }
    const set = (down: boolean) => this.links.strike(fault, id, down);
    await set(true);
    this.after(id, fault.downMs, () => {
      void set(false);
      this.after(id, fault.upMs, () => void this.flap(fault, id, round + 1));
    });
  }

  private after(id: string, milliseconds: number, run: () => void): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(run, milliseconds));
  }

  private isSwitch(name: string): boolean {
    return this.around.lab.nodes.some(node => node.name === name && node.kind === 'switch');
  }
}

function restartOf(node: string): string {
  return `restart ${node}`;
}
