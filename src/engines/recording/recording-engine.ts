import type { Command, CommandResult } from '../../lab/command.ts';
import type {
  BuildResult,
  Capability,
  LabClock,
  LabEngine,
  RunOptions,
  RunResult,
} from '../../lab/engine.ts';
import type { LabEvent } from '../../lab/event.ts';
import type { Lab } from '../../lab/lab.ts';
import type { RecordedAnswer, RecordedRequest, Recording, RecordingEntry } from '../../lab/recording.ts';
import { type Snapshot, type TableRef, tableKey } from '../../lab/snapshot.ts';
import type { StageId } from '../../lab/stage.ts';
import { noTraffic } from '../../lab/traffic-state.ts';

/**
 * A recorded run as an engine. What was asked then is answered as it was then, in the time it took then; what was
 * not asked then is refused. What was recorded goes on up to the next request and waits there until somebody makes it;
 * the clock runs on meanwhile.
 */
export function createRecordingEngine(
  lab: Lab,
  recording: Recording,
): LabEngine & { readonly clock: LabClock } {
  return new Replay(lab, recording);
}

/** Milliseconds that a table nobody looks at any more is still shown. */
const STILL_FRESH = 5000;

type Waiting = { readonly options: RunOptions; readonly resolve: (answer: RecordedAnswer) => void };

class Replay implements LabEngine {
  readonly name = 'recording';
  readonly lab: Lab;
  readonly absent: ReadonlyMap<Capability, string>;
  readonly clock: LabClock;
  private readonly entries: readonly RecordingEntry[];
  private next = 0;
  private time = 0;
  /** Later than in the recording, by as long as it stood waiting. */
  private delay = 0;
  /** When the last entry was taken. */
  private tookAt = 0;
  private view: Snapshot;
  /** Tables that somebody looked at since the last request, or a moment before it: others are too old to show. */
  private readonly lookedAt = new Map<string, number>();
  private wanted: readonly string[] = [];
  private requestedAt = 0;
  private readonly first: Snapshot;
  private readonly claimed = new Set<number>();
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<(events: readonly LabEvent[]) => void>();
  private stopped = false;

  constructor(lab: Lab, { header, entries }: Recording) {
    this.lab = lab;
    this.entries = entries;
    this.absent = new Map(header.absent as [Capability, string][]);
    this.first = { ...nothingBuilt(lab) };
    this.view = this.first;
    this.clock = {
      now: () => this.time,
      advance: milliseconds => this.advance(milliseconds),
      step: () => this.step(),
      busy: () => this.waiting.size > 0,
      runUntilQuiet: limit => this.runUntilQuiet(limit ?? Number.POSITIVE_INFINITY),
    };
  }

  build(stage: StageId, options: { readonly signal?: AbortSignal } = {}): Promise<BuildResult> {
    const nothing: BuildResult = {
      outcome: 'failed',
      because: `the recording does not build stage "${stage}" from here on`,
      nextSteps: ['Go back to a stage that was recorded.'],
    };
    return this.ask({ kind: 'build', stage }, options, nothing);
  }

  perform(command: Command): Promise<CommandResult> {
    const nothing: CommandResult = {
      outcome: 'refused',
      because: 'this is a recording, and that was not done in it',
      nextSteps: ['Follow the lesson that was recorded.'],
    };
    if (command.type === 'restore') return Promise.resolve(this.rewindTo(command.stage));
    return this.ask({ kind: 'perform', command }, {}, nothing);
  }

  run(commandLine: string, options: RunOptions = {}): Promise<RunResult> {
    const { on, cluster } = options;
    const text = `this is a recording, and nobody typed that in it from here on\n`;
    const nothing: RunResult = { exitCode: 127, output: [{ stream: 'stderr', text }] };
    const request: RecordedRequest = {
      kind: 'run',
      commandLine,
      ...(on === undefined ? {} : { on }),
      ...(cluster === undefined ? {} : { cluster }),
    };
    return this.ask(request, options, nothing);
  }

  async snapshot(wanted: readonly TableRef[]): Promise<Snapshot> {
    this.advance(0);
    const oldest = Math.min(this.requestedAt, this.time - STILL_FRESH);
    const tables = new Map<string, NonNullable<ReturnType<Snapshot['tables']['get']>>>();
    for (const ref of wanted) {
      const rows = this.view.tables.get(tableKey(ref));
      if (rows !== undefined && (this.lookedAt.get(tableKey(ref)) ?? -1) >= oldest)
        tables.set(tableKey(ref), rows);
    }
    return { ...this.view, at: this.view.at + this.time - this.tookAt, tables };
  }

  subscribe(listener: (events: readonly LabEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.listeners.clear();
  }

  // asking

  private ask<A extends RecordedAnswer>(
    request: RecordedRequest,
    options: RunOptions,
    nothing: A,
  ): Promise<A> {
    const index = this.indexOf(request);
    const entry = index === undefined ? undefined : this.entries[index];
    if (index === undefined || entry?.type !== 'asked' || this.stopped) return Promise.resolve(nothing);
    // What lies between was not asked this time; it happened all the same.
    while (this.next < index) this.take();
    this.time = Math.max(this.time, entry.t + this.delay);
    this.delay = this.time - entry.t;
    this.claimed.add(entry.id);
    this.requestedAt = this.time;
    return new Promise(resolve => {
      this.waiting.set(entry.id, { options, resolve: answer => resolve(answer as A) });
      options.signal?.addEventListener('abort', () => this.hurryThrough(entry.id), { once: true });
      this.take();
    });
  }

  /** The next place where the same was asked. */
  private indexOf(request: RecordedRequest): number | undefined {
    const wanted = JSON.stringify(request);
    for (let index = this.next; index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry?.type === 'asked' && !this.claimed.has(entry.id) && JSON.stringify(entry.request) === wanted)
        return index;
    }
    return undefined;
  }

