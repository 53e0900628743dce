import type { ClusterState } from '../../../lab/cluster-state.ts';
import type { CommandResult } from '../../../lab/command.ts';
import type { Fault } from '../../../lab/fault.ts';
import type { FlowRow, TableRef } from '../../../lab/snapshot.ts';
import type { TrafficState } from '../../../lab/traffic-state.ts';
import { TCP } from '../../../net/flow.ts';
import type {
  ClusterAction,
  ClusterPort,
  CoreServices,
  CreateClusters,
  HttpAnswer,
  HttpRequest,
  NodeSpeaker,
} from '../cluster-port.ts';
import type { Device } from '../device.ts';
import { hashText } from '../random.ts';
import type { World } from '../world.ts';
import { clientsOf } from './clients.ts';
import { ClusterFaults } from './cluster-faults.ts';
import { ClusterRun, podInstance, runOfNode } from './cluster-run.ts';
import { ServerConnections } from './connection.ts';
import { DockerNetwork } from './docker-network.ts';
import { FlowCache } from './flow-cache.ts';
import { findFlow } from './flow-rows.ts';
import { type Network, requestOver } from './http-request.ts';
import { NodeDevice } from './node-device.ts';
import { stateOf } from './states.ts';
import { isDone, isUndone, perform, realDuration, type Workshop } from './tasks.ts';
import { Traffic } from './traffic.ts';

export const createClusters: CreateClusters = (world, core) => new LabClusters(world, core);

/** All clusters of a lab: their nodes on the fabric, their traffic, their faults. */
export class LabClusters implements ClusterPort {
  readonly runs = new Map<string, ClusterRun>();
  readonly network: Network;
  private readonly world: World;
  private readonly core: CoreServices;
  private readonly traffics: Traffic;
  private readonly connections = new ServerConnections();
  private readonly docker: DockerNetwork;
  private readonly shop: Workshop;
  private readonly faults: ClusterFaults;
  private readonly flowCache = new FlowCache();
  private known: { readonly situation: string; readonly states: readonly ClusterState[] } | undefined;
  private nextPort = 0;
  /** The situation that clients and connections were last brought in line with. */
  private seen = '';

  constructor(world: World, core: CoreServices) {
    this.world = world;
    this.core = core;
    this.docker = new DockerNetwork(world.lab.network.prefix);
    this.network = {
      world,
      connections: this.connections,
      servers: { listening: (device, instance, port) => this.listening(device, instance, port) },
    };
    this.traffics = new Traffic(this.network);
    this.faults = new ClusterFaults(world, this.runs);
    this.shop = {
      world,
      network: false,
      runs: this.runs,
      applied: new Set(),
      createCluster: name => this.createCluster(name),
    };
  }

  // building

  perform(action: ClusterAction, finished: (failure?: string) => void): void {
    perform(this.shop, action, finished);
  }

  isDone(action: ClusterAction): boolean {
    return isDone(this.shop, action);
  }

  isUndone(action: ClusterAction): boolean {
    return isUndone(this.shop, action);
  }

  deleteCluster(name: string): void {
    const run = this.runs.get(name);
    if (run === undefined) return;
    run.remove();
    this.runs.delete(name);
    for (const applied of [...this.shop.applied])
      if (applied.startsWith(`${name} `)) this.shop.applied.delete(applied);
    this.changed();
  }

  removeNetwork(): string | undefined {
    const { name } = this.world.lab.network;
    if (!this.shop.network) return `network ${name} not found`;
    if (this.world.devices.size > 0)
      return `error while removing network: network ${name} has active endpoints`;
    this.shop.network = false;
    return undefined;
  }

  unjoined(node: string, port: string): void {
    const run = runOfNode(this.runs, node);
    run?.nodes.get(node)?.detach(port);
    run?.reconcile();
  }

  realDuration(action: ClusterAction): string | undefined {
    return realDuration(action);
  }

  // looking

  speakers(): readonly NodeSpeaker[] {
    return [...this.runs.values()].flatMap(run => run.speakers.all());
  }

  states(): readonly ClusterState[] {
    let situation = this.situation();
    for (const run of this.runs.values()) {
      for (const node of run.nodes.keys()) situation += run.speakerRuns(node) ? ' speaks' : ' silent';
    }
    if (this.known?.situation !== situation) {
      const states = this.world.lab.clusters.map(cluster => stateOf(cluster, this.runs.get(cluster.name)));
      this.known = { situation, states };
    }
    return this.known.states;
  }

