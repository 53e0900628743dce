import type { Step } from '../course/lesson.ts';
import { keepStep } from './keep-progress.ts';
import { isLive, withCurrent } from './live-blocks.ts';
import { currentStep, type TutorState } from './state.ts';
import { showWatched, watchedPanes } from './step-panes.ts';

/** Marks a live block of the current step as done and moves on to the next one. */
export function blockDone(state: TutorState, index: number): TutorState {
  const before = watchedPanes(state);
  const kept = keepStep(state, step =>
    step.done.includes(index) ? step : { ...step, done: [...step.done, index] },
  );
  return showWatched(withCurrent(kept), before);
}

/** The learner asked for the rest of the step to be done: nothing is left to do by hand. */
export function allDone(state: TutorState): TutorState {
  const step = currentStep(state);
  if (step === undefined) return state;
  const live = [...step.blocks.keys()].filter(index => isLiveAt(step, index));
  return live.reduce(blockDone, state);
}

function isLiveAt(step: Step, index: number): boolean {
  const block = step.blocks[index];
  return block !== undefined && isLive(block);
}
