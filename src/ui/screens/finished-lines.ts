import { blocksOf, type Lesson } from '../../course/lesson.ts';
import { stepProgress } from '../../tutor/progress.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { answerText, isRight } from '../lesson/predict-lines.ts';
import { amountText } from '../wording/amount.ts';

/** The end of a lesson: what was passed and skipped, and what the learner said next to what was measured. */
export function finishedLines(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): Line[] {
  if (state.screen.name !== 'finished') return [];
  const { screen } = state;
  const lesson = state.course.lessons.find(each => each.id === screen.lesson);
  if (lesson === undefined) return [];
  const width = Math.min(size.columns - 4, 88);
  const margin = ' '.repeat(Math.floor((size.columns - width) / 2));
  const outcomes = lesson.steps.map(step => stepProgress(state.progress, lesson.id, step.id).outcome);
  const passed = outcomes.filter(outcome => outcome === 'passed').length;
  const skipped = outcomes.filter(outcome => outcome === 'skipped').length;
  const at = state.course.lessons.indexOf(lesson);
  const next = state.course.lessons[at + 1];
  const lines: Line[] = [
    blank,
    line(span('✔ ', 'up'), span(lesson.title, 'title'), ' – done'),
    line(span(`${amountText(passed, 'step')} passed${skipped > 0 ? `, ${skipped} skipped` : ''}`, 'dim')),
    blank,
    ...predictionLines(state, lesson, width),
    ...(next === undefined
      ? [line('That was the last lesson. The lab stays yours: break it as you like.')]
      : [line(span('Next: ', 'dim'), span(next.title, 'strong'), span(`  ${next.minutes} min`, 'dim'))]),
    blank,
    line(
      span('Enter', 'key'),
      next === undefined ? ' all lessons' : ' go on',
      '    ',
      span('Esc', 'key'),
      ' all lessons',
    ),
  ];
  return lines.map(of => line(margin, of));
}

function predictionLines(state: TutorState, lesson: Lesson, width: number): Line[] {
  const rows = lesson.steps.flatMap(step => {
    const kept = stepProgress(state.progress, lesson.id, step.id).predictions;
    return blocksOf(step, 'predict').flatMap(block => {
      const said = kept[block.id];
      return said === undefined ? [] : [{ block, said }];
    });
  });
  if (rows.length === 0) return [];
  return [
    line(span('What you predicted', 'strong')),
    blank,
    ...rows.flatMap(({ block, said }): Line[] => {
      const right = isRight(said, block);
      const mark = right === undefined ? span('· ', 'dim') : right ? span('✔ ', 'up') : span('✘ ', 'down');
      return [
        ...wrapLine(line(block.question), width - 2).map((of, row) => line(row === 0 ? mark : '  ', of)),
        line(
          '  ',
          span('you said ', 'dim'),
          answerText(said, block),
          span('   measured ', 'dim'),
          span(said.measured ?? 'nothing', 'strong'),
        ),
        blank,
      ];
    }),
  ];
}
