import type { Block, Step } from '../course/lesson.ts';
import { stepProgress } from './progress.ts';
import { currentStep, type LessonPosition, type TutorState } from './state.ts';

/** A block with something to do in it. */
export type LiveBlock = Extract<Block, { type: 'run' | 'stage' | 'predict' | 'break' | 'heal' }>;

export function isLive(block: Block): block is LiveBlock {
  return ['run', 'stage', 'predict', 'break', 'heal'].includes(block.type);
}

/** The first live block of the step that is not done, as an index into its blocks. */
export function firstLeft(step: Step, done: readonly number[]): number | undefined {
  const index = step.blocks.findIndex((block, at) => isLive(block) && !done.includes(at));
  return index < 0 ? undefined : index;
}

/** The block that Enter does now, with its index. */
export function currentBlock(
  state: TutorState,
): { readonly index: number; readonly block: LiveBlock } | undefined {
  const index = state.lesson?.current;
  if (index === undefined) return undefined;
  const block = currentStep(state)?.blocks[index];
  return block !== undefined && isLive(block) ? { index, block } : undefined;
}

/** The position with `current` recomputed from what is done. */
export function withCurrent(state: TutorState): TutorState {
  const { lesson } = state;
  const step = currentStep(state);
  if (lesson === undefined || step === undefined) return state;
  const { done } = stepProgress(state.progress, lesson.id, step.id);
  const { current: _, typing: __, ...rest } = lesson;
  const current = firstLeft(step, done);
  const position: LessonPosition = {
    ...rest,
    ...(current !== undefined && { current }),
    ...(current === lesson.current && lesson.typing !== undefined && { typing: lesson.typing }),
  };
  return { ...state, lesson: position };
}

/** Passed earlier or now; a step without a check is passed when everything in it is done. */
export function isPassed(state: TutorState): boolean {
  const { lesson } = state;
  const step = currentStep(state);
  if (lesson === undefined || step === undefined) return false;
  if (stepProgress(state.progress, lesson.id, step.id).outcome !== undefined) return true;
  const hasCheck = step.blocks.some(block => block.type === 'check');
  return hasCheck ? lesson.check?.passed === true : lesson.current === undefined;
}
