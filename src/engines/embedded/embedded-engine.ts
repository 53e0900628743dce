import type { Command, CommandResult } from '../../lab/command.ts';
import type {
  BuildResult,
  LabClock,
  LabEngine,
  OutputChunk,
  RunOptions,
  RunResult,
  TimeTravel,
} from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StageId } from '../../lab/stage.ts';
import type { Kept } from './capture.ts';
import type { LifeRecord } from './chronicle.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import type { EventLog } from './event-log.ts';
import { LivedLab } from './lived-lab.ts';
import { QUIET_LIMIT, type RunningLab } from './running-lab.ts';

export type EmbeddedOptions = {
  /** The same lab, seed and commands give the same events, byte for byte. Default 1. */
  readonly seed?: number;
  /** Spread flows by modulo-N instead of hash-threshold (RFC 2992). Default false. */
  readonly modulo?: boolean;
  /** How many BGP packets are kept for the table `packets`. Default: the last 2,000. */
  readonly keptPackets?: Kept;
};

/** The embedded lab behind the engine interface. Its clock is always there: whoever drives it calls `clock.advance`. */
export type EmbeddedEngine = LabEngine & {
  readonly clock: LabClock;
  readonly timeTravel: TimeTravel;
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
  readonly timeTravel: TimeTravel = { to: event => this.lived.travelTo(event) };
  private readonly written: Lab;
  private readonly lived: LivedLab;
  private stopped = false;

  constructor(lab: Lab, options: EmbeddedOptions) {
    this.written = lab;
    this.lived = new LivedLab(lab, options);
    const { lived } = this;
    this.clock = {
      now: () => lived.world.now(),
      advance: milliseconds => lived.advance(milliseconds),
      step: () => lived.step(),
      busy: () => lived.world.busy(),
      runUntilQuiet: limit => lived.runUntilQuiet(limit ?? QUIET_LIMIT),
    };
  }

  get lab(): Lab {
    return this.running.lab;
  }

  get running(): RunningLab {
    return this.lived.running;
  }

  private get events(): EventLog {
    return this.lived.events;
  }

  // what is asked of it

  build(stage: StageId, { signal }: { readonly signal?: AbortSignal } = {}): Promise<BuildResult> {
    const request = this.lived.numbered(signal);
    this.lived.record({ kind: 'build', stage, request });
    return new Promise(resolve => {
      this.lived.life.build(stage, request, resolve);
      this.events.flush();
    });
  }

  async perform(command: Command): Promise<CommandResult> {
    const result = command.type === 'restore' ? this.restore(command) : this.performNow(command);
    this.events.flush();
    return result;
  }

  private performNow(command: Exclude<Command, { readonly type: 'restore' }>): CommandResult {
    this.lived.record({ kind: 'perform', command });
    return this.lived.life.perform(command);
  }

  /** A fresh world, built up to the stage: whatever the old one was in goes with it. */
  private restore({ stage, lab: size }: Extract<Command, { readonly type: 'restore' }>): CommandResult {
    const lab = size === undefined ? this.written : (this.written.scaledOut ?? this.written);
    if (stage !== 'empty' && !lab.stages.some(({ id }) => id === stage)) {
      return {
        outcome: 'refused',
        because: `there is no stage "${stage}"`,
        nextSteps: [`The stages of this lab: ${lab.stages.map(({ id }) => id).join(', ')}.`],
      };
    }
    const before = this.lived.life.point;
    const record: LifeRecord = {
      lab,
      startAt: before.at,
      firstEvent: before.nextEvent,
      stage,
      entries: [],
      end: undefined,
    };
    const life = this.lived.lifeOf(record, this.events);
    if (stage !== 'empty' && !life.running.buildUpTo(stage)) {
      this.lived.chronicle.record(before, {
        kind: 'skip',
        events: this.events.upcomingId - before.nextEvent,
      });
      const failed = life.running.builder.stages.find(({ progress }) => progress === 'failed');
      return {
        outcome: 'refused',
        because: failed?.failure ?? `the lab did not settle after stage "${stage}"`,
        nextSteps: ['Look into the files of the stage that failed, and try again.'],
      };
    }
    this.lived.begin(record, life, before);
    return { outcome: 'done' };
  }

  async run(commandLine: string, options: RunOptions = {}): Promise<RunResult> {
    const output: OutputChunk[] = [];
    const print = (chunk: OutputChunk) => {
      output.push(chunk);
      options.onOutput?.(chunk);
    };
    const { on, cluster, signal } = options;
    const request = this.lived.numbered(signal);
    const where = { ...(on === undefined ? {} : { on }), ...(cluster === undefined ? {} : { cluster }) };
    this.lived.record({ kind: 'run', commandLine, ...where, request });
    const { life } = this.lived;
    this.lived.markTurn();
    const exitCode = await life.run(commandLine, where, request, print);
    life.events.flush();
    return { exitCode, output };
  }

  async snapshot(wanted: Parameters<LabEngine['snapshot']>[0]) {
    const snapshot = this.running.snapshot(wanted);
    const { presentAt } = this.lived.chronicle;
    return {
      ...snapshot,
      ...(this.lab === this.written ? {} : { lab: 'scaled-out' as const }),
      ...(presentAt === undefined ? {} : { past: { presentAt } }),
    };
  }

  subscribe(listener: Parameters<LabEngine['subscribe']>[0]): () => void {
    return this.events.subscribe(listener);
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.lived.end();
  }
}
