import { type Command, type CommandResult, refused } from '../../lab/command.ts';
import type {
  BuildResult,
  Capability,
  LabEngine,
  OutputChunk,
  RunOptions,
  RunResult,
} from '../../lab/engine.ts';
import { type Lab, switchesOf } from '../../lab/lab.ts';
import type { Snapshot, TableRef } from '../../lab/snapshot.ts';
import { type StageId, stagesUpTo } from '../../lab/stage.ts';
import type { FrrInstallation } from '../../programs/frr.ts';
import { EventLog } from '../real/event-log.ts';
import { frrConfigsOf, untranslatedIn } from '../real/frr-config.ts';
import { LabTime } from '../real/lab-time.ts';
import { StageBuilder } from '../real/stage-builder.ts';
import { firstFlowOf } from '../real/traffic.ts';
import { runCommandLine } from './commands/run-line.ts';
import { type Running, startRunning } from './running.ts';
import { Snapshots } from './snapshots.ts';

export type FrrOptions = {
  readonly frr: FrrInstallation;
  /** Reads a file beside the lab's; undefined where there is none: then the configuration is made from the switch's own. */
  readonly read?: (path: string) => string | undefined;
};

/** The lab on real FRR daemons in namespaces of one process tree. It runs in real time, by itself. */
export function createFrrEngine(lab: Lab, options: FrrOptions): LabEngine {
  return new Engine(lab, options);
}

const absent: ReadonlyMap<Capability, string> = new Map([
  ['clock', 'real daemons run in real time: it cannot be stopped or hurried'],
  ['decision-reasons', 'FRR names the rule that chose the best path, not those at which the others fell'],
]);

/** Sessions are looked for once a second: longer silence than this means that nothing more comes. Milliseconds. */
const QUIET = 1_200;
const LONGEST_CONVERGENCE = 20_000;

class Engine implements LabEngine {
  readonly name = 'frr';
  readonly absent = absent;
  private readonly written: Lab;
  private current: Lab;
  private readonly options: FrrOptions;
  private time = new LabTime();
  private readonly events = new EventLog(() => this.time.now());
  private builder: StageBuilder;
  private snapshots: Snapshots;
  private life: Promise<Running | string> | undefined;
  private running: Running | undefined;
  private stopped = false;
  private readonly flusher: NodeJS.Timeout;

  constructor(lab: Lab, options: FrrOptions) {
    this.written = lab;
    this.current = lab;
    this.options = options;
    this.builder = new StageBuilder(this.name, lab, this.time, this.events);
    this.snapshots = new Snapshots(lab);
    this.flusher = setInterval(() => this.events.flush(), 40);
    this.flusher.unref();
  }

  get lab(): Lab {
    return this.current;
  }

  build(stage: StageId, options: { readonly signal?: AbortSignal } = {}): Promise<BuildResult> {
    return this.builder.build(stage, () => this.tools(), options.signal);
  }

  /** What builds: the process tree is started when the first stage is built. */
  private async tools() {
    const running = await this.start();
    if (typeof running === 'string') return running;
    const { clusters, nodes } = running;
    return {
      isDone: (action: Parameters<typeof clusters.isDone>[0]) =>
        action.type === 'deploy-fabric'
          ? nodes.routers.size > 0 && nodes.plugged.size > 0
          : clusters.isDone(action),
      perform: (action: Parameters<typeof clusters.perform>[0]) =>
        action.type === 'deploy-fabric' ? this.deploy(running) : clusters.perform(action),
    };
  }

  private async deploy({ nodes, resilient }: Running): Promise<string | undefined> {
    const failed = untranslatedIn(this.lab, nodes.configs) ?? (await nodes.deployFabric());
    if (failed === undefined)
      for (const name of nodes.routers.keys()) this.events.add({ type: 'node-started', node: name });
    if (failed !== undefined) return failed;
    for (const { name, config } of switchesOf(this.lab)) {
      const unhashed = await resilient.configure(name, config);
      if (unhashed !== undefined) return `${name}: ${unhashed}`;
    }
    return undefined;
  }