  /** Cancelled: what was recorded ends at once. */
  private hurryThrough(id: number): void {
    while (this.waiting.has(id) && this.next < this.entries.length) this.take();
  }

  /** To the moment when a stage had been built, wherever that lies; 'empty' is the beginning. */
  private rewindTo(stage: StageId | 'empty'): CommandResult {
    const at = stage === 'empty' ? 0 : this.momentOf(stage);
    if (at === undefined) {
      const known = this.lab.stages.map(({ id }) => id).filter(id => this.momentOf(id) !== undefined);
      return {
        outcome: 'refused',
        because: `the recording never builds stage "${stage}"`,
        nextSteps: [known.length === 0 ? 'It builds no stage at all.' : `It builds: ${known.join(', ')}.`],
      };
    }
    this.waiting.clear();
    this.claimed.clear();
    this.next = 0;
    this.delay = this.time;
    this.view = this.first;
    this.lookedAt.clear();
    this.wanted = [];
    this.requestedAt = this.time;
    const listeners = [...this.listeners];
    this.listeners.clear();
    while (this.next < at) this.take();
    for (const listener of listeners) this.listeners.add(listener);
    return { outcome: 'done' };
  }

  /** Index behind the first look in which the stage is done and nothing is broken. */
  private momentOf(stage: StageId): number | undefined {
    let view = this.first;
    const index = this.entries.findIndex(entry => {
      if (entry.type !== 'looked') return false;
      view = { ...view, ...defined(entry.overview ?? {}) };
      return view.faults.length === 0 && view.stages.some(one => one.id === stage && one.progress === 'done');
    });
    return index < 0 ? undefined : index + 1;
  }

  // time

  private advance(milliseconds: number): void {
    const until = this.time + milliseconds;
    while (this.mayGoOn()) {
      const entry = this.entries[this.next];
      if (entry === undefined || entry.t + this.delay > until) break;
      this.take();
    }
    this.time = Math.max(this.time, until);
  }

  private step(): boolean {
    while (this.mayGoOn()) {
      const type = this.entries[this.next]?.type;
      this.take();
      if (type === 'events') return true;
    }
    return false;
  }

  /** What was recorded up to the next request: whether the lab was at rest then, a recording does not tell. */
  private runUntilQuiet(limit: number): boolean {
    const until = this.time + limit;
    while (this.mayGoOn()) {
      if ((this.entries[this.next]?.t ?? 0) + this.delay > until) break;
      this.take();
    }
    return this.waiting.size === 0;
  }

  /** Time stands before a request that nobody has made yet, and at the end. */
  private mayGoOn(): boolean {
    const entry = this.entries[this.next];
    return (
      entry !== undefined && entry.type !== 'end' && !(entry.type === 'asked' && !this.claimed.has(entry.id))
    );
  }

  private take(): void {
    const entry = this.entries[this.next++];
    if (entry === undefined) return;
    this.time = Math.max(this.time, entry.t + this.delay);
    this.tookAt = this.time;
    switch (entry.type) {
      case 'events': {
        const events = entry.events.map(event => ({ ...event, at: event.at + this.delay }));
        for (const listener of [...this.listeners]) listener(events);
        return;
      }
      case 'looked':
        this.view = {
          ...this.view,
          ...later(defined(entry.overview ?? {}), this.delay),
          at: entry.at + this.delay,
          tables: new Map([...this.view.tables, ...later(entry.tables, this.delay)]),
        };
        this.wanted = entry.wanted ?? this.wanted;
        for (const key of this.wanted) this.lookedAt.set(key, this.time);
        return;
      case 'output':
        this.waiting.get(entry.id)?.options.onOutput?.(entry.chunk);
        return;
      case 'answered': {
        const waiting = this.waiting.get(entry.id);
        this.waiting.delete(entry.id);
        waiting?.resolve(entry.answer);
        return;
      }
      case 'asked':
      case 'end':
    }
  }
}

/** The lab before the first recorded look. */
function nothingBuilt(lab: Lab): Snapshot {
  return {
    at: 0,
    stages: lab.stages.map(({ id, title, tasks }) => ({
      id,
      title,
      progress: 'waiting',
      tasks: tasks.map(task => ({
        id: task.id,
        title: task.title,
        commandLine: task.commandLine,
        progress: 'waiting',
      })),
    })),
    nodes: lab.nodes.map(({ name }) => ({ name, state: 'absent' })),
    links: lab.links.map(({ id }) => ({ id, state: 'absent', rateAToB: 0, rateBToA: 0 })),
    faults: [],
    clusters: lab.clusters.map(({ name }) => ({
      name,
      state: 'absent',
      nodes: [],
      pods: [],
      services: [],
      announcements: [],
    })),
    traffic: noTraffic,
    tables: new Map(),
  };
}

/** Fields that hold a moment of lab time. */
const MOMENTS: ReadonlySet<string> = new Set(['at', 'since', 'startedAt', 'finishedAt']);

/** The same, with every moment in it that much later. */
function later<T>(value: T, by: number): T {
  if (by === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(one => later(one, by)) as T;
  const entries = Object.entries(value).map(([key, part]) => [
    key,
    MOMENTS.has(key) && typeof part === 'number' ? part + by : later(part, by),
  ]);
  return Object.fromEntries(entries) as T;
}

type Overview = Omit<Snapshot, 'tables' | 'at'>;

/** JSON holds no undefined parts, whatever their type says. */
function defined(parts: Partial<Overview>): Overview {
  return parts as Overview;
}
