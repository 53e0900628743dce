import type { Lab, LabLink, LabNode, SwitchNode } from '../../../lab/lab.ts';
import { containerOf } from '../../../lab/lab.ts';
import { AnsweringShell } from '../../../programs/answering-shell.ts';
import type { Docker } from '../../../programs/docker.ts';
import type { ScriptResult } from '../../../programs/process-tree.ts';
import type { Chronicle } from '../../real/chronicle.ts';
import type { EventLog } from '../../real/event-log.ts';
import type { LabTime } from '../../real/lab-time.ts';
import type { RouterTables } from '../../real/router-tables.ts';
import { isLinuxSwitch } from '../faults/fault-commands.ts';
import { FrrRouter } from '../frr/frr-router.ts';
import type { ObservedCluster } from '../kubernetes/observed-cluster.ts';
import type { ObservedSwitch } from '../srlinux/observed-switch.ts';
import { type ContainerState, Containers } from './containers.ts';

export type WatchOptions = {
  readonly lab: Lab;
  readonly docker: Docker;
  readonly tables: RouterTables;
  readonly chronicle: Chronicle;
  readonly time: LabTime;
  readonly events: EventLog;
  /** Undefined: nobody here can speak to it. */
  readonly srLinux: (node: SwitchNode) => ObservedSwitch | undefined;
  /** Watched from when its first node runs; undefined for a cluster that has no API server. */
  readonly cluster: (name: string) => ObservedCluster | undefined;
};

/** Everything that is looked at: containers by Docker's events, and in each that runs the router, host or cluster that it is. */
export class Watch {
  readonly containers: Containers;
  readonly routers = new Map<string, ObservedSwitch>();
  readonly clusters = new Map<string, ObservedCluster>();
  /** Told of each node whose container was started or stopped. */
  onNode: (node: string, runs: boolean) => void = () => {};
  /** Told of each FRR switch that began to answer. */
  onFrr: (node: SwitchNode) => void = () => {};
  private readonly options: WatchOptions;
  private readonly shells = new Map<string, AnsweringShell>();
  private readonly plugged = new Set<string>();
  private readonly arriving = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(options: WatchOptions) {
    this.options = options;
    this.containers = new Containers(options.docker, options.lab);
  }

  /** Looks at what is there and listens from then on; a sentence when Docker does not answer. */
  async start(): Promise<string | undefined> {
    const failed = await this.containers.refresh();
    if (failed !== undefined) return failed;
    for (const node of this.options.lab.nodes) this.follow(node.name, this.containers.stateOf(node.name));
    await Promise.all(this.arriving.values());
    this.containers.onChange = (node, state, wall) => this.changed(node, state, wall);
    this.containers.watch();
    return undefined;
  }

  stop(): void {
    this.stopped = true;
    this.containers.stop();
    for (const router of this.routers.values()) router.stop();
    for (const shell of this.shells.values()) shell.stop();
    for (const cluster of this.clusters.values()) cluster.stop();
  }

  /** A cable is where both containers are and the switch has seen its end; it stays plugged in while one of them is stopped. */
  isPlugged(link: LabLink): boolean {
    const ends = [link.a, link.b];
    if (ends.some(({ node }) => this.containers.stateOf(node) === 'absent')) {
      this.plugged.delete(link.id);
      return false;
    }
    const switches = ends.filter(({ node }) => this.isSwitch(node));
    if (switches.some(({ node, port }) => this.routers.get(node)?.packets(port) !== undefined))
      this.plugged.add(link.id);
    else if (switches.every(({ node }) => this.routers.get(node)?.answering.state === 'answering'))
      this.plugged.delete(link.id);
    return this.plugged.has(link.id);
  }

  /** Since when Docker does not answer (lab milliseconds), and why; undefined while it does. */
  get unheard(): { readonly since: number; readonly because: string } | undefined {
    const { silence } = this.containers;
    return silence && { since: this.options.time.ofWall(silence.since), because: silence.because };
  }

  private isSwitch(name: string): boolean {
    return this.options.lab.nodes.some(node => node.name === name && node.kind === 'switch');
  }

  /** Every switch whose container runs has answered. */
  knowsAllThatRuns(): boolean {
    if (this.arriving.size > 0) return false;
    const { lab } = this.options;
    return lab.nodes.every(
      node =>
        node.kind !== 'switch' ||
        this.containers.stateOf(node.name) !== 'running' ||
        this.routers.get(node.name)?.answering.state === 'answering',
    );
  }

