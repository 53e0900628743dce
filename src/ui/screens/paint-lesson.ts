import type { Surface } from '../../renderer/surface.ts';
import type { TutorState } from '../../tutor/state.ts';
import { type Line, line, sameLine, span } from '../cells/line.ts';
import { paintFrame, paintLine } from '../cells/paint.ts';
import type { LessonText } from '../lesson/lesson-lines.ts';
import { lessonText } from '../lesson/lesson-lines.ts';
import type { Theme } from '../theme.ts';
import { lessonTextWidth } from './lesson-window.ts';

/** How the lesson stands on the screen. */
export type LessonFrame = {
  readonly focused: boolean;
  /** Instead of its own title: the tabs around it. */
  readonly tabs?: Line;
};

/** What is to be seen of the lesson. */
export type LessonLook = {
  readonly text: LessonText;
  readonly scroll: number;
  readonly frame: LessonFrame;
};

export function lookAtLesson(
  state: TutorState,
  frame: LessonFrame,
  width: number,
  cache: LessonCache,
): LessonLook {
  const text = cache.of(state, lessonTextWidth(width), frame.tabs === undefined);
  return { text, scroll: state.lesson?.scroll ?? 0, frame };
}

export function sameLesson(before: LessonLook, now: LessonLook): boolean {
  return (
    before.text === now.text &&
    before.scroll === now.scroll &&
    before.frame.focused === now.frame.focused &&
    sameLine(before.frame.tabs ?? [], now.frame.tabs ?? [])
  );
}

/** The step's text in its frame; how much there is above and below is said in the border. */
export function paintLesson(surface: Surface, theme: Theme, { text, scroll, frame }: LessonLook): void {
  const room = surface.height - 2;
  const last = Math.max(0, text.lines.length - room);
  const from = Math.min(scroll, last);
  const title = line(' ', span('1 ', 'dim'), span('Lesson', frame.focused ? 'title' : 'strong'), ' ');
  paintFrame(surface, theme, {
    title: frame.tabs ?? title,
    corner: from > 0 ? line(span(` ↑ ${from} above `, 'dim')) : [],
    foot: last - from > 0 ? line(span(` ↓ ${last - from} more `, 'accent')) : [],
    focused: frame.focused,
    above: 'none',
    bottom: true,
  });
  const inside = surface.inset(2, 1, surface.width - 4, room);
  for (const [index, of] of text.lines.slice(from, from + room).entries())
    paintLine(inside, theme, of, 0, index);
}

/** The step's lines, made again only when something they show has changed. */
export class LessonCache {
  private known:
    | {
        readonly state: TutorState;
        readonly width: number;
        readonly beside: boolean;
        readonly text: LessonText;
      }
    | undefined;

  of(state: TutorState, width: number, beside: boolean): LessonText {
    const known = this.known;
    const same = known?.width === width && known.beside === beside && sameSight(known.state, state);
    if (known !== undefined && same) return known.text;
    const text = lessonText(state, width, beside);
    this.known = { state, width, beside, text };
    return text;
  }
}

function sameSight(a: TutorState, b: TutorState): boolean {
  return (
    a.course === b.course &&
    a.lesson === b.lesson &&
    a.progress === b.progress &&
    a.work === b.work &&
    a.lab === b.lab &&
    a.shell.blocks === b.shell.blocks &&
    a.layout.shown === b.layout.shown &&
    a.layout.zoomed === b.layout.zoomed &&
    a.view?.stages === b.view?.stages
  );
}