  private start(): Promise<Running | string> {
    if (this.stopped) return Promise.resolve('the lab was stopped');
    const { lab, written } = this;
    // The files beside the lab's are about the lab as it was written.
    const read = lab === written ? this.options.read : undefined;
    this.life ??= startRunning({
      lab,
      frr: this.options.frr,
      configs: frrConfigsOf(lab, read ?? (() => undefined)),
      time: this.time,
      events: this.events,
    }).then(async running => {
      if (typeof running === 'string') {
        this.life = undefined;
        return running;
      }
      if (this.stopped) {
        await running.stop();
        return 'the lab was stopped';
      }
      this.running = running;
      return running;
    });
    return this.life;
  }

  async perform(command: Command): Promise<CommandResult> {
    const { running } = this;
    switch (command.type) {
      case 'break':
        return running === undefined ? notBuilt() : running.faults.break(command.fault);
      case 'heal':
        return running === undefined ? { outcome: 'done' } : running.faults.heal(command.fault);
      case 'traffic':
        return running === undefined ? notBuilt() : running.traffic.set(command.on, command.ratePerClient);
      case 'restore':
        return this.restore(
          command.stage,
          command.lab === undefined ? this.written : (this.written.scaledOut ?? this.written),
        );
    }
  }

  /** A fresh process tree, built up to the stage; seconds, because its daemons have to find each other again. */
  private async restore(stage: StageId | 'empty', lab: Lab): Promise<CommandResult> {
    const stages = stage === 'empty' ? [] : stagesUpTo(lab.stages, stage);
    if (stages === undefined)
      return refused(
        `there is no stage "${stage}"`,
        `The stages of this lab: ${lab.stages.map(({ id }) => id).join(', ')}.`,
      );
    await this.end();
    this.time = new LabTime(this.time.now());
    this.current = lab;
    this.snapshots = new Snapshots(lab);
    this.builder = new StageBuilder(this.name, lab, this.time, this.events);
    for (const next of stages) {
      // Clients that come last find a network that is ready: nobody begins a lesson with lost requests.
      if (next === stages.at(-1)) await this.converged();
      const result = await this.build(next);
      if (result.outcome === 'failed') return { ...result, outcome: 'refused', stage: next };
    }
    await this.converged();
    return { outcome: 'done' };
  }

  /** Waits until every session is established, every client's way leads somewhere, and nobody has had anything to tell for a while. */
  private async converged(): Promise<void> {
    const until = performance.now() + LONGEST_CONVERGENCE;
    while (this.running !== undefined && this.running.nodes.routers.size > 0 && performance.now() < until) {
      const { nodes } = await this.snapshot([]);
      const waiting = nodes.some(
        ({ sessions }) => sessions !== undefined && sessions.established < sessions.configured,
      );
      if (!waiting && (this.running?.watcher.quietFor ?? 0) > QUIET && (await this.clientsReach())) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** The border has a leaf for what each client asks for. */
  private async clientsReach(): Promise<boolean> {
    const { running } = this;
    const flows = (running?.clusters.clients() ?? []).map(client => firstFlowOf(client));
    const leaves = (await running?.oracle.leavesOf(flows)) ?? [];
    return leaves.every(leaf => leaf !== undefined);
  }

  async run(commandLine: string, options: RunOptions = {}): Promise<RunResult> {
    const output: OutputChunk[] = [];
    const print = (chunk: OutputChunk) => {
      output.push(chunk);
      options.onOutput?.(chunk);
    };
    const event = this.events.add({ type: 'command-run', commandLine });
    this.running?.watcher.begin(event);
    const exitCode = await runCommandLine(commandLine, {
      lab: this.lab,
      running: this.running,
      time: this.time,
      engine: this,
      on: options.on,
      cluster: options.cluster,
      signal: options.signal,
      print,
    });
    return { exitCode, output };
  }

  async snapshot(wanted: readonly TableRef[]): Promise<Snapshot> {
    const snapshot = await this.snapshots.take(this.running, wanted, this.builder.stages, this.time.now());
    return this.lab === this.written ? snapshot : { ...snapshot, lab: 'scaled-out' };
  }

  subscribe(listener: Parameters<LabEngine['subscribe']>[0]): () => void {
    return this.events.subscribe(listener);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.end();
    clearInterval(this.flusher);
    this.events.flush(true);
  }

  private async end(): Promise<void> {
    const life = this.life;
    this.life = undefined;
    this.running = undefined;
    const running = await life;
    if (running !== undefined && typeof running !== 'string') await running.stop();
  }
}

function notBuilt(): CommandResult {
  return refused('nothing is built yet', 'Build a stage first: srklab-tutor learn, or the stage network.');
}
