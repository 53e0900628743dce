import type { BuildResult } from '../../lab/engine.ts';
import type { StageId, StagePlan, StageState, TaskAction, TaskPlan } from '../../lab/stage.ts';
import type { ClusterPort } from './cluster-port.ts';
import type { Fabric } from './fabric.ts';
import type { World } from './world.ts';

/** What deploying the switches takes for real: containers, then SR Linux booting and taking its configuration. */
const REAL_FABRIC_DURATION = '2–5 min';

type Running = {
  readonly plan: StagePlan;
  readonly signal: AbortSignal | undefined;
  readonly waiting: ((result: BuildResult) => void)[];
};

/** Builds a lab's stages: their tasks one after the other, over compressed lab time. */
export class StageBuilder {
  private readonly world: World;
  private readonly fabric: Fabric;
  private readonly clusters: ClusterPort;
  private readonly states: Map<StageId, StageState>;
  private readonly running = new Map<StageId, Running>();

  constructor(world: World, fabric: Fabric, clusters: ClusterPort) {
    this.world = world;
    this.fabric = fabric;
    this.clusters = clusters;
    this.states = new Map(world.lab.stages.map(plan => [plan.id, this.freshState(plan)]));
  }

  get stages(): readonly StageState[] {
    return [...this.states.values()];
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Builds a stage; `done` is called when it ended, at once for a stage that is built or cannot be. */
  build(id: StageId, signal: AbortSignal | undefined, done: (result: BuildResult) => void): void {
    const plan = this.world.lab.stages.find(stage => stage.id === id);
    const state = this.states.get(id);
    if (plan === undefined || state === undefined) {
      const known = this.world.lab.stages.map(stage => stage.id).join(', ');
      done({
        outcome: 'failed',
        because: `there is no stage "${id}"`,
        nextSteps: [`The stages of this lab: ${known}.`],
      });
      return;
    }
    const missing = plan.needs.filter(need => this.states.get(need)?.progress !== 'done');
    if (state.progress === 'done') done({ outcome: 'done' });
    else if (missing.length > 0) {
      done({
        outcome: 'failed',
        because: `stage "${id}" needs ${missing.map(need => `"${need}"`).join(' and ')} first`,
        nextSteps: missing.map(need => `Build stage "${need}".`),
      });
    } else if (signal?.aborted === true) done({ outcome: 'cancelled' });
    else this.begin(plan, signal, done);
  }

  /** What tasks made and somebody removed since is to be built again: those tasks wait again, and their stages. */
  takeBackUndone(): void {
    for (const plan of this.world.lab.stages) {
      const undone = plan.tasks.filter(({ action }) => this.isUndone(action)).map(({ id }) => id);
      if (undone.length === 0 || this.running.has(plan.id)) continue;
      const before = this.stateOf(plan);
      if (before.progress === 'waiting') continue;
      const fresh = this.freshState(plan);
      const tasks = fresh.tasks.map((task, at) =>
        undone.includes(task.id) ? task : (before.tasks[at] ?? task),
      );
      this.states.set(plan.id, { ...fresh, tasks });
    }
  }

  /** The lab goes away: whoever waits is told so. */
  abandon(): void {
    const all = [...this.running.values()];
    this.running.clear();
    for (const { waiting } of all) for (const done of waiting) done({ outcome: 'cancelled' });
  }

  private begin(plan: StagePlan, signal: AbortSignal | undefined, done: (result: BuildResult) => void): void {
    const known = this.running.get(plan.id);
    if (known !== undefined) {
      known.waiting.push(done);
      return;
    }
    const { world } = this;
    const running: Running = { plan, signal, waiting: [done] };
    this.running.set(plan.id, running);
    const event = world.causedBy(undefined, () => world.emit({ type: 'stage-started', stage: plan.id }));
    const { failure: _, finishedAt: __, ...before } = this.stateOf(plan);
    this.states.set(plan.id, { ...before, progress: 'running', startedAt: world.now() });
    world.causedBy(event, () => world.schedule(0, () => this.nextTask(running, 0)));
  }

  private nextTask(running: Running, index: number): void {
    const { plan, signal } = running;
    const task = plan.tasks[index];
    if (task === undefined) {
      this.end(running, { outcome: 'done' });
      return;
    }
    if (signal?.aborted === true) {
      this.end(running, { outcome: 'cancelled' });
      return;
    }
    if (this.isDone(task.action)) {
      this.setTask(plan, task, { progress: 'done' });
      this.nextTask(running, index + 1);
      return;
    }
    const { world } = this;
    const event = world.emit({ type: 'task-started', stage: plan.id, task: task.id });
    this.setTask(plan, task, { progress: 'running', startedAt: world.now() });
    let finished = false;
    const finish = (failure: string | undefined) => {
      if (finished || this.running.get(plan.id) !== running) return;
      finished = true;
      const progress = failure === undefined ? 'done' : 'failed';
      this.setTask(plan, task, { progress, finishedAt: world.now() });
      if (failure !== undefined) {
        this.end(running, {
          outcome: 'failed',
          because: failure,
          nextSteps: [`Build stage "${plan.id}" again.`],
        });
        return;
      }
      world.causedBy(event, () => {
        world.emit({ type: 'task-finished', stage: plan.id, task: task.id });
        world.schedule(0, () => this.nextTask(running, index + 1));
      });
    };
    world.causedBy(event, () => this.perform(task.action, finish));
  }

  private perform(action: TaskAction, finished: (failure?: string) => void): void {
    if (action.type === 'deploy-fabric') this.fabric.deploy(() => finished());
    else this.clusters.perform(action, finished);
  }

  private isDone(action: TaskAction): boolean {
    return action.type === 'deploy-fabric' ? this.fabric.deployed : this.clusters.isDone(action);
  }

  private isUndone(action: TaskAction): boolean {
    return action.type === 'deploy-fabric' ? !this.fabric.deployed : this.clusters.isUndone(action);
  }

  private end(running: Running, result: BuildResult): void {
    const { world } = this;
    const { plan, waiting } = running;
    this.running.delete(plan.id);
    const progress = result.outcome;
    const failure = result.outcome === 'failed' ? { failure: result.because } : {};
    this.states.set(plan.id, { ...this.stateOf(plan), progress, finishedAt: world.now(), ...failure });
    if (result.outcome === 'done') world.emit({ type: 'stage-finished', stage: plan.id });
    else {
      const because = result.outcome === 'failed' ? result.because : 'cancelled';
      world.emit({ type: 'stage-failed', stage: plan.id, because });
    }
    for (const done of waiting) done(result);
  }

  private setTask(plan: StagePlan, task: TaskPlan, change: Partial<StageState['tasks'][number]>): void {
    const state = this.stateOf(plan);
    const tasks = state.tasks.map(one => (one.id === task.id ? { ...one, ...change } : one));
    this.states.set(plan.id, { ...state, tasks });
  }

  private stateOf(plan: StagePlan): StageState {
    return this.states.get(plan.id) ?? this.freshState(plan);
  }

  private freshState(plan: StagePlan): StageState {
    const real = plan.tasks
      .map(({ action }) =>
        action.type === 'deploy-fabric' ? REAL_FABRIC_DURATION : this.clusters.realDuration(action),
      )
      .find(duration => duration !== undefined);
    return {
      id: plan.id,
      title: plan.title,
      progress: 'waiting',
      tasks: plan.tasks.map(({ id, title, commandLine }) => ({
        id,
        title,
        commandLine,
        progress: 'waiting',
      })),
      ...(real === undefined ? {} : { realDuration: real }),
    };
  }
}
