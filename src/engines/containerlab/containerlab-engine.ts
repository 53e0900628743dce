import { basename } from 'node:path';
import { type Command, type CommandResult, refused } from '../../lab/command.ts';
import type {
  BuildResult,
  Capability,
  LabEngine,
  OutputChunk,
  RunOptions,
  RunResult,
} from '../../lab/engine.ts';
import type { Fault } from '../../lab/fault.ts';
import { type Lab, switchesOf } from '../../lab/lab.ts';
import type { Snapshot, TableRef } from '../../lab/snapshot.ts';
import { type StageId, stagesUpTo } from '../../lab/stage.ts';
import { EventLog } from '../real/event-log.ts';
import { LabTime } from '../real/lab-time.ts';
import { StageBuilder } from '../real/stage-builder.ts';
import { runCommandLine } from './commands/run-line.ts';
import { FrrRouter } from './frr/frr-router.ts';
import type { Grip } from './grip.ts';
import type { Machine } from './machine.ts';
import { type Running, type RunningOptions, startRunning } from './running.ts';
import { takeSnapshot } from './snapshots.ts';
import { stageTools } from './stage-tools.ts';
import { undoStages } from './undo.ts';
import { Waiting } from './waiting.ts';

export type ContainerlabOptions = {
  readonly machine: Machine;
  /** Our hold of the lab, let go when the engine stops. While somebody else has it, it is only looked at. Without one it is ours. */
  readonly grip?: Grip;
  /** Told when whoever held the lab is gone and it has become ours. */
  readonly onTaken?: () => void;
} & Partial<Pick<RunningOptions, 'srLinux' | 'cluster'>>;

export type ContainerlabEngine = LabEngine & {
  /** Looks at what runs already; a sentence when Docker does not answer. Whatever is asked first does it too. */
  attach(): Promise<{ readonly stages: readonly StageId[]; readonly broken: readonly Fault[] } | string>;
};

/** The lab in containers: switches and hosts by containerlab, clusters by kind. It is the user's: it outlives us. */
export function createContainerlabEngine(lab: Lab, options: ContainerlabOptions): ContainerlabEngine {
  return new Engine(lab, options);
}

const absent: ReadonlyMap<Capability, string> = new Map([
  ['clock', 'real daemons run in real time: it cannot be stopped or hurried'],
  [
    'decision-reasons',
    'FRR names the rule that chose the best path, SR Linux the one at which a path fell; neither tells all',
  ],
]);

/** Sessions are looked for once a second: longer silence than this means that nothing more comes. Milliseconds. */
const QUIET = 1_500;
/** Daemons and kernels are heard through Docker: what one says may arrive that much after what another said later. Milliseconds. */
const LATE = 80;
const LONGEST_CONVERGENCE = 60_000;
/** A fresh container's router answers within that, or somebody else will see that it does not. */
const LONGEST_START = 300_000;

class Engine implements ContainerlabEngine {
  readonly name = 'containerlab';
  readonly lab: Lab;
  readonly absent = absent;
  private readonly options: ContainerlabOptions;
  private readonly time = new LabTime();
  private readonly events = new EventLog(() => this.time.now(), 1, LATE + 100);
  private builder: StageBuilder;
  private life: Promise<Running | string> | undefined;
  private running: Running | undefined;
  private stopped = false;
  private readonly waiting: Waiting;
  private readonly flusher: NodeJS.Timeout;

  constructor(lab: Lab, options: ContainerlabOptions) {
    this.lab = lab;
    this.options = options;
    this.builder = new StageBuilder(this.name, lab, this.time, this.events);
    this.waiting = new Waiting(options.grip, async taken => {
      if (this.running !== undefined) await this.look(this.running, taken);
    });
    this.flusher = setInterval(() => {
      if (this.running === undefined) this.events.flush();
      else this.running.chronicle.tell(LATE);
    }, 40);
    this.flusher.unref();
  }

  async attach() {
    const running = await this.ready();
    if (typeof running === 'string') return running;
    const stages = this.builder.stages.filter(({ progress }) => progress === 'done').map(({ id }) => id);
    return { stages, broken: [...running.faults.active.values()].map(({ fault }) => fault) };
  }

