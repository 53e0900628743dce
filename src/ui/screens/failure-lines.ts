import { formatFileError } from '../../lab/lab-error.ts';
import type { Failure } from '../../tutor/screen.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, clipLine, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { amountText } from '../wording/amount.ts';

/** What went wrong, for the one who can do something about it, and what to do next. */
export function failureLines(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): Line[] {
  if (state.screen.name !== 'failure') return [];
  const width = Math.min(size.columns - 4, 100);
  const margin = ' '.repeat(Math.floor((size.columns - width) / 2));
  return [blank, ...linesFor(state.screen.failure, width, size.rows - 3)].map(of => line(margin, of));
}

function linesFor(failure: Failure, width: number, rows: number): Line[] {
  switch (failure.reader) {
    case 'author':
      return [
        line(
          span('✘ ', 'down'),
          span(`${amountText(failure.errors.length, 'mistake')} in the files`, 'title'),
        ),
        line(span('This screen goes away by itself once they are mended.', 'dim')),
        ...mistakesThatFit(failure, width, rows - 4),
      ];
    case 'learner':
      return [
        line(span('✘ ', 'down'), span(failure.title, 'title')),
        blank,
        ...failure.because.split('\n').flatMap(text => wrapLine(line(text), width)),
        blank,
        ...(failure.nextSteps.length === 0 ? [] : [line(span('What you can do', 'strong'))]),
        ...failure.nextSteps.flatMap(step =>
          wrapLine(line(step), width - 2).map((of, row) => line(row === 0 ? span('▸ ', 'accent') : '  ', of)),
        ),
      ];
    case 'bug':
      return [
        line(span('✘ ', 'down'), span('This is a mistake of ours', 'title')),
        blank,
        ...wrapLine(line(failure.message), width),
        blank,
        ...wrapLine(
          line(
            'Your progress is safe. Esc goes back; if it happens again, y copies a report for an issue at the project’s page.',
          ),
          width,
        ),
        blank,
        ...(failure.stack ?? '')
          .split('\n')
          .slice(0, 8)
          .flatMap(text => wrapLine(line(span(text.trim(), 'dim')), width)),
      ];
  }
}

/** Mistakes with their excerpts, whole ones only; what does not fit is counted. */
function mistakesThatFit(
  failure: Failure & { readonly reader: 'author' },
  width: number,
  rows: number,
): Line[] {
  const lines: Line[] = [];
  for (const [index, error] of failure.errors.entries()) {
    const next = mistakeLines(formatFileError(error, failure.texts.get(error.file)), width);
    if (lines.length + next.length + 3 > rows && index > 0)
      return [
        ...lines,
        blank,
        line(span(`… and ${amountText(failure.errors.length - index, 'more', 'more')}`, 'dim')),
      ];
    lines.push(blank, ...next);
  }
  return lines;
}

function mistakeLines(formatted: string, width: number): Line[] {
  return formatted.split('\n').flatMap((text, row) => {
    if (row === 0) return wrapLine(line(span(text, 'strong')), width);
    if (text.trimStart().startsWith('expected:')) return wrapLine(line(text), width);
    return [clipLine(line(span(text, text.trim() === '^' ? 'down' : 'code')), width)];
  });
}
