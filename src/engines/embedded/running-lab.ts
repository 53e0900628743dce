import type { BuildResult } from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import type { NodeState, Snapshot, TableRef, TableRows } from '../../lab/snapshot.ts';
import { tableKey } from '../../lab/snapshot.ts';
import { type StageId, stagesUpTo } from '../../lab/stage.ts';
import type { SwitchConfig } from '../../lab/switch-config.ts';
import { BgpProcess } from './bgp-process.ts';
import { Capture, type Kept } from './capture.ts';
import { createClusters } from './cluster/index.ts';
import type { ClusterPort } from './cluster-port.ts';
import { Dismantling } from './dismantling.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import type { EventLog } from './event-log.ts';
import { Fabric } from './fabric.ts';
import { Faults } from './faults.ts';
import { StageBuilder } from './stage-builder.ts';
import { bfdRows } from './tables/bfd-rows.ts';
import { forwardingRows } from './tables/forwarding-rows.ts';
import { hashComparisonRows } from './tables/hash-comparison-rows.ts';
import { interfaceRows } from './tables/interface-rows.ts';
import { linkStates } from './tables/link-states.ts';
import { macRows } from './tables/mac-rows.ts';
import { bgpRows, evpnRows } from './tables/rib-rows.ts';
import { routeRows } from './tables/route-rows.ts';
import { type StatesByNode, sessionRows, statesByNode } from './tables/session-rows.ts';
import { World } from './world.ts';

export type RunningLabOptions = {
  readonly seed: number;
  readonly modulo: boolean;
  readonly keptPackets?: Kept | undefined;
  readonly startAt: number;
  readonly events: EventLog;
};

/** One life of a lab: a world, and what stands in it. `restore` begins another. */
export class RunningLab implements EmbeddedLab {
  readonly lab: Lab;
  readonly world: World;
  readonly fabric: Fabric;
  readonly clusters: ClusterPort;
  readonly builder: StageBuilder;
  readonly faults: Faults;
  readonly dismantle: Dismantling;
  private waitingFor = '';
  private waitingThen = false;

  constructor(lab: Lab, options: RunningLabOptions) {
    this.lab = lab;
    this.world = new World(lab, options.seed, options.startAt, options.events);
    this.fabric = new Fabric(this.world, {
      modulo: options.modulo,
      capture: new Capture(options.keptPackets),
    });
    this.clusters = createClusters(this.world, {
      transport: this.fabric.transport,
      onSessionsChanged: device => this.fabric.followSpeakers(device, this.clusters.speakers()),
    });
    this.builder = new StageBuilder(this.world, this.fabric, this.clusters);
    this.faults = new Faults(this.world, this.fabric, this.clusters);
    this.dismantle = new Dismantling(this);
    this.world.askWhetherBusy(() => this.builder.busy || this.waitsForSessions());
  }

  // building

  build(stage: StageId, signal: AbortSignal | undefined, done: (result: BuildResult) => void): void {
    this.builder.build(stage, signal, done);
  }

  /** Builds everything up to a stage in a world that has nothing yet, without waiting for anybody. False: it did not work. */
  buildUpTo(stage: StageId): boolean {
    for (const next of stagesUpTo(this.lab.stages, stage) ?? []) {
      let result: BuildResult | undefined;
      this.build(next, undefined, outcome => {
        result = outcome;
      });
      while (result === undefined && this.world.step());
      if (result?.outcome !== 'done') return false;
    }
    return this.runUntilQuiet(QUIET_LIMIT);
  }

  /** Steps until nothing is under way; false when that takes longer than `limit` lab milliseconds. Whoever waits for less than the whole limit has not given up. */
  runUntilQuiet(limit: number): boolean {
    const end = this.world.now() + limit;
    while (this.world.busy()) {
      const next = this.world.nextAt();
      if (next === undefined) return true;
      if (next > end) {
        this.world.runUntil(end);
        if (limit >= QUIET_LIMIT) this.world.emit({ type: 'did-not-settle', after: limit });
        return false;
      }
      this.world.step();
    }
    return true;
  }

