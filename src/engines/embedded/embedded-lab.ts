import type { CommandResult } from '../../lab/command.ts';
import type { BuildResult } from '../../lab/engine.ts';
import type { Fault } from '../../lab/fault.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Snapshot, TableRef } from '../../lab/snapshot.ts';
import type { StageId } from '../../lab/stage.ts';
import type { SwitchConfig } from '../../lab/switch-config.ts';
import type { ClusterPort } from './cluster-port.ts';
import type { Dismantling } from './dismantling.ts';
import type { World } from './world.ts';

/** A lab being run: the world of its present life and what stands in it. `restore` replaces the world. */
export interface EmbeddedLab {
  readonly lab: Lab;
  readonly world: World;
  readonly clusters: ClusterPort;
  snapshot(wanted: readonly TableRef[]): Snapshot;
  /** Builds one stage; `done` is called when it ended. */
  build(stage: StageId, signal: AbortSignal | undefined, done: (result: BuildResult) => void): void;
  readonly faults: { break(fault: Fault): CommandResult; heal(id: string): CommandResult };
  readonly dismantle: Dismantling;
  /** The configuration a switch runs now: its startup configuration plus what was committed since. */
  runningConfig(node: string): SwitchConfig | undefined;
  /** Commits a changed configuration on a running switch. `lines` is what the event shows. Returns the event's id, undefined when the switch does not run. */
  applyConfig(node: string, config: SwitchConfig, lines: readonly string[]): number | undefined;
}
