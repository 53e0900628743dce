import type { OutputChunk } from '../../lab/engine.ts';
import type { ClusterPort } from './cluster-port.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import type { World } from './world.ts';

/**
 * The seam to typed commands (`commands/index.ts` exports `runCommandLine: RunCommandLine`).
 * Commands that take lab time (ping, curl, `kubectl -w`) use `lab.world.schedule` and settle while time advances.
 */
export type RunCommandLine = (commandLine: string, context: CommandContext) => Promise<number>;

export type CommandContext = {
  readonly lab: EmbeddedLab;
  readonly world: World;
  readonly clusters: ClusterPort;
  /** Host the command is typed on: a lab node or pod; undefined is the learner's own machine. */
  readonly on: string | undefined;
  /** Cluster whose kubeconfig kubectl uses; undefined: the cluster that has workers, or the only one. */
  readonly cluster: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
};
