import type { StageId, TaskAction } from '../../../lab/stage.ts';
import type { Builder, TaskWork } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { adopt } from './adopt.ts';
import { isThere } from './is-there.ts';
import { performStep } from './perform-step.ts';
import type { Done } from './run-commands.ts';
import { type Step, stepsOf } from './steps.ts';

/** Builds a lab on this machine, task by task as a lesson does, or step by step as the walk does. */
export type LabBuilder = Builder & {
  readonly steps: readonly Step[];
  isStepDone(step: Step): Promise<boolean>;
  /** Two tasks may need the same step (an image): it is done once. */
  performStep(step: Step, work: TaskWork): Promise<Done>;
  /** Stages that are there already, by an earlier run or by hand. Asks for everything at once (seconds) and changes nothing. */
  stagesThere(): Promise<StageId[]>;
};

export function createBuilder(machine: Machine): LabBuilder {
  const steps = stepsOf(machine.lab);
  const running = new Map<string, Promise<Done>>();
  const isStepDone = async (step: Step) => {
    const there = await isThere(step, machine);
    if (there) await adopt(step, machine);
    return there;
  };
  const perform = (step: Step, work: TaskWork): Promise<Done> => {
    const known = running.get(step.id);
    if (known !== undefined) return known;
    const begun = performStep(step, machine, work).finally(() => running.delete(step.id));
    running.set(step.id, begun);
    return begun;
  };
  const stepsOfTask = (action: TaskAction) => {
    const wanted = JSON.stringify(action);
    const task = machine.lab.stages
      .flatMap(({ tasks }) => tasks)
      .find(candidate => JSON.stringify(candidate.action) === wanted);
    return steps.filter(({ tasks }) => task !== undefined && tasks.includes(task.id));
  };
  return {
    steps,
    isStepDone,
    performStep: perform,
    async isDone(action) {
      const there = await Promise.all(stepsOfTask(action).map(isStepDone));
      return there.every(Boolean);
    },
    async perform(action, work) {
      for (const step of stepsOfTask(action)) {
        if (await isStepDone(step)) continue;
        if (work.signal?.aborted === true) return 'interrupted';
        const failure = await perform(step, work);
        if (failure !== undefined) return failure;
      }
      return undefined;
    },
    // Resources in order; clusters, images and joins do not wait for each other.
    sideBySide: plan => plan.tasks.every(({ action }) => action.type !== 'apply'),
    async stagesThere() {
      const there = await Promise.all(
        steps.map(async step => [step.id, await isThere(step, machine)] as const),
      );
      const done = new Set(there.filter(([, is]) => is).map(([id]) => id));
      const stages: StageId[] = [];
      for (const { id, needs, tasks } of machine.lab.stages) {
        const own = steps.filter(({ stage, work }) => stage === id && work.type !== 'pull');
        // Tasks without steps of their own are those of clusters whose nodes come with the fabric.
        const ownDone =
          own.length === 0 && tasks.length > 0 ? done.has('fabric') : own.every(step => done.has(step.id));
        if (ownDone && needs.every(need => stages.includes(need))) stages.push(id);
      }
      return stages;
    },
  };
}
