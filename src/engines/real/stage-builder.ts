import type { BuildResult, LabEngine } from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StageId, StagePlan, StageState, TaskAction, TaskPlan } from '../../lab/stage.ts';
import type { EventLog } from './event-log.ts';
import type { LabTime } from './lab-time.ts';

export type Builder = {
  isDone(action: TaskAction): boolean | Promise<boolean>;
  /** Why it failed; undefined when it is done. */
  perform(action: TaskAction, work: TaskWork): Promise<string | TaskFailure | undefined>;
  /** Whether the stage's tasks may run side by side; without it, one after the other. */
  sideBySide?(plan: StagePlan): boolean;
};

export type TaskWork = {
  readonly signal: AbortSignal | undefined;
  /** Takes what a program says while it works, a line at a time. */
  readonly said: (line: string) => void;
};

export type TaskFailure = { readonly because: string; readonly nextSteps: readonly string[] };

/** Builds a lab's stages; builds that are asked for twice happen once. */
export class StageBuilder {
  private readonly engine: LabEngine['name'];
  private readonly lab: Lab;
  private readonly time: LabTime;
  private readonly events: EventLog;
  private readonly states: Map<StageId, StageState>;
  private readonly running = new Map<StageId, Promise<BuildResult>>();

  constructor(engine: LabEngine['name'], lab: Lab, time: LabTime, events: EventLog) {
    this.engine = engine;
    this.lab = lab;
    this.time = time;
    this.events = events;
    this.states = new Map(lab.stages.map(plan => [plan.id, freshState(plan)]));
  }

  get stages(): readonly StageState[] {
    return [...this.states.values()];
  }

  /** What runs already, from an earlier run or built by hand: done, without anything having happened now. */
  adopt(ids: readonly StageId[]): void {
    for (const plan of this.lab.stages) {
      if (!ids.includes(plan.id) || this.running.has(plan.id)) continue;
      const state = freshState(plan);
      const tasks = state.tasks.map(task => ({ ...task, progress: 'done' as const }));
      this.states.set(plan.id, { ...state, progress: 'done', tasks });
    }
  }

  build(id: StageId, builder: () => Promise<Builder | string>, signal?: AbortSignal): Promise<BuildResult> {
    const plan = this.lab.stages.find(stage => stage.id === id);
    if (plan === undefined) {
      const known = this.lab.stages.map(stage => stage.id).join(', ');
      return failed(`there is no stage "${id}"`, `The stages of this lab: ${known}.`);
    }
    if (this.states.get(id)?.progress === 'done') return Promise.resolve({ outcome: 'done' });
    const missing = plan.needs.filter(need => this.states.get(need)?.progress !== 'done');
    if (missing.length > 0)
      return failed(
        `stage "${id}" needs ${missing.map(need => `"${need}"`).join(' and ')} first`,
        ...missing.map(need => `Build stage "${need}".`),
      );
    const known = this.running.get(id);
    if (known !== undefined) return known;
    const build = this.run(plan, builder, signal).finally(() => this.running.delete(id));
    this.running.set(id, build);
    return build;
  }

  private async run(
    plan: StagePlan,
    builder: () => Promise<Builder | string>,
    signal: AbortSignal | undefined,
  ): Promise<BuildResult> {
    const { time, events } = this;
    const event = events.add({ type: 'stage-started', stage: plan.id });
    const { failure: _, finishedAt: __, ...before } = this.stateOf(plan);
    this.states.set(plan.id, { ...before, progress: 'running', startedAt: time.now() });
    const tools = await builder();
    if (typeof tools === 'string')
      return this.end(plan, {
        outcome: 'failed',
        because: tools,
        nextSteps: [`srklab-tutor doctor --lab ${this.engine} says what is missing.`],
      });
    const results: BuildResult[] = [];
    if (tools.sideBySide?.(plan) === true)
      results.push(
        ...(await Promise.all(plan.tasks.map(task => this.runTask(plan, task, tools, event, signal)))),
      );
    else
      for (const task of plan.tasks) {
        const result = await this.runTask(plan, task, tools, event, signal);
        results.push(result);
        if (result.outcome !== 'done') break;
      }
    const failure = results.find(({ outcome }) => outcome === 'failed');
    return this.end(
      plan,
      failure ?? results.find(({ outcome }) => outcome !== 'done') ?? { outcome: 'done' },
    );
  }

  private async runTask(
    plan: StagePlan,
    task: TaskPlan,
    tools: Builder,
    cause: number,
    signal: AbortSignal | undefined,
  ): Promise<BuildResult> {
    const { events, time } = this;
    const cancelled = () => signal?.aborted === true;
    if (cancelled()) return { outcome: 'cancelled' };
    if (await tools.isDone(task.action)) {
      this.setTask(plan, task, { progress: 'done' });
      return { outcome: 'done' };
    }
    events.add({ type: 'task-started', stage: plan.id, task: task.id }, { cause });
    this.setTask(plan, task, { progress: 'running', startedAt: time.now() });
    const said = (line: string) => this.setTask(plan, task, { said: line });
    const failure = await tools.perform(task.action, { signal, said });
    const progress = failure === undefined ? 'done' : cancelled() ? 'cancelled' : 'failed';
    this.setTask(plan, task, { progress, finishedAt: time.now() });
    if (progress === 'cancelled') return { outcome: 'cancelled' };
    if (failure !== undefined) {
      const nextSteps = [`Build stage "${plan.id}" again.`];
      return {
        outcome: 'failed',
        ...(typeof failure === 'string' ? { because: failure, nextSteps } : failure),
      };
    }
    events.add({ type: 'task-finished', stage: plan.id, task: task.id }, { cause });
    return { outcome: 'done' };
  }

  private end(plan: StagePlan, result: BuildResult): BuildResult {
    const failure = result.outcome === 'failed' ? { failure: result.because } : {};
    this.states.set(plan.id, {
      ...this.stateOf(plan),
      progress: result.outcome,
      finishedAt: this.time.now(),
      ...failure,
    });
    if (result.outcome === 'done') this.events.add({ type: 'stage-finished', stage: plan.id });
    else
      this.events.add({
        type: 'stage-failed',
        stage: plan.id,
        because: result.outcome === 'failed' ? result.because : 'cancelled',
      });
    return result;
  }

  private setTask(plan: StagePlan, task: TaskPlan, change: Partial<StageState['tasks'][number]>): void {
    const state = this.stateOf(plan);
    const tasks = state.tasks.map(one => (one.id === task.id ? { ...one, ...change } : one));
    this.states.set(plan.id, { ...state, tasks });
  }

  private stateOf(plan: StagePlan): StageState {
    return this.states.get(plan.id) ?? freshState(plan);
  }
}

function freshState(plan: StagePlan): StageState {
  return {
    id: plan.id,
    title: plan.title,
    progress: 'waiting',
    tasks: plan.tasks.map(({ id, title, commandLine }) => ({ id, title, commandLine, progress: 'waiting' })),
  };
}

function failed(because: string, ...nextSteps: string[]): Promise<BuildResult> {
  return Promise.resolve({ outcome: 'failed', because, nextSteps });
}
