import { type Action, blocksOf, type Lesson, type Step, solutionOf, startOf } from '../course/lesson.ts';
import type { LabSize } from '../lab/lab.ts';
import type { StageId } from '../lab/stage.ts';
import type { TutorState } from './state.ts';
import { cancelLane, enqueue } from './update-work.ts';
import { andThen, type Updated } from './updated.ts';
import type { Arrival, Job, Purpose } from './work.ts';

/** Brings the lab from whatever state to where a step of a lesson begins. */
export function journeyTo(state: TutorState, lesson: Lesson, step: number): Updated {
  const jobs = [restoreTo(startOf(lesson), lesson.lab), ...lesson.steps.slice(0, step).flatMap(jobsOf)];
  return travel(state, jobs, { to: 'here' });
}

/** Brings the lab to a stage: nothing broken, exactly the stages up to this one. */
export function journeyToStage(state: TutorState, stage: StageId | 'empty'): Updated {
  return travel(state, [restoreTo(stage, state.view?.lab)], { to: 'here' });
}

/** Does a step for the learner and goes on to the next one. */
export function journeyPast(state: TutorState, lesson: Lesson, step: Step): Updated {
  return travel(state, jobsOf(step), { to: 'after-skipped', lesson: lesson.id, step: step.id });
}

/** What an action of a lesson asks of the lab. */
export function jobOf(action: Action): Job {
  switch (action.verb) {
    case 'run': {
      const { commandLine, on, cluster } = action;
      return {
        type: 'run',
        commandLine,
        ...(on !== undefined && { on }),
        ...(cluster !== undefined && { cluster }),
      };
    }
    case 'stage':
      return { type: 'build', stage: action.stage };
    case 'break':
      return { type: 'perform', command: { type: 'break', fault: action.fault } };
    case 'heal':
      return { type: 'perform', command: { type: 'heal', fault: action.fault } };
    case 'traffic': {
      const { on, ratePerClient } = action;
      const rate = ratePerClient === undefined ? {} : { ratePerClient };
      return { type: 'perform', command: { type: 'traffic', on, ...rate } };
    }
  }
}

/** A step's solution, and the wait until its check holds. */
function jobsOf(step: Step): Job[] {
  const check = blocksOf(step, 'check')[0];
  return [
    ...solutionOf(step).map(jobOf),
    ...(check === undefined ? [] : [{ type: 'await-check' as const, check }]),
  ];
}

function restoreTo(stage: StageId | 'empty', lab: LabSize | undefined): Job {
  return { type: 'perform', command: { type: 'restore', stage, ...(lab !== undefined && { lab }) } };
}

/** A new journey ends the one before: what it had still to do no longer matters. */
function travel(state: TutorState, jobs: readonly Job[], arrival: Arrival): Updated {
  const last = jobs.length - 1;
  return andThen(cancelLane(state, 'lesson'), next =>
    enqueue(
      next,
      jobs.map((job, index): { job: Job; purpose: Purpose } => ({
        job,
        purpose: { of: 'journey', ...(index === last && { arrival }) },
      })),
    ),
  );
}
