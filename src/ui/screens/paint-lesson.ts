import type { Surface } from '../../renderer/surface.ts';
import type { TutorState } from '../../tutor/state.ts';
import { type Line, line, span } from '../cells/line.ts';
import { paintFrame, paintLine } from '../cells/paint.ts';
import type { LessonText } from '../lesson/lesson-lines.ts';
import { lessonText } from '../lesson/lesson-lines.ts';
import type { Theme } from '../theme.ts';
import { lessonTextWidth } from './lesson-window.ts';

/** The step's text in its frame; how much there is above and below is said in the border. */
export function paintLesson(
  surface: Surface,
  theme: Theme,
  state: TutorState,
  frame: { readonly focused: boolean; readonly tabs?: Line },
  cache: LessonCache,
): void {
  const text = cache.of(state, lessonTextWidth(surface.width), frame.tabs === undefined);
  const room = surface.height - 2;
  const last = Math.max(0, text.lines.length - room);
  const from = Math.min(state.lesson?.scroll ?? 0, last);
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
