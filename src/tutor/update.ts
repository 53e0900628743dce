import type { Snapshot } from '../lab/snapshot.ts';
import { courseRead } from './course-read.ts';
import { enterLesson } from './enter-lesson.ts';
import { dropNotice, giveNotice } from './give-notice.ts';
import { keepSnapshot } from './keep-snapshot.ts';
import type { Message } from './message.ts';
import { shellOutput } from './shell-blocks.ts';
import { locked, lockedOnStage } from './stage-safety.ts';
import type { TutorState } from './state.ts';
import { travelled } from './travel.ts';
import { quietReached, updateClock } from './update-clock.ts';
import { eventsArrived, updateLab } from './update-lab.ts';
import { updateLayout } from './update-layout.ts';
import { updateLesson } from './update-lesson.ts';
import { doOnStage, settleStage, updatePresenter } from './update-presenter.ts';
import { updateScreen } from './update-screen.ts';
import { updateShell } from './update-shell.ts';
import { andThen, to, type Updated } from './updated.ts';
import { watchCheck } from './watch-check.ts';
import { onJourney } from './work.ts';
import { workFinished } from './work-finished.ts';

export type { Updated } from './updated.ts';

/** What a message does to the state, and what the tutor wants of the world for it. Pure. */
export function update(state: TutorState, message: Message): Updated {
  return andThen(route(withoutOldAdvice(state, message), message), next =>
    whatFollows(state, settleStage(next)),
  );
}

/** Whoever does the next thing has read what was said about the last one. */
function withoutOldAdvice(state: TutorState, message: Message): TutorState {
  if (!deeds.has(message.type) || state.notices.every(notice => notice.tone !== 'info')) return state;
  return { ...state, notices: state.notices.filter(notice => notice.tone !== 'info') };
}

const deeds: ReadonlySet<Message['type']> = new Set([
  'do-asked',
  'next-step-asked',
  'previous-step-asked',
  'solution-asked',
  'skip-asked',
  'hint-asked',
  'break-asked',
  'heal-asked',
  'shell-entered',
  'lesson-asked',
]);

function route(state: TutorState, message: Message): Updated {
  if (lockedOnStage(state, message)) return locked(state);
  switch (message.type) {
    case 'home-asked':
    case 'home-cursor-moved':
    case 'lesson-asked':
    case 'overlay-asked':
    case 'overlay-cursor-moved':
    case 'overlay-scrolled':
    case 'overlay-input-edited':
    case 'overlay-accepted':
    case 'back-asked':
    case 'notice-dismissed':
    case 'copy-asked':
    case 'quit-asked':
      return updateScreen(state, message, route);
    case 'do-asked':
      return doAsked(state, message);
    case 'next-step-asked':
    case 'previous-step-asked':
    case 'typing-asked':
    case 'typing-edited':
    case 'answer-edited':
    case 'choice-moved':
    case 'hint-asked':
    case 'solution-asked':
    case 'skip-asked':
    case 'restart-lesson-asked':
    case 'goto-stage-asked':
    case 'goto-step-asked':
    case 'lesson-scrolled':
      return updateLesson(state, message);
    case 'break-asked':
    case 'heal-asked':
    case 'traffic-asked':
    case 'build-asked':
    case 'travel-asked':
    case 'interrupt-asked':
      return updateLab(state, message);
    case 'focus-asked':
    case 'zoom-asked':
    case 'pane-sized':
    case 'pane-toggled':
    case 'panes-reset':
    case 'row-selected':
    case 'pane-filtered':
    case 'pane-sorted':
    case 'subject-chosen':
      return updateLayout(state, message);
    case 'shell-asked':
    case 'shell-edited':
    case 'shell-entered':
    case 'shell-history-asked':
    case 'shell-cleared':
      return updateShell(state, message);
    case 'pause-asked':
    case 'clock-step-asked':
    case 'speed-asked':
    case 'until-quiet-asked':
      return updateClock(state, message);
    case 'presenter-started':
    case 'presenter-ticked':
    case 'slide-asked':
    case 'slide-chosen':
    case 'black-asked':
    case 'view-asked':
    case 'spotlight-asked':
    case 'arm-asked':
    case 'fallback-asked':
    case 'overview-asked':
    case 'overview-moved':
    case 'timer-restarted':
    case 'lab-for-slide-asked':
    case 'audience-changed':
      return updatePresenter(state, message);
    case 'events-arrived':
      return eventsArrived(state, message.events);
    case 'snapshot-taken':
      return to(seen(state, keepSnapshot(state.view, message.snapshot)));
    case 'output-arrived':
      return to({ ...state, shell: shellOutput(state.shell, message.work, message.chunk) });
    case 'work-finished':
      return workFinished(state, message.work, message.result);
    case 'quiet-reached':
      return quietReached(state, message.quiet);
    case 'engine-replaced':
      return to({ ...state, engine: message.engine });
    case 'travelled':
      return travelled(state, message.result);
    case 'course-read':
      return courseRead(state, message.course, message.errors, message.texts);
    case 'notice-given':
      return giveNotice(state, message.tone, message.text);
    case 'notice-expired':
      return dropNotice(state, message.id);
    case 'bug-met':
      return to(bugMet(state, message.message, message.stack));
  }
}

/** Names on the screen are those of the lab that was looked at. */
function seen(state: TutorState, view: Snapshot): TutorState {
  const { labAsWritten } = state;
  const lab = view.lab === undefined ? labAsWritten : (labAsWritten.scaledOut ?? labAsWritten);
  return watchCheck({ ...state, lab, view }, view);
}

/** Enter: what it does depends on the screen. */
function doAsked(state: TutorState, message: Message & { readonly type: 'do-asked' }): Updated {
  const { screen, course } = state;
  switch (screen.name) {
    case 'home': {
      const lesson = course.lessons[screen.cursor];
      return lesson === undefined ? to(state) : enterLesson(state, lesson.id);
    }
    case 'finished': {
      const at = course.lessons.findIndex(lesson => lesson.id === screen.lesson);
      const next = at < 0 ? undefined : course.lessons[at + 1];
      return next === undefined ? route(state, { type: 'home-asked' }) : enterLesson(state, next.id, 0);
    }
    case 'failure':
      return route(state, { type: 'back-asked' });
    case 'presenter':
      return doOnStage(state, message);
    case 'lesson':
      return updateLesson(state, message);
  }
}

/** A changed clock is wound, changed progress is kept; nobody has to remember to ask for it. */
function whatFollows(before: TutorState, after: TutorState): Updated {
  const clock = after.clock;
  const hurry = onJourney(after.work);
  const wound = clock !== undefined && (clock !== before.clock || hurry !== onJourney(before.work));
  return {
    state: after,
    effects: [
      ...(wound ? [{ type: 'set-clock' as const, clock, hurry }] : []),
      ...(after.progress !== before.progress
        ? [{ type: 'save-progress' as const, progress: after.progress }]
        : []),
    ],
  };
}

function bugMet(state: TutorState, message: string, stack: string | undefined): TutorState {
  return {
    ...state,
    screen: {
      name: 'failure',
      failure: { reader: 'bug', message, ...(stack !== undefined && { stack }) },
      behind: state.lesson === undefined ? 'home' : 'lesson',
    },
  };
}
