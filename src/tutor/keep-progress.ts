import { emptyStep, type LessonProgress, type StepProgress } from './progress.ts';
import { currentLesson, currentStep, type TutorState } from './state.ts';

/** Changes what is kept about the current step; unchanged where the learner is in no lesson. */
export function keepStep(state: TutorState, change: (step: StepProgress) => StepProgress): TutorState {
  const lesson = state.lesson?.id;
  const step = currentStep(state)?.id;
  return lesson === undefined || step === undefined ? state : keepStepOf(state, lesson, step, change);
}

/** Changes what is kept about any step. */
export function keepStepOf(
  state: TutorState,
  lesson: string,
  step: string,
  change: (step: StepProgress) => StepProgress,
): TutorState {
  return keepLesson(state, lesson, before => ({
    ...before,
    steps: { ...before.steps, [step]: change(before.steps[step] ?? emptyStep) },
  }));
}

/** Remembers where the learner is. */
export function keepPlace(state: TutorState): TutorState {
  const lesson = currentLesson(state)?.id;
  const step = currentStep(state)?.id;
  if (lesson === undefined || step === undefined) return state;
  const next = keepLesson(state, lesson, before => ({ ...before, at: step }));
  return { ...next, progress: { ...next.progress, last: { lesson, step } } };
}

export function keepLesson(
  state: TutorState,
  lesson: string,
  change: (lesson: LessonProgress) => LessonProgress,
): TutorState {
  const before = state.progress.lessons[lesson] ?? { at: '', finished: false, steps: {} };
  const lessons = { ...state.progress.lessons, [lesson]: change(before) };
  return { ...state, progress: { ...state.progress, lessons } };
}
