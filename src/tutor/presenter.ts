import type { Lesson } from '../course/lesson.ts';
import { plannedBetween, plannedMinutes, type Slide, slidesOf } from './slides.ts';
import { currentLesson, type TutorState } from './state.ts';

/** What a presenter has beside a learner. All times are real milliseconds since presenting began. */
export type Presenter = {
  /** Index into the slides of the current lesson. */
  readonly slide: number;
  /** Nothing is shown. */
  readonly black: boolean;
  /** The slide alone, panes beside it, or one pane alone. */
  readonly view: PresenterView;
  /** Everything but the selected row or node is dimmed. */
  readonly spotlight: boolean;
  /** Until then keys may change the lab. */
  readonly armedUntil?: number;
  /** All slides of a lesson to choose from; `lesson` and `cursor` are indexes. */
  readonly overview?: { readonly lesson: number; readonly cursor: number };
  readonly now: number;
  /** Where and when the talk's timer began. */
  readonly began: { readonly at: number; readonly lesson: string; readonly step: number };
  /** Time spent so far, by "lesson/step". */
  readonly spent: Readonly<Record<string, number>>;
  /** The page that follows the presenter; absent: it is not served. */
  readonly audience?: { readonly url: string; readonly viewers: number };
  /** A recording that can take the lab's place; 'used' when it has. */
  readonly fallback?: 'ready' | 'used';
  /** How many terminals with speaker notes are attached. */
  readonly notesAttached: number;
};

export type PresenterView = 'slide' | 'beside' | 'pane';

/** How long the armed state lasts. */
export const armedForMs = 30_000;

export const firstPresenter: Presenter = {
  slide: 0,
  black: false,
  view: 'slide',
  spotlight: false,
  now: 0,
  began: { at: 0, lesson: '', step: 0 },
  spent: {},
  notesAttached: 0,
};

/** The slide that is on; undefined where nobody presents. */
export function currentSlide(state: TutorState): Slide | undefined {
  const lesson = currentLesson(state);
  if (lesson === undefined || state.presenter === undefined) return undefined;
  return slidesOf(lesson)[state.presenter.slide];
}

/** The slide after the current one, in the next lesson if need be. */
export function nextSlide(state: TutorState): { readonly lesson: Lesson; readonly at: number } | undefined {
  const lesson = currentLesson(state);
  if (lesson === undefined || state.presenter === undefined) return undefined;
  const at = state.presenter.slide + 1;
  if (at < slidesOf(lesson).length) return { lesson, at };
  const next = state.course.lessons[state.course.lessons.indexOf(lesson) + 1];
  return next === undefined ? undefined : { lesson: next, at: 0 };
}

/** Milliseconds that keys may still change the lab; 0 when they may not. */
export function armedLeft(presenter: Presenter): number {
  return Math.max(0, (presenter.armedUntil ?? 0) - presenter.now);
}

/** Where the talk stands in time. */
export type TalkTime = {
  readonly elapsedMs: number;
  readonly stepSpentMs: number;
  readonly stepPlannedMs: number;
  /** Positive: behind; negative: ahead; 0 while the step's own time is not over. */
  readonly behindMs: number;
};

export function talkTime(state: TutorState): TalkTime {
  const { presenter, lesson } = state;
  const step = currentLesson(state)?.steps[lesson?.step ?? 0];
  if (presenter === undefined || lesson === undefined || step === undefined)
    return { elapsedMs: 0, stepSpentMs: 0, stepPlannedMs: 0, behindMs: 0 };
  const elapsedMs = presenter.now - presenter.began.at;
  const stepPlannedMs = plannedMinutes(step) * 60_000;
  const due = plannedBetween(state.course, presenter.began, { lesson: lesson.id, step: lesson.step });
  const late = elapsedMs - (due + stepPlannedMs);
  const early = due - elapsedMs;
  return {
    elapsedMs,
    stepSpentMs: presenter.spent[`${lesson.id}/${step.id}`] ?? 0,
    stepPlannedMs,
    behindMs: late > 0 ? late : early > 0 ? -early : 0,
  };
}

/** True where the lab has what the current lesson starts from. */
export function labIsReady(state: TutorState): boolean {
  const wanted = currentLesson(state)?.stages.at(-1);
  return (
    wanted === undefined ||
    state.view?.stages.some(stage => stage.id === wanted && stage.progress === 'done') === true
  );
}
