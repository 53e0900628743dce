import { slideText } from '../../../tutor/notes-model.ts';
import { slidesOf } from '../../../tutor/slides.ts';
import type { TutorState } from '../../../tutor/state.ts';
import { blank, clipLine, fitLine, type Line, line, span, spread } from '../../cells/line.ts';
import { clipText } from '../../cells/text.ts';
import { wrapLine } from '../../cells/wrap.ts';
import { windowAround } from '../../panes/window.ts';
import { overviewGrid } from './overview-grid.ts';

const cardRows = 3;

/** All slides of a lesson as cards: number, title, how the text begins. The one that is on is marked. */
export function overviewLines(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): Line[] {
  const overview = state.presenter?.overview;
  const lesson = state.course.lessons[overview?.lesson ?? -1];
  if (overview === undefined || lesson === undefined) return [];
  const { columns, card } = overviewGrid(size.columns);
  const slides = slidesOf(lesson);
  const on = state.lesson?.id === lesson.id ? state.presenter?.slide : undefined;
  const head = spread(
    line(' ', span(`${lesson.id.match(/^\d+/)?.[0] ?? ''} ${lesson.title}`, 'title')),
    line(span(`lesson ${overview.lesson + 1} of ${state.course.lessons.length} `, 'dim')),
    size.columns,
  );
  const rowCount = Math.ceil(slides.length / columns);
  const room = Math.max(1, Math.floor((size.rows - 3) / (cardRows + 1)));
  const from = windowAround(Math.floor(overview.cursor / columns), rowCount, room);
  const lines: Line[] = [head, blank];
  for (let row = from; row < Math.min(rowCount, from + room); row++) {
    const cards = slides.slice(row * columns, (row + 1) * columns).map((slide, index) => {
      const at = row * columns + index;
      const chosen = at === overview.cursor;
      const words = slideText(lesson, slide)
        .replace(/[*`#|\n]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      return cardLines(
        {
          head: line(
            span(`${at + 1} `.padStart(4), chosen ? 'accent' : 'dim'),
            span(clipText(slide.title, card - 8), chosen ? 'chosen' : 'strong'),
            at === on ? span(' ●', 'up') : '',
          ),
          words,
          chosen,
        },
        card - 1,
      );
    });
    for (let part = 0; part < cardRows; part++)
      lines.push(line(' ', ...cards.map(of => line(fitLine(of[part] ?? [], card - 1), ' '))));
    lines.push(blank);
  }
  return lines;
}

function cardLines(
  of: { readonly head: Line; readonly words: string; readonly chosen: boolean },
  width: number,
): Line[] {
  const edge = span(of.chosen ? '▌' : '│', of.chosen ? 'accent' : 'border');
  const [first, second = [], ...more] = wrapLine(line(span(of.words, 'dim')), width - 6);
  const last = more.length > 0 ? clipLine(line(second, span(' …', 'dim')), width - 6) : second;
  return [line(edge, of.head), line(edge, '    ', first ?? []), line(edge, '    ', last)];
}
