import type { TutorState } from '../../tutor/state.ts';
import { type LessonText, lessonText } from '../lesson/lesson-lines.ts';
import { lessonLayout } from './lesson-layout.ts';

/** The part of the step's text that is in sight. */
export type LessonWindow = {
  readonly text: LessonText;
  readonly width: number;
  readonly room: number;
  /** First line shown, in range. */
  readonly from: number;
};

/** Undefined when the screen does not show the lesson now. */
export function lessonWindow(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): LessonWindow | undefined {
  const layout = lessonLayout(state.layout, size);
  if (layout.kind === 'too-small' || (layout.kind === 'tabs' && layout.shown !== 'lesson')) return undefined;
  const width = lessonTextWidth(layout.kind === 'columns' ? layout.lessonWidth : size.columns);
  const room = layout.height - 2;
  const text = lessonText(state, width, layout.kind === 'columns');
  const last = Math.max(0, text.lines.length - room);
  return { text, width, room, from: Math.min(state.lesson?.scroll ?? 0, last) };
}

/** Borders and a blank at either side; lines longer than this are tiring to read. */
export function lessonTextWidth(columns: number): number {
  return Math.min(92, columns - 4);
}
