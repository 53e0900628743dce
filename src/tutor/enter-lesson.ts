import { type Step, startOf } from '../course/lesson.ts';
import type { LabSize } from '../lab/lab.ts';
import { stagesUpTo } from '../lab/stage.ts';
import { giveNotice } from './give-notice.ts';
import { journeyTo } from './journey.ts';
import { keepPlace, keepStepOf } from './keep-progress.ts';
import { withCurrent } from './live-blocks.ts';
import { stepProgress } from './progress.ts';
import { currentLesson, noAnswer, type TutorState } from './state.ts';
import { showWatched, watchedPanes } from './step-panes.ts';
import { andThen, to, type Updated } from './updated.ts';

/**
 * Opens a lesson at a step (default: where the learner left it). When the lab is not where that step begins, it is
 * brought there first: restored to the lesson's stage, and the steps before done for the learner.
 */
export function enterLesson(state: TutorState, id: string, step?: number): Updated {
  const lesson = state.course.lessons.find(candidate => candidate.id === id);
  if (lesson === undefined) return giveNotice(state, 'error', `There is no lesson ${id}.`);
  if (lesson.engines !== undefined && !lesson.engines.includes(state.engine.name)) {
    const engines = lesson.engines.join(' or ');
    return giveNotice(
      state,
      'warning',
      `This lesson needs the ${engines} lab; this is the ${state.engine.name} lab.`,
    );
  }
  const kept = state.progress.lessons[id];
  const left =
    kept === undefined || kept.finished ? 0 : lesson.steps.findIndex(entry => entry.id === kept.at);
  const at = Math.min(Math.max(0, step ?? left), Math.max(0, lesson.steps.length - 1));
  const inIt = state.lesson?.id === id;
  if (inIt && (step === undefined || state.lesson?.step === at)) {
    return to({ ...state, screen: { name: 'lesson' }, overlay: { name: 'none' } });
  }
  const fresh = lesson.steps[at] === undefined ? state : begunAnew(state, id, lesson.steps[at]);
  const entered = placeAt({ ...fresh, screen: { name: 'lesson' }, overlay: { name: 'none' } }, id, at);
  if (at === 0 && standsAt(state, startOf(lesson), lesson.lab)) return to(entered);
  return andThen(to(entered), next => journeyTo(next, lesson, at));
}

/** Moves the learner to a step, without touching the lab. */
export function placeAt(state: TutorState, lesson: string, step: number): TutorState {
  const before = watchedPanes(state);
  const placed = withCurrent(
    keepPlace({ ...state, lesson: { id: lesson, step, scroll: 0, answer: noAnswer, before: {} } }),
  );
  return currentLesson(placed) === undefined ? state : showWatched(placed, before);
}

/** The lab will be where the step begins, so nothing of it is done yet; what the learner predicted stays said. */
function begunAnew(state: TutorState, lesson: string, step: Step): TutorState {
  const said = (index: number) => step.blocks[index]?.type === 'predict';
  if (stepProgress(state.progress, lesson, step.id).done.every(said)) return state;
  return keepStepOf(state, lesson, step.id, kept => ({
    ...kept,
    done: kept.done.filter(said),
    solved: false,
  }));
}

/** The lab has exactly the stages up to this one, nothing is broken, and nobody is working on it. */
function standsAt(state: TutorState, stage: string, size: LabSize | undefined): boolean {
  const { view, labAsWritten } = state;
  if (view === undefined || state.work.underway.length > 0) return false;
  if (view.lab !== (size !== undefined && labAsWritten.scaledOut !== undefined ? size : undefined))
    return false;
  const wanted = stage === 'empty' ? [] : (stagesUpTo(state.lab.stages, stage) ?? []);
  const built = view.stages.filter(entry => entry.progress !== 'waiting');
  return (
    view.faults.length === 0 &&
    built.length === wanted.length &&
    built.every(entry => entry.progress === 'done' && wanted.includes(entry.id))
  );
}
