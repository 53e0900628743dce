import type { CommandResult } from '../../lab/command.ts';
import type { Fault } from '../../lab/fault.ts';
import type { ClusterState, FlowRow, TableRef, TrafficState } from '../../lab/snapshot.ts';
import type { TaskAction } from '../../lab/stage.ts';
import type { World } from './world.ts';

/**
 * The seam between the embedded lab's core (switches, wires, time) and its Kubernetes side (`cluster/`).
 * The core calls these; the cluster side uses `World`, `Device`, `walk`, `arp` and `bgp-process` of the core.
 *
 * `cluster/index.ts` exports `createClusters: CreateClusters`.
 */
export type CreateClusters = (world: World) => ClusterPort;

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
  /** What a task takes in the real lab, in words ("1–2 min"), where it is compressed. */
  realDuration(action: ClusterAction): string | undefined;

  /** One per cluster of the lab, in file order; 'absent' ones included. */
  states(): readonly ClusterState[];
  traffic(): TrafficState;
  setTraffic(on: boolean, ratePerClient: number | undefined): CommandResult;

  /**
   * Faults that concern clusters: `node-stopped` and `speaker-killed` of a cluster node, `pod-killed`. Wires are the
   * core's: `node-silent`, links. The core has emitted `fault-injected` and made it the current cause; it keeps the
   * list of active faults. A refusal leaves everything unchanged; `canBreak` is asked before anything is emitted.
   */
  canBreak(fault: Fault): CommandResult;
  break(fault: Fault): void;
  heal(fault: Fault): void;

  /** The paths that new flows of a client would take now. Nothing is sent. */
  flows(ref: Extract<TableRef, { readonly name: 'flows' }>): readonly FlowRow[];
}
