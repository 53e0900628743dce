import type { LabSize } from '../lab/lab.ts';
import type { Check } from '../lab/probe.ts';
import type { StageId } from '../lab/stage.ts';
import { type Action, blocksOf, type Lesson, type Prediction, solutionOf, startOf } from './lesson.ts';

/**
 * A lesson without its reader: what `play` and `lessons check` do, in order. For each step:
 * 1. when it has a check: some probe of it must *not* hold yet;
 * 2. remember the snapshot (with the predictions' tables), perform `actions`, one after the other;
 * 3. the check must hold within its time; then measure each prediction;
 * 4. when no fault is active any more and one was active before the step: the lab must equal the state from before
 *    the first fault (`lab/reference-state.ts`), unless the step also configured something.
 */
export type LessonRun = {
  readonly lesson: string;
  readonly title: string;
  readonly file: string;
  /** Restore to this before the first step. */
  readonly startFrom: StageId | 'empty';
  readonly lab?: LabSize;
  readonly steps: readonly StepRun[];
};

export type StepRun = {
  readonly step: string;
  readonly title: string;
  readonly line: number;
  readonly actions: readonly Action[];
  readonly predictions: readonly Prediction[];
  readonly check?: Check;
};

export function planLessonRun(lesson: Lesson): LessonRun {
  return {
    lesson: lesson.id,
    title: lesson.title,
    file: lesson.file,
    startFrom: startOf(lesson),
    ...(lesson.lab !== undefined && { lab: lesson.lab }),
    steps: lesson.steps.map(step => {
      const check = blocksOf(step, 'check')[0];
      return {
        step: step.id,
        title: step.title,
        line: step.line,
        actions: solutionOf(step),
        predictions: blocksOf(step, 'predict'),
        ...(check !== undefined && { check: { within: check.within, items: check.items } }),
      };
    }),
  };
}