  async build(stage: StageId, options: { readonly signal?: AbortSignal } = {}): Promise<BuildResult> {
    // What runs already is known before anything is built.
    await this.ready();
    const held = await this.waiting.heldNow();
    if (held !== undefined) return { outcome: 'failed', because: held, nextSteps: [WATCH_ONLY] };
    return this.builder.build(stage, () => this.tools(), options.signal);
  }

  private async tools() {
    const running = await this.ready();
    if (typeof running === 'string') return running;
    return stageTools(this.lab, running, (holds, signal) => this.until(holds, LONGEST_START, signal));
  }

  private ready(): Promise<Running | string> {
    if (this.stopped) return Promise.resolve('the lab was left');
    this.life ??= this.start().then(running => {
      if (typeof running === 'string') this.life = undefined;
      return running;
    });
    return this.life;
  }

  private async start(): Promise<Running | string> {
    const { machine, srLinux, cluster } = this.options;
    const running = await startRunning({
      machine,
      time: this.time,
      events: this.events,
      isOurs: () => this.waiting.heldBy === undefined,
      ...(srLinux === undefined ? {} : { srLinux }),
      ...(cluster === undefined ? {} : { cluster }),
    });
    if (typeof running === 'string') return running;
    if (this.stopped) {
      running.stop();
      return 'the lab was left';
    }
    this.builder.adopt(this.adoptable(await running.builder.stagesThere(), running));
    running.faults.follow();
    this.running = running;
    this.waiting.begin();
    return running;
  }

  /** What runs, as far as no modelled cluster stands in between: those begin anew with each of us. */
  private adoptable(there: readonly StageId[], { models }: Pick<Running, 'models'>): StageId[] {
    const adopted: StageId[] = [];
    for (const { id, needs, tasks } of this.lab.stages) {
      const modelled = tasks.some(({ action }) => models.concerns(action) && !models.isDone(action));
      if (there.includes(id) && !modelled && needs.every(need => adopted.includes(need))) adopted.push(id);
    }
    return adopted;
  }

  async perform(command: Command): Promise<CommandResult> {
    const running = await this.ready();
    if (typeof running === 'string')
      return refused(running, 'srklab-tutor doctor --lab containerlab says what is missing.');
    const held = await this.waiting.heldNow();
    if (held !== undefined) return refused(held, WATCH_ONLY);
    switch (command.type) {
      case 'break':
        return running.faults.break(command.fault);
      case 'heal':
        return running.faults.heal(command.fault);
      case 'traffic':
        return running.traffic.set(command.on, command.ratePerClient);
      case 'restore':
        if (command.lab !== undefined && this.lab.scaledOut !== undefined) {
          const labFile = basename(this.options.machine.ledger.ledger.labFile);
          return refused(
            'this lab runs as its files are; the lesson wants it scaled out',
            `srklab-tutor scale-out -o bigger -c ${labFile} writes those files; clear this lab, then start again with -c bigger/${labFile}.`,
          );
        }
        return this.restore(command.stage, running);
    }
  }

  /** Nothing broken, the stages up to this one built, and what was built beyond them taken away again. */
  private async restore(stage: StageId | 'empty', running: Running): Promise<CommandResult> {
    const wanted = stage === 'empty' ? [] : stagesUpTo(this.lab.stages, stage);
    if (wanted === undefined)
      return refused(
        `there is no stage "${stage}"`,
        `The stages of this lab: ${this.lab.stages.map(({ id }) => id).join(', ')}.`,
      );
    const healed = await running.faults.heal('all');
    if (healed.outcome === 'refused') return healed;
    running.traffic.set(false, undefined);
    const unedited = await this.withoutCommits(wanted, running);
    if (unedited !== undefined)
      return refused(
        `what was committed cannot be taken back: ${unedited}`,
        'srklab-tutor clear removes the whole lab; then it is built anew.',
      );
    // What an earlier run built counts, too, whether or not this one took it over.
    const there = await running.builder.stagesThere();
    const begun = this.builder.stages.filter(({ progress }) => progress !== 'waiting').map(({ id }) => id);
    const extra = this.lab.stages.filter(({ id }) => !wanted.includes(id));
    await running.models.clear();
    const failed = await undoStages(extra, [...there, ...begun], this.options.machine);
    if (failed !== undefined) return refused(failed.because, ...failed.nextSteps);
    const built = this.builder.stages.filter(({ progress }) => progress === 'done').map(({ id }) => id);
    this.builder = new StageBuilder(this.name, this.lab, this.time, this.events);
    this.builder.adopt(
      this.adoptable(
        built.filter(id => wanted.includes(id)),
        running,
      ),
    );
    for (const next of wanted) {
      // Clients that come last find a network that is ready: nobody begins a lesson with lost requests.
      if (next === wanted.at(-1)) await this.until(() => this.isConverged(running), LONGEST_CONVERGENCE);
      const result = await this.build(next);
      if (result.outcome === 'failed') return { ...result, outcome: 'refused', stage: next };
      if (result.outcome === 'cancelled') return refused('the build was cancelled', 'Ask again.');
    }
    await running.watch.containers.refresh();
    await this.until(() => this.isConverged(running), LONGEST_CONVERGENCE);
    return { outcome: 'done' };
  }

