import { type CommandResult, refused } from '../../lab/command.ts';
import { type ActiveFault, type Fault, faultId, healsItself, isSpeakerFault } from '../../lab/fault.ts';
import type { Lab, LabLink, LinkEnd } from '../../lab/lab.ts';
import { deviceOf } from '../real/device-names.ts';
import type { EventLog } from '../real/event-log.ts';
import { endsOf, linksOf, type StruckEnd } from '../real/fault-ends.ts';
import { noSuchNode, notPlugged, notRunning, notThere, speakerIsFrozen } from '../real/fault-refusals.ts';
import type { LabTime } from '../real/lab-time.ts';
import { type EndReason, LinkEnds } from '../real/link-ends.ts';
import type { Clusters } from './clusters.ts';
import type { Router } from './daemons.ts';
import { netnsOf, netnsOfEnd } from './network-plan.ts';
import type { Nodes } from './nodes.ts';
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
  private readonly ends = new LinkEnds();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private working: Promise<unknown> = Promise.resolve();

  constructor(around: Surroundings) {
    this.around = around;
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
    for (const one of healed) {
      if (one === undefined) continue;
      this.active.delete(one.id);
      event = events.add({ type: 'fault-healed', fault: one.fault }, { cause: one.event });
      watcher.begin(event);
      await this.undo(one.fault, one.id, event);
    }
    return event === undefined ? { outcome: 'done' } : { outcome: 'done', event };
  }

  private refusalOf(fault: Fault): CommandResult | undefined {
    const { lab, nodes, clusters } = this.around;
    switch (fault.kind) {
      case 'link-cut':
      case 'silent-loss':
      case 'link-flap': {
        return nodes.plugged.has(fault.link) ? undefined : notPlugged(lab, fault.link);
      }
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
      case 'link-impaired':
        return refused(
          'this lab delays and loses nothing by chance itself',
          'Type it where the kernel has netem: containerlab tools netem set, or tc qdisc add … netem.',
        );
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
        await this.strike(this.endsOf(fault), id, true);
        return;
      case 'link-flap':
        await this.flap(fault, id, 0);
        return;
      case 'node-stopped': {
        await this.strike(this.endsOfNode(fault.node), id, true);
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
        this.thawed(fault.node, event);
        return;
      }
      case 'speaker-killed':
      case 'speaker-terminated': {
        const killed = fault.kind === 'speaker-killed';
        const router = this.around.nodes.routers.get(fault.node);
        if (!this.isSwitch(fault.node)) await this.around.clusters.break(fault);
        else if (router !== undefined) {
          await this.script(router.endScript('bgpd', killed ? 'KILL' : 'TERM'));
          router.vty('bgpd').close();
          this.after(`restart ${fault.node}`, RESTART_DELAY, () => {
            if (router.running) void this.restartBgp(router);
          });
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

  private async undo(fault: Fault, id: string, event: number): Promise<void> {
    switch (fault.kind) {
      case 'link-cut':
      case 'link-flap':
      case 'silent-loss':
      case 'node-silent':
        clearTimeout(this.timers.get(id));
        this.timers.delete(id);
        await this.strike(this.endsOf(fault), id, false);
        return;
      case 'node-stopped': {
        await this.strike(this.endsOfNode(fault.node), id, false);
        const router = this.around.nodes.routers.get(fault.node);
        if (this.isSwitch(fault.node)) {
          if (router !== undefined) {
            await this.around.nodes.startRouters([router]);
            await this.around.nodes.learnAnew(router);
          }
        } else {
          await this.around.clusters.restoreRoutes(fault.node);
          await this.around.clusters.heal(fault);
        }
        this.around.events.add({ type: 'node-started', node: fault.node }, { cause: event });
        return;
      }
      case 'speaker-frozen':
        if (this.isSwitch(fault.node)) await this.around.nodes.routers.get(fault.node)?.freezeBgp(false);
        else await this.around.clusters.heal(fault);
        return;
      default:
        return;
    }
  }

  private async killDaemons(router: Router): Promise<void> {
    router.running = false;
    await this.script(router.daemons.map(daemon => router.endScript(daemon, 'KILL')).join('\n'));
    router.close();
  }

  /** A process that is gone is frozen no longer. */
  private thawed(node: string, cause: number): void {
    const id = faultId({ kind: 'speaker-frozen', node });
    const fault = this.active.get(id)?.fault;
    if (fault === undefined) return;
    this.active.delete(id);
    this.around.events.add({ type: 'fault-healed', fault }, { cause });
  }

  private async restartBgp(router: Router): Promise<void> {
    const { nodes } = this.around;
    await nodes.startDaemons([router], 'bgpd');
    await nodes.learnAnew(router);
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
    const set = (down: boolean) => this.strike(this.endsOf(fault), id, down);
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

  // ends of links

  isSilent(link: LabLink): boolean {
    return [link.a, link.b].some(end => this.ends.isDeaf(end));
  }

  isDown(link: LabLink): boolean {
    return [link.a, link.b].some(end => this.ends.isDown(end));
  }

  /** A port as its switch's configuration wants it. */
  async setPort(end: LinkEnd, up: boolean): Promise<void> {
    if (
      !this.around.lab.links.some(
        ({ id, a, b }) => this.around.nodes.plugged.has(id) && [a, b].some(each => isSame(each, end)),
      )
    )
      return;
    await this.typed([this.mark(end, 'downBy', 'admin-state', !up)]);
  }

  /** Notes one reason at an end; what has to be typed for it, undefined when nothing changes. */
  private mark(end: LinkEnd, reason: EndReason, id: string, on: boolean): string | undefined {
    const change = this.ends.mark(end, reason, id, on);
    if (change === undefined) return undefined;
    const netns = netnsOfEnd(this.around.lab, end);
    const device = deviceOf(end.port);
    if (change.state === 'down') return `ip -n ${netns} link set ${device} ${change.on ? 'down' : 'up'}`;
    const chain = `in-${device}`;
    const rule = change.on
      ? `add chain netdev loss ${chain} { type filter hook ingress device "${device}" priority 0; policy drop; }`
      : `delete chain netdev loss ${chain}`;
    return `nsenter --net=/run/netns/${netns} nft '${rule}'`;
  }

  private endsOf(fault: Fault): StruckEnd[] {
    const { lab, nodes } = this.around;
    return endsOf(fault, lab, link => nodes.plugged.has(link.id));
  }

  /** Every end of every link of a node, dark. */
  private endsOfNode(node: string): StruckEnd[] {
    const { lab, nodes } = this.around;
    return linksOf(lab, node)
      .filter(link => nodes.plugged.has(link.id))
      .flatMap(({ a, b }) => [a, b].map((end): StruckEnd => ({ end, reason: 'downBy' })));
  }

  /** A fault comes over ends of links, or goes. */
  private async strike(ends: readonly StruckEnd[], id: string, on: boolean): Promise<void> {
    await this.typed(ends.map(({ end, reason }) => this.mark(end, reason, id, on)));
    if (on) return;
    const isStruck = (end: LinkEnd) => ends.some(each => isSame(each.end, end));
    await this.routesBack(this.around.lab.links.filter(({ a, b }) => isStruck(a) || isStruck(b)));
  }

  /** The kernel forgets routes over a port that was down; on a host nobody but its administrator puts them back. */
  private async routesBack(links: readonly LabLink[]): Promise<void> {
    for (const link of links) {
      if (link.role !== 'join' || this.isDown(link)) continue;
      for (const { node } of [link.a, link.b])
        if (!this.isSwitch(node)) await this.around.clusters.restoreRoutes(node);
    }
  }

  private async typed(lines: readonly (string | undefined)[]): Promise<void> {
    const script = lines.filter(line => line !== undefined).join('\n');
    if (script !== '') await this.script(script);
  }

  private script(text: string): Promise<unknown> {
    this.working = this.around.nodes.tree.script(text);
    return this.working;
  }
}

function isSame(a: LinkEnd, b: LinkEnd): boolean {
  return a.node === b.node && a.port === b.port;
}