  traffic(): TrafficState {
    return this.traffics.state();
  }

  keptConnections({ device, instance }: { readonly device: Device; readonly instance: string }) {
    return this.traffics.keptBy(device.name, instance);
  }

  flows(ref: Extract<TableRef, { readonly name: 'flows' }>): readonly FlowRow[] {
    const client = this.traffics.clientNamed(ref.client);
    if (client === undefined) return [];
    const situation = { clusters: this.objects(), forwarding: this.world.forwardingGeneration };
    const devices = [...this.devices()];
    return this.flowCache.rows(ref, situation, index => findFlow(this.network, client, ref, index, devices));
  }

  /** What clusters' states hang on beside the processes on their nodes: while it stays, so do they. */
  private situation(): string {
    let nodes = 0;
    for (const { forwardingGeneration } of this.devices()) nodes += forwardingGeneration;
    return `${nodes} ${this.objects()}`;
  }

  private objects(): string {
    return [...this.runs.values()].map(run => `${run.cluster.store.version}.${run.reconciled}`).join(' ');
  }

  // acting

  setTraffic(on: boolean, ratePerClient: number | undefined): CommandResult {
    return this.traffics.set(on, ratePerClient);
  }

  canBreak(fault: Fault): CommandResult {
    return this.faults.canBreak(fault);
  }

  break(fault: Fault): void {
    this.faults.break(fault);
  }

  heal(fault: Fault): void {
    this.faults.heal(fault);
  }

  hostNamed(name: string): { readonly device: Device; readonly instance: string } | undefined {
    for (const run of this.runs.values()) {
      const device = run.nodes.get(name);
      if (device !== undefined) return { device, instance: '' };
      const pod = run.podNamed(name);
      const node = run.nodes.get(pod?.spec.nodeName ?? '');
      if (pod !== undefined && node !== undefined)
        return { device: node, instance: pod.spec.hostNetwork === true ? '' : podInstance(pod) };
    }
    return undefined;
  }

  request(request: HttpRequest, finished: (answer: HttpAnswer) => void): () => void {
    const { from, to, timeout } = request;
    if (!(from.device instanceof NodeDevice)) throw new Error(`${from.device.name} opens no connections`);
    const source = from.device.sourceAddressTowards(to.address, from.instance);
    const port = request.sourcePort ?? 32_768 + ((hashText(from.instance) + this.nextPort++) % 28_232);
    const flow = {
      sourceAddress: source ?? '0.0.0.0',
      destinationAddress: to.address,
      protocol: TCP,
      sourcePort: port,
      destinationPort: to.port,
    };
    const caller = { device: from.device, instance: from.instance };
    return requestOver(
      this.network,
      { caller, flow, established: false, keepOpen: false, timeout },
      outcome => {
        const sourcePort = port;
        if (outcome.outcome === 'answered') {
          const { body, latency } = outcome;
          finished({ outcome: 'answered', body, latencyMs: latency, sourcePort });
        } else if (outcome.outcome === 'lost') {
          finished({ outcome: 'timed-out', because: `${outcome.at}: ${outcome.because}`, sourcePort });
        } else {
          finished({ outcome: 'refused', because: `${outcome.by}: ${outcome.because}`, sourcePort });
        }
      },
    );
  }

  // inside

  private createCluster(name: string): ClusterRun {
    const definition = this.world.lab.clusters.find(each => each.name === name);
    if (definition === undefined) throw new Error(`the lab has no cluster ${name}`);
    const run = new ClusterRun(this.world, this.core, definition, this.docker);
    this.runs.set(name, run);
    run.onChanged = () => this.changed();
    run.start();
    return run;
  }

  private changed(): void {
    const situation = [...this.runs.values()]
      .map(
        run => `${run.cluster.store.version} ${[...run.nodes.values()].map(node => node.running).join(' ')}`,
      )
      .join(' ');
    if (situation === this.seen) return;
    this.seen = situation;
    const alive = new Set<string>();
    for (const run of this.runs.values())
      for (const device of run.nodes.values()) for (const pod of device.pods()) alive.add(pod.uid);
    for (const uid of [...this.connections.pods()]) if (!alive.has(uid)) this.connections.forgetPod(uid);
    this.traffics.follow(clientsOf(this.world, this.runs.values()));
  }

  private listening(device: Device, instance: string, port: number) {
    return runOfNode(this.runs, device.name)?.listening(device, instance, port);
  }

  private *devices(): Generator<NodeDevice> {
    for (const run of this.runs.values()) yield* run.nodes.values();
  }
}