  /** Switches that stay run what their files say. */
  private async withoutCommits(
    wanted: readonly StageId[],
    { watch, edits }: Running,
  ): Promise<string | undefined> {
    const stays = this.lab.stages.some(
      ({ id, tasks }) => wanted.includes(id) && tasks.some(({ action }) => action.type === 'deploy-fabric'),
    );
    if (!stays) return undefined;
    await this.until(() => watch.knowsAllThatRuns(), LONGEST_START);
    return edits.reset();
  }

  private async isConverged({ watch, chronicle, oracle, models }: Running): Promise<boolean> {
    if (watch.routers.size === 0) return true;
    if (!watch.knowsAllThatRuns()) return false;
    const { nodes } = await this.snapshot([]);
    const waiting = nodes.some(
      ({ sessions }) => sessions !== undefined && sessions.established < sessions.configured,
    );
    return !waiting && chronicle.quietFor > QUIET && (await oracle.reaches(models.clients()));
  }

  private async until(
    holds: () => boolean | Promise<boolean>,
    limit: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const end = performance.now() + limit;
    while (performance.now() < end && signal?.aborted !== true && !this.stopped) {
      if (await holds()) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async run(commandLine: string, options: RunOptions = {}): Promise<RunResult> {
    const output: OutputChunk[] = [];
    const print = (chunk: OutputChunk) => {
      output.push(chunk);
      options.onOutput?.(chunk);
    };
    const running = await this.ready();
    const event = this.events.add({ type: 'command-run', commandLine });
    if (typeof running !== 'string') running.chronicle.begin(event);
    const exitCode = await runCommandLine(commandLine, {
      machine: this.options.machine,
      running: typeof running === 'string' ? undefined : running,
      heldBy: await this.waiting.heldNow(),
      on: options.on,
      cluster: options.cluster,
      look: wanted => this.snapshot(wanted),
      signal: options.signal,
      print,
    });
    return { exitCode, output };
  }

  async snapshot(wanted: readonly TableRef[]): Promise<Snapshot> {
    await this.ready();
    return takeSnapshot(this.lab, this.running, wanted, this.builder.stages, () => this.time.now());
  }

  subscribe(listener: Parameters<LabEngine['subscribe']>[0]): () => void {
    return this.events.subscribe(listener);
  }

  /** We go, the lab stays as it is: what is broken stands in the ledger. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    const life = this.life;
    this.life = undefined;
    const running = await life;
    if (running !== undefined && typeof running !== 'string') running.stop();
    this.running = undefined;
    clearInterval(this.flusher);
    this.events.flush(true);
    await this.waiting.stop();
  }

  /** What the one who holds the lab has written down; and the lab itself, when there is nobody any more. */
  private async look({ faults, builder, watch, edits, models }: Running, taken: boolean): Promise<void> {
    const { ledger } = this.options.machine;
    const before = JSON.stringify(ledger.ledger.things);
    await ledger.reload();
    if (this.stopped) return;
    faults.follow();
    if (taken || JSON.stringify(ledger.ledger.things) !== before)
      this.builder.adopt(this.adoptable(await builder.stagesThere(), { models }));
    if (!taken) return;
    for (const node of switchesOf(this.lab))
      if (watch.routers.get(node.name) instanceof FrrRouter) await edits.arrived(node);
    this.options.onTaken?.();
  }
}

const WATCH_ONLY =
  'You can look at everything meanwhile. As soon as that process ends, this one takes over by itself.';
