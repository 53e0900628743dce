import type { Command, CommandResult } from '../../lab/command.ts';
import type {
  BuildResult,
  LabClock,
  LabEngine,
  OutputChunk,
  RunOptions,
  RunResult,
} from '../../lab/engine.ts';
import type { Lab, LabSize } from '../../lab/lab.ts';
import type { StageId } from '../../lab/stage.ts';
import { runCommandLine } from './commands/index.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import { EventLog } from './event-log.ts';
import { QUIET_LIMIT, RunningLab } from './running-lab.ts';

export type EmbeddedOptions = {
  /** The same lab, seed and commands give the same events, byte for byte. Default 1. */
  readonly seed?: number;
  /** Spread flows by modulo-N instead of hash-threshold (RFC 2992). Default false. */
  readonly modulo?: boolean;
};

/** The embedded lab behind the engine interface. Its clock is always there: whoever drives it calls `clock.advance`. */
export type EmbeddedEngine = LabEngine & {
  readonly clock: LabClock;
  /** What runs now; another object after `restore`. For tests and benchmarks. */
  readonly running: EmbeddedLab;
};

export function createEmbeddedEngine(lab: Lab, options: EmbeddedOptions = {}): EmbeddedEngine {
  return new Engine(lab, options);
}

class Engine implements EmbeddedEngine {
  readonly name = 'embedded';
  readonly absent = new Map();
  readonly clock: LabClock;
  private readonly written: Lab;
  private readonly options: EmbeddedOptions;
  private readonly events = new EventLog();
  private life: RunningLab;
  private stopped = false;

  constructor(lab: Lab, options: EmbeddedOptions) {
    this.written = lab;
    this.options = options;
    this.life = this.newLife(lab, 0);
    this.clock = {
      now: () => this.life.world.now(),
      advance: milliseconds => this.advance(milliseconds),
      step: () => this.step(),
      busy: () => this.life.world.busy(),
      runUntilQuiet: limit => this.runUntilQuiet(limit ?? QUIET_LIMIT),
    };
  }

  get lab(): Lab {
    return this.life.lab;
  }

  get running(): RunningLab {
    return this.life;
  }

  build(stage: StageId, options: { readonly signal?: AbortSignal } = {}): Promise<BuildResult> {
    return new Promise(resolve => {
      this.life.build(stage, options.signal, resolve);
      this.events.flush();
    });
  }

  async perform(command: Command): Promise<CommandResult> {
    const result = this.performNow(command);
    this.events.flush();
    return result;
  }

  private performNow(command: Command): CommandResult {
    switch (command.type) {
      case 'break':
        return this.life.faults.break(command.fault);
      case 'heal':
        return this.life.faults.heal(command.fault);
      case 'traffic':
        return this.life.clusters.setTraffic(command.on, command.ratePerClient);
      case 'restore':
        return this.restore(command.stage, command.lab);
    }
  }

  /** A fresh world, built up to the stage: whatever the old one was in goes with it. */
  private restore(stage: StageId | 'empty', size?: LabSize): CommandResult {
    const lab = size === undefined ? this.written : (this.written.scaledOut ?? this.written);
    if (stage !== 'empty' && !lab.stages.some(({ id }) => id === stage)) {
      return {
        outcome: 'refused',
        because: `there is no stage "${stage}"`,
        nextSteps: [`The stages of this lab: ${lab.stages.map(({ id }) => id).join(', ')}.`],
      };
    }
    const life = this.newLife(lab, this.life.world.now());
    if (stage !== 'empty' && !life.buildUpTo(stage)) {
      const failed = life.builder.stages.find(({ progress }) => progress === 'failed');
      return {
        outcome: 'refused',
        because: failed?.failure ?? `the lab did not settle after stage "${stage}"`,
        nextSteps: ['Look into the files of the stage that failed, and try again.'],
      };
    }
    this.life.builder.abandon();
    this.life = life;
    return { outcome: 'done' };
  }

  async run(commandLine: string, options: RunOptions = {}): Promise<RunResult> {
    const output: OutputChunk[] = [];
    const print = (chunk: OutputChunk) => {
      output.push(chunk);
      options.onOutput?.(chunk);
    };
    const { life } = this;
    const event = life.world.causedBy(undefined, () => life.world.emit({ type: 'command-run', commandLine }));
    this.events.flush();
    const exitCode = await life.world.causedBy(event, () =>
      runCommandLine(commandLine, {
        lab: life,
        world: life.world,
        clusters: life.clusters,
        on: options.on,
        cluster: options.cluster,
        signal: options.signal,
        print,
      }),
    );
    this.events.flush();
    return { exitCode, output };
  }

  async snapshot(wanted: Parameters<LabEngine['snapshot']>[0]) {
    const snapshot = this.life.snapshot(wanted);
    return this.life.lab === this.written ? snapshot : { ...snapshot, lab: 'scaled-out' as const };
  }

  subscribe(listener: Parameters<LabEngine['subscribe']>[0]): () => void {
    return this.events.subscribe(listener);
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.life.builder.abandon();
    this.life = this.newLife(this.life.lab, this.life.world.now());
  }

  private newLife(lab: Lab, startAt: number): RunningLab {
    const { seed = 1, modulo = false } = this.options;
    return new RunningLab(lab, { seed, modulo, startAt, events: this.events });
  }

  // clock

  private advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(`time goes forward: advance(${milliseconds})`);
    }
    this.life.world.runUntil(this.life.world.now() + milliseconds);
    this.events.flush();
  }

  /** To the next event: timers that only keep a session alive pass unseen. */
  private step(): boolean {
    const { world } = this.life;
    const before = this.events.upcomingId;
    let moved = false;
    while (this.events.upcomingId === before && world.step()) {
      moved = true;
      if (!world.busy()) break;
    }
    this.events.flush();
    return moved;
  }

  private runUntilQuiet(limit: number): boolean {
    const quiet = this.life.runUntilQuiet(limit);
    this.events.flush();
    return quiet;
  }
}