  /** Sessions that could come up will, when their retry timers say so: asked anew only when something changed. */
  private waitsForSessions(): boolean {
    const situation = `${this.world.forwardingGeneration} ${this.fabric.sessionVersion}`;
    if (situation !== this.waitingFor) {
      this.waitingFor = situation;
      this.waitingThen = [...this.fabric.transport.users()].some(
        user => user instanceof BgpProcess && user.waitsForSession(),
      );
    }
    return this.waitingThen;
  }

  // configuration

  runningConfig(node: string): SwitchConfig | undefined {
    return this.fabric.switches.get(node)?.config;
  }

  applyConfig(node: string, config: SwitchConfig, lines: readonly string[]): number | undefined {
    return this.fabric.applyConfig(node, config, lines);
  }

  // looking

  snapshot(wanted: readonly TableRef[]): Snapshot {
    const sessions = statesByNode(this.sources);
    const tables = new Map<string, TableRows[TableRef['name']]>();
    for (const ref of wanted) {
      const rows = this.table(ref);
      if (rows !== undefined) tables.set(tableKey(ref), rows);
    }
    return {
      at: this.world.now(),
      stages: this.builder.stages,
      nodes: this.nodeStates(sessions),
      links: linkStates(this.world, sessions),
      faults: [...this.world.faults.values()],
      clusters: this.clusters.states(),
      traffic: this.clusters.traffic(),
      tables,
    };
  }

  private get sources() {
    return { world: this.world, transport: this.fabric.transport, bfd: this.fabric.bfd };
  }

  private nodeStates(byNode: StatesByNode): NodeState[] {
    const states: NodeState[] = [];
    for (const { name, kind } of this.lab.nodes) {
      const state = this.nodeState(name, kind);
      const sessions = byNode.get(name) ?? [];
      if (sessions.length === 0) {
        states.push({ name, state });
        continue;
      }
      let established = 0;
      for (const session of sessions) if (session.state === 'established') established++;
      states.push({ name, state, sessions: { established, configured: sessions.length } });
    }
    return states;
  }

  private nodeState(name: string, kind: Lab['nodes'][number]['kind']): NodeState['state'] {
    if (this.fabric.isBooting(name)) return 'starting';
    const device = this.world.device(name);
    if (device !== undefined) return device.running ? 'running' : 'stopped';
    if (kind === 'container') return this.fabric.switches.size > 0 ? 'running' : 'absent';
    const cluster = this.clusters.states().find(({ nodes }) => nodes.some(node => node.name === name));
    return cluster?.state === 'starting' ? 'starting' : 'absent';
  }

  private table(ref: TableRef): TableRows[TableRef['name']] | undefined {
    const { world, fabric } = this;
    const node = 'node' in ref && ref.node !== undefined ? fabric.switches.get(ref.node) : undefined;
    switch (ref.name) {
      case 'sessions':
        return sessionRows(this.sources, ref.node);
      case 'bfd':
        return bfdRows(world, fabric.bfd, ref.node);
      case 'flows':
        return this.clusters.flows(ref);
      case 'packets':
        return fabric.transport.capture.rows(ref);
      case 'interfaces':
        return node === undefined ? undefined : interfaceRows(node);
      case 'evpn': {
        const process = node?.instances.get('default')?.process;
        return process === undefined ? undefined : evpnRows(world, process);
      }
      case 'bgp': {
        const process = node?.instances.get(ref.instance)?.process;
        return process === undefined ? undefined : bgpRows(world, process);
      }
      case 'routes': {
        const table = node?.routeTable(ref.instance);
        return table === undefined ? undefined : routeRows(world, table);
      }
      case 'forwarding': {
        const table = node?.routeTable(ref.instance);
        return table === undefined ? undefined : forwardingRows(world, table);
      }
      case 'hash-comparison': {
        const group = node?.routeTable(ref.instance)?.forwarding.get(ref.prefix);
        const client = this.clusters
          .traffic()
          .clients.find(({ name, address }) => name === ref.client || address === ref.client);
        return node === undefined || group === undefined || client === undefined
          ? undefined
          : hashComparisonRows(world, node, group, { ...ref, source: client.address });
      }
      case 'macs': {
        const bridge = node?.bridge(ref.instance);
        return bridge === undefined ? undefined : macRows(world, bridge);
      }
    }
  }
}

/** Lab milliseconds after which the search for quiet is given up. */
export const QUIET_LIMIT = 600_000;
