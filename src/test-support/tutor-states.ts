import type { Snapshot } from '../lab/snapshot.ts';
import type { Message } from '../tutor/message.ts';
import { emptyProgress } from '../tutor/progress.ts';
import { firstState, type TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { update } from '../tutor/update.ts';
import { labOfTheTalk } from './lab-of-the-talk.ts';
import { smallCourse } from './small-course.ts';
import { everythingUp } from './snapshots.ts';

/** The tutorial with the small course on the talk's lab, after some messages, with a lab that looks like `view`. */
export function tutorState(messages: readonly Message[] = [], view: Snapshot = everythingUp): TutorState {
  const first = firstState({
    lab: labOfTheTalk,
    course: smallCourse,
    engine: { name: 'embedded', absent: new Map(), hasClock: true },
    progress: emptyProgress,
  });
  return after({ ...first, view }, messages);
}

/** In the small course's first lesson, at a step (counted from 0), the lab where the step wants it. */
export function inLesson(
  step = 0,
  messages: readonly Message[] = [],
  view: Snapshot = everythingUp,
): TutorState {
  const entered = tutorState([{ type: 'lesson-asked', lesson: '01-cable', step }], view);
  const arrived = { ...entered, work: { underway: [], waiting: [], nextId: 100 } };
  return after(arrived, messages);
}

/** The state after messages; what the tutor wants of the world is left undone. */
export function after(state: TutorState, messages: readonly Message[]): TutorState {
  return messages.reduce((now, message) => update(now, message).state, state);
}

/** A store over the pure tutor alone: messages change the state in a microtask as in the real one, effects go nowhere. */
export function storeOf(first: TutorState): Store & { readonly sent: Message[] } {
  let state = first;
  const listeners = new Set<() => void>();
  const sent: Message[] = [];
  return {
    sent,
    getState: () => state,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: message => {
      sent.push(message);
      queueMicrotask(() => {
        state = update(state, message).state;
        for (const listener of [...listeners]) listener();
      });
    },
    done: new Promise(() => {}),
  };
}
