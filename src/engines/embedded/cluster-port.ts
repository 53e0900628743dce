import type { ClusterState } from '../../lab/cluster-state.ts';
import type { CommandResult } from '../../lab/command.ts';
import type { Fault } from '../../lab/fault.ts';
import type { FlowRow, TableRef } from '../../lab/snapshot.ts';
import type { TaskAction } from '../../lab/stage.ts';
import type { TrafficState } from '../../lab/traffic-state.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { FiveTuple } from '../../net/flow.ts';
import type { BgpProcess } from './bgp-process.ts';
import type { Device } from './device.ts';
import type { Transport } from './transport.ts';
import type { World } from './world.ts';

/**
 * The seam between the embedded lab's core (switches, wires, time) and its Kubernetes side (`cluster/`).
 * The core calls these; the cluster side uses `World`, `Device`, `walk`, `arp` and `bgp-process` of the core.
 *
 * `cluster/index.ts` exports `createClusters: CreateClusters`.
 */
export type CreateClusters = (world: World, core: CoreServices) => ClusterPort;

/** What of the core the cluster nodes stand on. */
export type CoreServices = {
  /** The one TCP of this world. */
  readonly transport: Transport;
  /** The BGP sessions of a cluster node came, went or changed state: BFD (the core's) follows `speakers()`. */
  readonly onSessionsChanged: (device: Device) => void;
};

/** A BGP speaker on a cluster node: MetalLB's. The core shows its sessions and runs BFD beside them. */
export type NodeSpeaker = {
  readonly node: string;
  readonly process: BgpProcess;
  /** BFD for the session with that peer, undefined where the BGPPeer names no profile. */
  bfd(peer: Ipv4): BfdTimers | undefined;
};

/** Milliseconds. */
export type BfdTimers = {
  readonly desiredMinimumTransmit: number;
  readonly requiredMinimumReceive: number;
  readonly detectionMultiplier: number;
  readonly multihop: boolean;
};

/** Tasks of a stage that are the clusters' business. */
export type ClusterAction = Extract<
  TaskAction,
  { readonly type: 'create-network' | 'create-cluster' | 'load-image' | 'join' | 'apply' }
>;

export interface ClusterPort {
  /**
   * Performs one task, over (compressed) lab time, and calls `finished` once: undefined when done, a sentence when it
   * failed. Idempotent: what is already there finishes at once. Creating a cluster adds its nodes as devices; `join`
   * calls `world.plug(link)` after making the port and configures address and routes.
   */
  perform(action: ClusterAction, finished: (failure?: string) => void): void;
  /** Whether the task's effect is there already (a resumed build skips it). */
  isDone(action: ClusterAction): boolean;
  /** Whether what the task made is not there (any more). A task whose effect is only unsettled is not undone. */
  isUndone(action: ClusterAction): boolean;
  /** `kind delete cluster`: nodes, pods and cables are gone. */
  deleteCluster(name: string): void;
  /** `docker network rm`: why not, undefined when it is gone. */
  removeNetwork(): string | undefined;
  /** The cable at that port of a node is gone, and the interface with it. */
  unjoined(node: string, port: string): void;
  /** What a task takes in the real lab, in words ("1–2 min"), where it is compressed. */
  realDuration(action: ClusterAction): string | undefined;

  /** BGP speakers that exist on cluster nodes, dead ones included. */
  speakers(): readonly NodeSpeaker[];

  /** One per cluster of the lab, in file order; 'absent' ones included. */
  states(): readonly ClusterState[];
  traffic(): TrafficState;
  setTraffic(on: boolean, ratePerClient: number | undefined): CommandResult;

  /**
   * Faults that concern clusters: `node-stopped` and `speaker-…` of a cluster node, `pod-killed`. Wires are the
   * core's: `node-silent`, links. The core has emitted `fault-injected` and made it the current cause; it keeps the
   * list of active faults. A refusal leaves everything unchanged; `canBreak` is asked before anything is emitted.
   */
  canBreak(fault: Fault): CommandResult;
  break(fault: Fault): void;
  heal(fault: Fault): void;

  /** Connections that the clients' program keeps open there. */
  keptConnections(place: { readonly device: Device; readonly instance: string }): readonly FiveTuple[];

  /** Where commands typed on a Kubernetes node or in a pod ("name" or "namespace/name") run; undefined for any other name. */
  hostNamed(name: string): { readonly device: Device; readonly instance: string } | undefined;
  /** One HTTP GET over a connection of its own, as curl and wget make it. Returns what cancels it. */
  request(request: HttpRequest, finished: (answer: HttpAnswer) => void): () => void;

  /** The paths that new flows of a client would take now. Nothing is sent. */
  flows(ref: Extract<TableRef, { readonly name: 'flows' }>): readonly FlowRow[];
}

export type HttpRequest = {
  readonly from: { readonly device: Device; readonly instance: string };
  readonly to: { readonly address: Ipv4; readonly port: number };
  /** Milliseconds until the program gives up. */
  readonly timeout: number;
  /** Undefined: the next ephemeral one. */
  readonly sourcePort?: number;
};

export type HttpAnswer = { readonly sourcePort: number } & (
  | { readonly outcome: 'answered'; readonly body: string; readonly latencyMs: number }
  | { readonly outcome: 'refused' | 'timed-out'; readonly because: string }
);
