import type { Command, CommandResult } from '../../lab/command.ts';
import type {
  BuildResult,
  LabClock,
  LabEngine,
  OutputChunk,
  RunOptions,
  RunResult,
  TimeTravel,
  TravelResult,
} from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StageId } from '../../lab/stage.ts';
import type { Kept } from './capture.ts';
import { type Asked, Chronicle, type LifeRecord } from './chronicle.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import { EventLog } from './event-log.ts';
import { Life, letCommandsGoOn } from './life.ts';
import { relive, relivePast } from './relive.ts';
import { QUIET_LIMIT, RunningLab } from './running-lab.ts';

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
  readonly timeTravel: TimeTravel = { to: event => this.travelTo(event) };
  private readonly written: Lab;
  private readonly options: EmbeddedOptions;
  private readonly chronicle = new Chronicle();
  private life: Life;
  private requests = 0;
  /** Commands under way had the chance to go on since lab time last passed. */
  private turn: 'none' | 'due' | 'had' = 'none';
  private stopped = false;

  constructor(lab: Lab, options: EmbeddedOptions) {
    this.written = lab;
    this.options = options;
    const first: LifeRecord = { lab, startAt: 0, firstEvent: 1, stage: 'empty', entries: [], end: undefined };
    this.chronicle.begin(first, undefined);
    this.life = this.lifeOf(first, new EventLog());
    this.clock = {
      now: () => this.world.now(),
      advance: milliseconds => this.advance(milliseconds),
      step: () => this.step(),
      busy: () => this.world.busy(),
      runUntilQuiet: limit => this.runUntilQuiet(limit ?? QUIET_LIMIT),
    };
  }

  get lab(): Lab {
    return this.life.running.lab;
  }

  get running(): RunningLab {
    return this.life.running;
  }

  private get world() {
    return this.life.running.world;
  }

  private get events(): EventLog {
    return this.life.events;
  }

  // what is asked of it

  build(stage: StageId, { signal }: { readonly signal?: AbortSignal } = {}): Promise<BuildResult> {
    const request = this.numbered(signal);
    this.record({ kind: 'build', stage, request });
    return new Promise(resolve => {
      this.life.build(stage, request, resolve);
      this.events.flush();
    });
  }

  async perform(command: Command): Promise<CommandResult> {
    const result = command.type === 'restore' ? this.restore(command) : this.performNow(command);
    this.events.flush();
    return result;
  }

  private performNow(command: Exclude<Command, { readonly type: 'restore' }>): CommandResult {
    this.record({ kind: 'perform', command });
    return this.life.perform(command);
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
    const before = this.life.point;
    const record: LifeRecord = {
      lab,
      startAt: before.at,
      firstEvent: before.nextEvent,
      stage,
      entries: [],
      end: undefined,
    };
    const life = this.lifeOf(record, this.events);
    if (stage !== 'empty' && !life.running.buildUpTo(stage)) {
      this.chronicle.record(before, { kind: 'skip', events: this.events.upcomingId - before.nextEvent });
      const failed = life.running.builder.stages.find(({ progress }) => progress === 'failed');
      return {
        outcome: 'refused',
        because: failed?.failure ?? `the lab did not settle after stage "${stage}"`,
        nextSteps: ['Look into the files of the stage that failed, and try again.'],
      };
    }
    this.running.builder.abandon();
    this.chronicle.begin(record, before);
    this.life = life;
    return { outcome: 'done' };
  }

  async run(commandLine: string, options: RunOptions = {}): Promise<RunResult> {
    const output: OutputChunk[] = [];
    const print = (chunk: OutputChunk) => {
      output.push(chunk);
      options.onOutput?.(chunk);
    };
    const { on, cluster, signal } = options;
    const request = this.numbered(signal);
    const where = { ...(on === undefined ? {} : { on }), ...(cluster === undefined ? {} : { cluster }) };
    this.record({ kind: 'run', commandLine, ...where, request });
    const { life } = this;
    this.markTurn();
    const exitCode = await life.run(commandLine, where, request, print);
    life.events.flush();
    return { exitCode, output };
  }

  async snapshot(wanted: Parameters<LabEngine['snapshot']>[0]) {
    const snapshot = this.running.snapshot(wanted);
    const { presentAt } = this.chronicle;
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
    this.running.builder.abandon();
    this.life = this.lifeOf({ ...this.chronicle.current, startAt: this.world.now() }, this.events);
  }

  private lifeOf({ lab, startAt }: LifeRecord, events: EventLog): Life {
    const { seed = 1, modulo = false, keptPackets } = this.options;
    return new Life(new RunningLab(lab, { seed, modulo, keptPackets, startAt, events }), events);
  }

  /** Writes down what is about to be asked of the lab: that is how it can be asked again. */
  private record(asked: Asked): void {
    if (this.turn === 'had' && this.life.commandsUnderWay && !this.chronicle.inPast) {
      this.turn = 'none';
      this.chronicle.record(this.life.point, { kind: 'turn' });
    }
    this.chronicle.record(this.life.point, asked);
  }

  /** A number for something that takes lab time, whose signal ends it early. */
  private numbered(signal: AbortSignal | undefined): number {
    const request = ++this.requests;
    const { life } = this;
    const abort = () => {
      if (life !== this.life) return;
      this.record({ kind: 'abort', request });
      life.abort(request);
    };
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    return request;
  }

  // clock

  private advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(`time goes forward: advance(${milliseconds})`);
    }
    this.timeBegins();
    const until = this.world.now() + milliseconds;
    if (this.chronicle.inPast) this.goThroughPast(until, () => false);
    else this.world.runUntil(until);
    this.events.flush();
  }

  /** To the next event: timers that only keep a session alive pass unseen. */
  private step(): boolean {
    this.timeBegins();
    const before = this.events.upcomingId;
    const { presentAt } = this.chronicle;
    let moved = false;
    if (presentAt !== undefined) {
      moved = true;
      this.goThroughPast(presentAt, () => this.events.upcomingId !== before);
    } else {
      while (this.events.upcomingId === before && this.world.step()) {
        moved = true;
        if (!this.world.busy()) break;
      }
    }
    this.events.flush();
    return moved;
  }

  private runUntilQuiet(limit: number): boolean {
    this.timeBegins();
    let quiet: boolean;
    if (this.chronicle.inPast) {
      this.goThroughPast(this.world.now() + limit, () => !this.world.busy());
      quiet = !this.world.busy();
    } else {
      quiet = this.running.runUntilQuiet(limit);
      const { point } = this.life;
      // The lab said that it did not settle: nobody asked it to, so it is written down here.
      if (!quiet)
        this.chronicle.record(
          { ...point, nextEvent: point.nextEvent - 1 },
          { kind: 'unsettled', after: limit },
        );
    }
    this.events.flush();
    return quiet;
  }

  /** Commands under way had their turn or not: what comes of it differs, so it is written down. */
  private timeBegins(): void {
    if (this.chronicle.inPast || !this.life.commandsUnderWay) return;
    if (this.turn === 'had') {
      this.turn = 'none';
      this.chronicle.record(this.life.point, { kind: 'turn' });
    }
    this.markTurn();
  }

  private markTurn(): void {
    if (this.turn === 'due') return;
    this.turn = 'due';
    void letCommandsGoOn().then(() => {
      this.turn = 'had';
    });
  }

  // past

  private goThroughPast(until: number, stop: () => boolean): void {
    relivePast(
      this.chronicle,
      () => this.life,
      until,
      stop,
      record => {
        const { events } = this;
        this.running.builder.abandon();
        this.life = this.lifeOf(record, events);
        if (record.stage !== 'empty') this.running.buildUpTo(record.stage);
      },
    );
  }

  private async travelTo(event: number): Promise<TravelResult> {
    const { chronicle, life: from } = this;
    if (!chronicle.inPast && (this.life.commandsUnderWay || this.running.builder.busy))
      return { outcome: 'refused', because: 'something is still under way: wait for it, or cancel it first' };
    const present = this.life.point;
    const index = chronicle.lifeOf(event);
    const record = index === undefined ? undefined : chronicle.recordOf(index);
    if (index === undefined || record === undefined || (!chronicle.inPast && event >= present.nextEvent))
      return { outcome: 'refused', because: 'that has not happened in this lab' };
    const life = this.lifeOf(record, this.events.retelling(record.firstEvent));
    const next = await relive(life, record, event, record.end ?? present);
    if (next === undefined)
      return { outcome: 'refused', because: 'the lab could not be brought back there exactly as it was' };
    if (from !== this.life || (!chronicle.inPast && this.life.commandsUnderWay))
      return { outcome: 'refused', because: 'the lab was busy meanwhile' };
    this.running.builder.abandon();
    chronicle.goTo(index, next, this.life.point);
    this.life = life;
    this.turn = 'none';
    life.events.unmute();
    return { outcome: 'done', event: life.events.upcomingId - 1, at: life.running.world.now() };
  }
}