  /** BGP is spoken on a node, by a switch, by FRR in a host's container, or by MetalLB. */
  speaks(node: LabNode): boolean {
    if (this.routers.has(node.name)) return true;
    const cluster = node.kind === 'cluster-node' ? this.clusters.get(node.cluster) : undefined;
    return cluster?.state().announcements.some(each => each.node === node.name) === true;
  }

  /** A shell that runs on in a container; undefined while that does not run. */
  shellIn(container: string): ((script: string) => Promise<ScriptResult>) | undefined {
    const node = this.options.lab.nodes.find(each => containerOf(each) === container);
    if (this.stopped || node === undefined || this.containers.stateOf(node.name) !== 'running')
      return undefined;
    // SR Linux is told through sr_cli: each word for itself, by no shell.
    if (node.kind === 'switch' && !isLinuxSwitch(node)) return undefined;
    const { docker } = this.options;
    const shell =
      this.shells.get(container) ??
      new AnsweringShell((argv, listeners) => docker.converse(container, argv, listeners));
    this.shells.set(container, shell);
    return script => shell.script(script);
  }

  /** FRR began or ceased to run on a host: MetalLB's, where its cluster is a model. */
  speakerOn(name: string, speaks: boolean): void {
    const node = this.options.lab.nodes.find(each => each.name === name);
    if (!speaks) {
      const { chronicle } = this.options;
      chronicle.forget(name, 'the process was killed', chronicle.currentCause);
      this.routers.get(name)?.stop();
      this.routers.delete(name);
    } else if (node !== undefined && !this.routers.has(name)) {
      const router = this.frrOn(node);
      this.routers.set(name, router);
      router.start();
    }
  }

  private changed(name: string, state: ContainerState, wall: number): void {
    const { events, time, chronicle } = this.options;
    const at = time.ofWall(wall);
    const cause = chronicle.currentCause;
    if (state === 'running' && !this.routers.has(name) && !this.arriving.has(name))
      events.add({ type: 'node-started', node: name }, { at, cause });
    if (state === 'stopped' || state === 'absent') {
      chronicle.forget(name, 'the node was stopped', cause);
      chronicle.forgetAll(name);
      if (state === 'stopped') events.add({ type: 'node-stopped', node: name }, { at, cause });
    }
    this.follow(name, state);
    if (state === 'running' || state === 'stopped') this.onNode(name, state === 'running');
  }

  private follow(name: string, state: ContainerState): void {
    const node = this.options.lab.nodes.find(each => each.name === name);
    if (node === undefined || this.stopped) return;
    if (state === 'stopped' || state === 'absent') this.leave(node);
    else if (!this.routers.has(name) && !this.arriving.has(name))
      this.arriving.set(
        name,
        this.arrive(node).finally(() => this.arriving.delete(name)),
      );
  }

  private async arrive(node: LabNode): Promise<void> {
    if (node.kind === 'cluster-node' && !this.clusters.has(node.cluster)) {
      const cluster = this.options.cluster(node.cluster);
      if (cluster !== undefined) {
        this.clusters.set(node.cluster, cluster);
        void cluster.start();
      }
    }
    const router = this.routerOn(node);
    if (router === undefined || this.stopped || this.containers.stateOf(node.name) === 'stopped') return;
    this.routers.set(node.name, router);
    router.start();
  }

  private routerOn(node: LabNode): ObservedSwitch | undefined {
    if (node.kind !== 'switch') return undefined;
    return isLinuxSwitch(node) ? this.frrOn(node) : this.options.srLinux(node);
  }

  private frrOn(node: LabNode): FrrRouter {
    const { docker, tables, chronicle, time } = this.options;
    return new FrrRouter({
      name: node.name,
      container: containerOf(node),
      node: node.kind === 'switch' ? node : undefined,
      docker,
      tables,
      chronicle,
      time,
      onAnswering: () => {
        if (node.kind === 'switch') this.onFrr(node);
      },
    });
  }

  private leave(node: LabNode): void {
    this.routers.get(node.name)?.stop();
    this.routers.delete(node.name);
    const container = containerOf(node);
    this.shells.get(container)?.stop();
    this.shells.delete(container);
    if (node.kind !== 'cluster-node') return;
    const others = this.options.lab.nodes.filter(
      each => each.kind === 'cluster-node' && each.cluster === node.cluster,
    );
    if (others.some(each => this.containers.stateOf(each.name) !== 'absent')) return;
    this.clusters.get(node.cluster)?.stop();
    this.clusters.delete(node.cluster);
  }
}
