import { isLive } from './live-blocks.ts';
import { currentSlide } from './presenter.ts';
import { stepProgress } from './progress.ts';
import { currentStep, type TutorState } from './state.ts';

/** The block of the slide that Enter does: its first live one that is not done. */
export function slideBlock(state: TutorState): number | undefined {
  const step = currentStep(state);
  if (step === undefined || state.lesson === undefined) return undefined;
  const { done } = stepProgress(state.progress, state.lesson.id, step.id);
  for (const content of currentSlide(state)?.content ?? []) {
    if (content.type !== 'block' || done.includes(content.block)) continue;
    const block = step.blocks[content.block];
    if (block !== undefined && isLive(block)) return content.block;
  }
  return undefined;
}

/** Whether the slide asks the room for a number, and can be seen. */
export function asksForNumber(state: TutorState): boolean {
  const { presenter } = state;
  if (presenter === undefined || presenter.black || presenter.view === 'pane') return false;
  const at = slideBlock(state);
  const block = at === undefined ? undefined : currentStep(state)?.blocks[at];
  return block?.type === 'predict' && block.answer.kind === 'number';
}
