import type { BuildResult, LabEngine } from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StageId, StagePlan, StageState, TaskAction, TaskPlan } from '../../lab/stage.ts';
import type { EventLog } from './event-log.ts';
import type { LabTime } from './lab-time.ts';

export type Builder = {
  isDone(action: TaskAction): boolean;
  perform(action: TaskAction): Promise<string | undefined>;
};

/** Builds a lab's stages, their tasks one after the other; builds that are asked for twice happen once. */
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
    for (const task of plan.tasks) {
      if (signal?.aborted === true) return this.end(plan, { outcome: 'cancelled' });
      if (tools.isDone(task.action)) {
        this.setTask(plan, task, { progress: 'done' });
        continue;
      }
      events.add({ type: 'task-started', stage: plan.id, task: task.id }, { cause: event });
      this.setTask(plan, task, { progress: 'running', startedAt: time.now() });
      const failure = await tools.perform(task.action);
      this.setTask(plan, task, {
        progress: failure === undefined ? 'done' : 'failed',
        finishedAt: time.now(),
      });
      if (failure !== undefined)
        return this.end(plan, {
          outcome: 'failed',
          because: failure,
          nextSteps: [`Build stage "${plan.id}" again.`],
        });
      events.add({ type: 'task-finished', stage: plan.id, task: task.id }, { cause: event });
    }
    return this.end(plan, { outcome: 'done' });
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
