import type { Lesson } from '../../course/lesson.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, fitLine, type Line, line, span, spread } from '../cells/line.ts';
import { textWidth } from '../cells/text.ts';
import { markdownLines } from '../lesson/markdown-lines.ts';
import { windowAround } from '../panes/window.ts';

/** The lessons with their progress; on the right, where there is room, what the selected one is about. */
export function homeLines(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): Line[] {
  if (state.screen.name !== 'home') return [];
  const { cursor } = state.screen;
  const wide = size.columns >= 110;
  const width = Math.min(size.columns - 4, wide ? 132 : 92);
  const margin = ' '.repeat(Math.floor((size.columns - width) / 2));
  const listWidth = wide ? 62 : width;
  const head: Line[] = [
    blank,
    line(span('A data centre whose network is the load balancer', 'title')),
    line(span('Build it, watch it converge, break it. All of it runs inside this program.', 'dim')),
  ];
  const lessons = state.course.lessons;
  const under = !wide && size.rows >= 22;
  const selected = lessons[cursor];
  const about =
    selected === undefined
      ? []
      : aboutLines(state, selected, wide ? width - listWidth - 4 : width, size.rows - 8);
  const room = Math.max(3, size.rows - 2 - head.length - (under ? 10 : 2));
  const from = windowAround(cursor, lessons.length, room);
  const list = lessons
    .slice(from, from + room)
    .map((lesson, index) => lessonLine(state, lesson, from + index === cursor, listWidth));
  const below = lessons.length - from - list.length;
  const above = from > 0 ? line(span(`  ↑ ${from} above`, 'dim')) : blank;
  const more = below > 0 ? line(span(`  ↓ ${below} more`, 'dim')) : blank;
  if (lessons.length === 0)
    list.push(line(span('There are no lessons here. --lessons DIR names a folder with some.', 'dim')));
  list.push(more);
  const body: Line[] = wide
    ? Array.from({ length: Math.max(list.length, about.length) }, (_, row) =>
        line(fitLine(list[row] ?? [], listWidth), span('  │ ', 'border'), about[row] ?? []),
      )
    : under
      ? [...list, [span('─'.repeat(width), 'border')], ...about.slice(0, 7)]
      : list;
  return [...head, above, ...body].map(of => line(margin, of));
}

function lessonLine(state: TutorState, lesson: Lesson, selected: boolean, width: number): Line {
  const number = lesson.id.match(/^\d+/)?.[0] ?? '';
  const { mark, words } = standing(state, lesson);
  const left = line(
    selected ? span('▸ ', 'accent') : '  ',
    mark,
    span(` ${number.padStart(2)}  `, 'dim'),
    span(lesson.title, selected ? 'chosen' : 'plain'),
  );
  const minutes = `${lesson.minutes} min`.padStart(9);
  return spread(left, line('  ', words, span(minutes, 'dim')), width);
}

function standing(state: TutorState, lesson: Lesson): { readonly mark: Line; readonly words: Line } {
  const engines = lesson.engines;
  if (engines !== undefined && !engines.includes(state.engine.name))
    return {
      mark: line(span('–', 'dim')),
      words: line(span(`needs the ${engines.join(' or ')} lab`, 'dim')),
    };
  const progress = state.progress.lessons[lesson.id];
  if (progress === undefined) return { mark: line(span('○', 'dim')), words: line(span('not begun', 'dim')) };
  if (progress.finished) return { mark: line(span('✔', 'up')), words: line(span('done', 'up')) };
  const at = lesson.steps.findIndex(step => step.id === progress.at);
  return {
    mark: line(span('◐', 'pending')),
    words: line(span(`at step ${Math.max(0, at) + 1} of ${lesson.steps.length}`, 'pending')),
  };
}

function aboutLines(state: TutorState, lesson: Lesson, width: number, room: number): Line[] {
  const prose = lesson.introduction.find(block => block.type === 'prose');
  const text = prose?.type === 'prose' ? markdownLines(prose.markdown, width) : [];
  const progress = state.progress.lessons[lesson.id];
  const steps = lesson.steps.map((step, index): Line => {
    const outcome = progress?.steps[step.id]?.outcome;
    const here = progress !== undefined && !progress.finished && progress.at === step.id;
    const mark =
      outcome === 'passed'
        ? span('✔', 'up')
        : outcome === 'skipped'
          ? span('–', 'dim')
          : here
            ? span('▸', 'accent')
            : span('·', 'dim');
    return line(
      mark,
      span(` ${`${index + 1}`.padStart(textWidth(`${lesson.steps.length}`))} `, 'dim'),
      step.title,
    );
  });
  const stepsRoom = Math.min(steps.length, Math.max(0, room - 6));
  const textRoom = Math.max(3, room - stepsRoom - 2);
  return [
    ...text.slice(0, textRoom),
    ...(text.length > textRoom ? [line(span('…', 'dim'))] : []),
    blank,
    ...steps.slice(0, stepsRoom),
  ];
}
