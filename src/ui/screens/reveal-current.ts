import type { Message } from '../../tutor/message.ts';
import type { TutorState } from '../../tutor/state.ts';
import { lessonWindow } from './lesson-window.ts';

/** The scrolling that brings what Enter does next into sight; undefined when it is in sight already. */
export function revealMessage(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): Message | undefined {
  if (state.screen.name !== 'lesson') return undefined;
  const window = lessonWindow(state, size);
  const current = window?.text.current;
  if (window === undefined || current === undefined) return undefined;
  const { from, room } = window;
  if (current.from >= from && current.to <= from + room) return undefined;
  // A new step is read from its top: only blocks within reach of one page are brought in.
  if (from === 0 && current.to > room && state.lesson?.scroll === 0 && isFirst(state)) return undefined;
  return { type: 'lesson-scrolled', to: Math.max(0, Math.min(current.from - 1, current.to - room)) };
}

/** Nothing of the step was done yet: the learner is about to read it. */
function isFirst(state: TutorState): boolean {
  const step = state.progress.lessons[state.lesson?.id ?? '']?.steps;
  const id = state.course.lessons.find(lesson => lesson.id === state.lesson?.id)?.steps[
    state.lesson?.step ?? 0
  ]?.id;
  return (step?.[id ?? '']?.done.length ?? 0) === 0;
}
