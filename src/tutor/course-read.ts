import type { Course } from '../course/lesson.ts';
import type { FileError } from '../lab/lab-error.ts';
import { placeAt } from './enter-lesson.ts';
import { giveNotice } from './give-notice.ts';
import { currentStep, type TutorState } from './state.ts';
import { to, type Updated } from './updated.ts';

/** An author saved a lesson: the new text appears where the learner is; mistakes are a screen that goes when they are mended. */
export function courseRead(
  state: TutorState,
  course: Course,
  errors: readonly FileError[],
  texts: ReadonlyMap<string, string>,
): Updated {
  const broken = errors.filter(error => error.severity === 'error');
  if (broken.length > 0) {
    const behind =
      state.screen.name === 'failure'
        ? state.screen.behind
        : state.screen.name === 'home'
          ? 'home'
          : 'lesson';
    return to({
      ...state,
      screen: { name: 'failure', failure: { reader: 'author', errors, texts }, behind },
    });
  }
  const mended =
    state.screen.name === 'failure' && state.screen.failure.reader === 'author'
      ? recovered(state, state.screen.behind)
      : state;
  const placed = stayed(mended, course);
  return giveNotice(placed, 'info', 'Lessons were read again.');
}

function recovered(state: TutorState, behind: 'home' | 'lesson'): TutorState {
  return behind === 'lesson' && state.lesson !== undefined
    ? { ...state, screen: { name: 'lesson' } }
    : { ...state, screen: { name: 'home', cursor: 0 } };
}

/** The learner stays at the step with the same id, else at the same number. */
function stayed(state: TutorState, course: Course): TutorState {
  const { lesson } = state;
  if (lesson === undefined) return { ...state, course };
  const id = currentStep(state)?.id;
  const next = course.lessons.find(entry => entry.id === lesson.id);
  if (next === undefined) {
    const { lesson: _, ...rest } = state;
    return { ...rest, course, screen: { name: 'home', cursor: 0 } };
  }
  const same = next.steps.findIndex(step => step.id === id);
  const step = same >= 0 ? same : Math.min(lesson.step, Math.max(0, next.steps.length - 1));
  const { before, scroll } = lesson;
  const placed = placeAt({ ...state, course }, lesson.id, step);
  return placed.lesson === undefined ? placed : { ...placed, lesson: { ...placed.lesson, before, scroll } };
}
