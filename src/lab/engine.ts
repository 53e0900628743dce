import type { Command, CommandResult } from './command.ts';
import type { LabEvent } from './event.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';
import type { Snapshot, TableRef } from './snapshot.ts';
import type { StageId } from './stage.ts';

/** What runs a lab. Narrow on purpose: nothing above an engine may know which one it talks to. */
export interface LabEngine {
  readonly name: 'embedded' | 'frr' | 'containerlab' | 'recording';
  /** What runs: after a `restore` with `lab`, the lab scaled out. */
  readonly lab: Lab;
  /** What this engine cannot do, with the reason a learner reads. Anything not listed works. */
  readonly absent: ReadonlyMap<Capability, string>;
  /** Only where lab time can be governed. */
  readonly clock?: LabClock;
  /** Only where what happened can be played again. */
  readonly timeTravel?: TimeTravel;

  /** Builds one stage whose needs are done. Idempotent. Progress arrives as events. */
  build(stage: StageId, options?: { readonly signal?: AbortSignal }): Promise<BuildResult>;
  perform(command: Command): Promise<CommandResult>;
  /** A command as a learner types it. Unknown commands answer usefully and exit with 127. */
  run(commandLine: string, options?: RunOptions): Promise<RunResult>;
  snapshot(wanted: readonly TableRef[]): Promise<Snapshot>;
  /** Events in order of (at, id), in batches. Returns the unsubscriber. */
  subscribe(listener: (events: readonly LabEvent[]) => void): () => void;
  /** Ends what this engine started and nothing else. */
  stop(): Promise<void>;
}

export type Capability =
  | Fault['kind']
  | 'clock'
  | 'traffic'
  | 'restore'
  | 'run'
  | 'decision-reasons'
  | 'flows';

export type BuildResult =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'failed'; readonly because: string; readonly nextSteps: readonly string[] };

export type RunOptions = {
  /** Host the command is typed on: a lab node or pod; undefined is the learner's own machine. */
  readonly on?: string;
  /** Cluster whose kubeconfig kubectl uses; undefined: the cluster that has workers, or the only one. */
  readonly cluster?: string;
  readonly signal?: AbortSignal;
  readonly onOutput?: (chunk: OutputChunk) => void;
};

export type OutputChunk = { readonly stream: 'stdout' | 'stderr'; readonly text: string };

export type RunResult = { readonly exitCode: number; readonly output: readonly OutputChunk[] };

/**
 * Back to a moment of the past, in the lab as it was then. From there time passes as it did, what was asked of the lab included, until
 * the present is reached again. Whoever asks something of the lab in the past forgets what came after.
 */
export type TimeTravel = {
  /** To just after this event, or the first moment after it that can be reached. No listener hears again of what led there. */
  to(event: number): Promise<TravelResult>;
};

export type TravelResult =
  /** `event`: the last event that has happened now; later ones are told again when their time comes. */
  | { readonly outcome: 'done'; readonly event: number; readonly at: number }
  | { readonly outcome: 'refused'; readonly because: string };

/**
 * Lab time that somebody else winds. The engine never looks at a wall clock: whoever drives it calls `advance`.
 * Promises of `build`, `run` and `perform` settle only while time advances.
 */
export interface LabClock {
  /** Lab milliseconds since the lab began. */
  now(): number;
  /** Lets this much lab time pass. */
  advance(milliseconds: number): void;
  /** Jumps to the next thing that happens and does just that. False when nothing is due. */
  step(): boolean;
  /** True while something is under way that will change the lab: a build, converging routes. Keepalives do not count. */
  busy(): boolean;
  /** Advances until nothing is under way, or `limit` lab milliseconds have passed (default 600,000). Returns whether quiet was reached. */
  runUntilQuiet(limit?: number): boolean;
}
