import { placeAt } from './enter-lesson.ts';
import { keepLesson, keepPlace, keepStep } from './keep-progress.ts';
import { currentLesson, type TutorState } from './state.ts';
import { to, type Updated } from './updated.ts';

/** Goes on to the step after the current one, or to the end of the lesson. */
export function goOn(state: TutorState, outcome: 'passed' | 'skipped'): Updated {
  const lesson = currentLesson(state);
  if (lesson === undefined || state.lesson === undefined) return to(state);
  const kept = keepStep(state, step => ({ ...step, outcome: step.outcome ?? outcome }));
  const next = state.lesson.step + 1;
  if (next < lesson.steps.length) return to(placeAt(kept, lesson.id, next));
  const finished = keepLesson(kept, lesson.id, before => ({ ...before, finished: true }));
  return to({ ...keepPlace(finished), screen: { name: 'finished', lesson: lesson.id } });
}
