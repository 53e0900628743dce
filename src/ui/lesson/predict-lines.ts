import type { Prediction, Step } from '../../course/lesson.ts';
import { quantityText } from '../../lab/measurement.ts';
import { type KeptPrediction, stepProgress } from '../../tutor/progress.ts';
import { noAnswer, type TutorState } from '../../tutor/state.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { inputLine } from '../cells/input-line.ts';
import { type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';

/** A question asked before the lab answers it; afterwards the learner's answer beside the measured one. */
export function predictLines(
  state: TutorState,
  step: Step,
  prediction: Prediction,
  index: number,
  width: number,
): Line[] {
  const kept = stepProgress(state.progress, state.lesson?.id ?? '', step.id).predictions[prediction.id];
  const question = wrapLine(line(span(prediction.question, 'strong')), width - 2).map((of, row) =>
    line(span(row === 0 ? '? ' : '  ', 'accent'), of),
  );
  const indented = (of: Line) => wrapLine(of, width - 2).map(each => line('  ', each));
  const keys = (how: Line) =>
    flowEntries([how, line(span('Enter', 'key'), ' that is my answer')], width - 2, line('   ')).map(of =>
      line('  ', of),
    );
  if (kept !== undefined) {
    const right = isRight(kept, prediction);
    const measured: Line =
      kept.measured === undefined
        ? line(span('… not measured yet', 'pending'))
        : line(
            right === undefined ? '' : right ? span('✔ ', 'up') : span('✘ ', 'down'),
            span('measured: ', 'dim'),
            span(kept.measured, 'strong'),
          );
    return [
      ...question,
      ...indented(line(span('you said: ', 'dim'), answerText(kept, prediction))),
      ...indented(measured),
    ];
  }
  const isCurrent = state.lesson?.current === index;
  if (!isCurrent) return question;
  const given = state.lesson?.answer ?? noAnswer;
  if (prediction.answer.kind === 'number') {
    const { unit } = prediction.answer;
    return [
      ...question,
      line('  ', inputLine(given.input, { prompt: '= ', width: 12, hint: '' }), span(` ${unit}`, 'dim')),
      ...keys(line(span('0–9', 'key'), ' type a number')),
    ];
  }
  const choices = prediction.answer.choices.flatMap((choice, at) => {
    const chosen = at === given.choice;
    return wrapLine(line(span(choice.text, chosen ? 'chosen' : 'plain')), width - 5).map((of, row) =>
      line('  ', row === 0 ? span(chosen ? '● ' : '○ ', chosen ? 'chosen' : 'dim') : '  ', of),
    );
  });
  return [...question, ...choices, ...keys(line(span('↑ ↓', 'key'), ' choose'))];
}

/** Undefined where nothing was measured, or where a number was near: how near is near is a matter of taste. */
export function isRight(kept: KeptPrediction, { answer }: Pick<Prediction, 'answer'>): boolean | undefined {
  return kept.right ?? (kept.measured === answerText(kept, { answer }) ? true : undefined);
}

/** What was said, with the unit that was asked for. */
export function answerText(kept: KeptPrediction, { answer }: Pick<Prediction, 'answer'>): string {
  return answer.kind === 'number' ? quantityText(kept.answer, answer.unit) : kept.answer;
}
