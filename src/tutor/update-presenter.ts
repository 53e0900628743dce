import type { Lesson } from '../course/lesson.ts';
import { enterLesson, placeAt } from './enter-lesson.ts';
import { giveNotice } from './give-notice.ts';
import type { Message, PresenterMessage } from './message.ts';
import {
  armedForMs,
  armedLeft,
  currentSlide,
  firstPresenter,
  nextSlide,
  type Presenter,
  type PresenterView,
} from './presenter.ts';
import { slideBlock } from './slide-block.ts';
import { firstSlideOf, slidesOf } from './slides.ts';
import { locked } from './stage-safety.ts';
import { currentLesson, currentStep, noAnswer, type TutorState } from './state.ts';
import { updateLesson } from './update-lesson.ts';
import { cancelLane } from './update-work.ts';
import { andThen, to, type Updated } from './updated.ts';

/** What happens on stage. Moving between slides never touches the lab. */
export function updatePresenter(state: TutorState, message: PresenterMessage): Updated {
  if (message.type === 'presenter-started') return start(state, message.lesson, message.fallback === true);
  const { presenter } = state;
  if (presenter === undefined) return to(state);
  switch (message.type) {
    case 'presenter-ticked':
      return to(ticked(state, presenter, message.now));
    case 'slide-asked':
      return presenter.black ? to(changed(state, { black: false })) : move(state, presenter, message.to);
    case 'slide-chosen':
      return to(show(state, message.lesson, message.slide));
    case 'black-asked':
      return to(changed(state, { black: !presenter.black }));
    case 'view-asked':
      return to(changed(state, { view: message.view ?? nextView(presenter.view) }));
    case 'spotlight-asked':
      return to(spotlit(state, presenter));
    case 'fallback-asked':
      return fallBack(state, presenter);
    case 'arm-asked':
      return arm(state, presenter);
    case 'overview-asked':
      return to(overview(state, presenter));
    case 'overview-moved':
      return to(overviewMoved(state, presenter, message));
    case 'timer-restarted':
      return to(timerRestarted(state, presenter));
    case 'lab-for-slide-asked':
      return state.lesson === undefined
        ? to(state)
        : andThen(to(changed(state, { black: false })), next => bring(next, presenter));
    case 'audience-changed':
      return to(
        changed(state, {
          notesAttached: message.notesAttached,
          ...(message.audience !== undefined && { audience: message.audience }),
        }),
      );
  }
}

/** The show goes on: what is under way on the failing lab is given up. */
function fallBack(state: TutorState, presenter: Presenter): Updated {
  if (presenter.fallback === undefined)
    return giveNotice(state, 'warning', 'No recording stands by: start with present --fallback FILE.');
  if (presenter.fallback === 'used') return giveNotice(state, 'info', 'The recording runs already.');
  const reached = state.view?.stages.findLast(({ progress }) => progress === 'done')?.id ?? 'empty';
  return andThen(cancelLane(changed(state, { fallback: 'used' }), 'lesson'), next => ({
    state: next,
    effects: [{ type: 'fall-back', stage: reached }],
  }));
}

/** Enter on stage: chooses in the overview, does what the slide shows, else goes on. */
export function doOnStage(state: TutorState, message: Message & { readonly type: 'do-asked' }): Updated {
  const { presenter } = state;
  if (presenter === undefined) return to(state);
  if (presenter.black) return to(changed(state, { black: false }));
  const { overview } = presenter;
  if (overview !== undefined) {
    const lesson = state.course.lessons[overview.lesson];
    return lesson === undefined ? to(state) : to(show(state, lesson.id, overview.cursor));
  }
  const at = slideBlock(state);
  const block = at === undefined ? undefined : currentStep(state)?.blocks[at];
  if (at === undefined || block === undefined || state.lesson === undefined)
    return move(state, presenter, 'next');
  const silent = state.lesson.answer.input.text.trim() === '';
  if (block.type === 'predict' && block.answer.kind === 'number' && silent)
    return move(state, presenter, 'next');
  if (block.type !== 'predict' && armedLeft(presenter) === 0) return locked(state);
  return updateLesson({ ...state, lesson: { ...state.lesson, current: at } }, message);
}

/** Keeps the stage in order after any message: its screen instead of a learner's, the slide in the lesson's step. */
export function settleStage(state: TutorState): TutorState {
  const { presenter, lesson } = state;
  if (presenter === undefined || lesson === undefined) return state;
  const onStage: TutorState =
    state.screen.name === 'presenter' || state.screen.name === 'failure'
      ? state
      : { ...state, screen: { name: 'presenter' } };
  const course = currentLesson(onStage);
  if (course === undefined || currentSlide(onStage)?.step === lesson.step) return onStage;
  return changed(onStage, { slide: firstSlideOf(course, lesson.step) });
}

function start(state: TutorState, wanted: string | undefined, fallback: boolean): Updated {
  const lesson = state.course.lessons.find(each => each.id === wanted) ?? state.course.lessons[0];
  if (lesson === undefined) return giveNotice(state, 'error', 'There are no lessons to present.');
  const presenter: Presenter = {
    ...firstPresenter,
    ...(fallback && { fallback: 'ready' }),
    began: { at: 0, lesson: lesson.id, step: 0 },
  };
  return andThen(enterLesson({ ...state, presenter }, lesson.id, 0), next => to(settleStage(next)));
}

