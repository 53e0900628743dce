import { blocksOf, type Step, solutionOf } from '../course/lesson.ts';
import { stepProgress } from './progress.ts';
import type { TutorState } from './state.ts';

/** What `s` does: a written solution whole; else the live blocks of the step that are not done. */
export function actionsLeft(state: TutorState, step: Step) {
  if (blocksOf(step, 'solution').length > 0) return solutionOf(step);
  const { done } = stepProgress(state.progress, state.lesson?.id ?? '', step.id);
  return solutionOf({ ...step, blocks: step.blocks.filter((_, index) => !done.includes(index)) });
}