/** Time passes: it counts for the step that is on, and the armed state ends by itself. */
function ticked(state: TutorState, presenter: Presenter, now: number): TutorState {
  const passed = Math.max(0, now - presenter.now);
  const step = currentStep(state)?.id;
  const key = `${state.lesson?.id}/${step}`;
  const spent =
    step === undefined
      ? presenter.spent
      : { ...presenter.spent, [key]: (presenter.spent[key] ?? 0) + passed };
  const next = changed(state, { now, spent });
  return armedLeft({ ...presenter, now }) === 0 ? disarmed(next) : next;
}

function move(
  state: TutorState,
  presenter: Presenter,
  wanted: (PresenterMessage & { readonly type: 'slide-asked' })['to'],
): Updated {
  const lesson = currentLesson(state);
  if (lesson === undefined) return to(state);
  const last = slidesOf(lesson).length - 1;
  switch (wanted) {
    case 'next': {
      const next = nextSlide(state);
      return next === undefined
        ? giveNotice(state, 'info', 'That was the last slide.')
        : to(show(state, next.lesson.id, next.at));
    }
    case 'previous': {
      if (presenter.slide > 0) return to(show(state, lesson.id, presenter.slide - 1));
      const before = state.course.lessons[state.course.lessons.indexOf(lesson) - 1];
      return before === undefined
        ? giveNotice(state, 'info', 'This is the first slide.')
        : to(show(state, before.id, slidesOf(before).length - 1));
    }
    case 'first':
      return to(show(state, lesson.id, 0));
    case 'last':
      return to(show(state, lesson.id, last));
  }
}

/** Puts a slide on, in whichever lesson it is; the lab stays as it is. */
function show(state: TutorState, id: string, wanted: number): TutorState {
  const lesson = state.course.lessons.find(each => each.id === id);
  if (lesson === undefined) return state;
  const slide = Math.min(Math.max(0, wanted), slidesOf(lesson).length - 1);
  const step = slidesOf(lesson)[slide]?.step ?? 0;
  const here = state.lesson?.id === id && state.lesson.step === step;
  const placed = here ? state : placeAt(state, id, step);
  const { overview: _, ...presenter } = placed.presenter ?? firstPresenter;
  // What was typed into another slide's question is nobody's answer to this one.
  const unasked =
    placed.lesson === undefined || presenter.slide === slide
      ? {}
      : { lesson: { ...placed.lesson, answer: noAnswer } };
  return { ...placed, ...unasked, overlay: { name: 'none' }, presenter: { ...presenter, slide } };
}

function arm(state: TutorState, presenter: Presenter): Updated {
  if (presenter.armedUntil !== undefined) return to(disarmed(state));
  return to(changed(state, { armedUntil: presenter.now + armedForMs }));
}

function disarmed(state: TutorState): TutorState {
  if (state.presenter?.armedUntil === undefined) return state;
  const { armedUntil: _, ...presenter } = state.presenter;
  return { ...state, presenter };
}

function nextView(view: PresenterView): PresenterView {
  return view === 'slide' ? 'beside' : view === 'beside' ? 'pane' : 'slide';
}

/** There is nothing to point at on a slide without panes, so they come up. */
function spotlit(state: TutorState, presenter: Presenter): TutorState {
  const spotlight = !presenter.spotlight;
  const view = spotlight && presenter.view === 'slide' ? 'beside' : presenter.view;
  return changed(state, { spotlight, view });
}

function overview(state: TutorState, presenter: Presenter): TutorState {
  if (presenter.overview !== undefined) {
    const { overview: _, ...rest } = presenter;
    return { ...state, presenter: rest };
  }
  const lesson = state.course.lessons.findIndex(each => each.id === state.lesson?.id);
  return changed(state, { black: false, overview: { lesson: Math.max(0, lesson), cursor: presenter.slide } });
}

function overviewMoved(
  state: TutorState,
  presenter: Presenter,
  message: PresenterMessage & { readonly type: 'overview-moved' },
): TutorState {
  if (presenter.overview === undefined) return state;
  const lessons: readonly Lesson[] = state.course.lessons;
  const lesson = Math.min(Math.max(0, message.lesson), lessons.length - 1);
  const chosen = lessons[lesson];
  const last = chosen === undefined ? 0 : slidesOf(chosen).length - 1;
  return changed(state, { overview: { lesson, cursor: Math.min(Math.max(0, message.cursor), last) } });
}

function timerRestarted(state: TutorState, presenter: Presenter): TutorState {
  const { lesson } = state;
  if (lesson === undefined) return state;
  return changed(state, {
    began: { at: presenter.now, lesson: lesson.id, step: lesson.step },
    spent: {},
  });
}

/** Brings the lab to where the current step begins; the slide stays. */
function bring(state: TutorState, presenter: Presenter): Updated {
  const { lesson } = state;
  if (lesson === undefined) return to(state);
  const { lesson: _, ...elsewhere } = state;
  return andThen(enterLesson(elsewhere, lesson.id, lesson.step), next =>
    to(changed(settleStage(next), { slide: presenter.slide })),
  );
}

function changed(state: TutorState, change: Partial<Presenter>): TutorState {
  return state.presenter === undefined ? state : { ...state, presenter: { ...state.presenter, ...change } };
}
