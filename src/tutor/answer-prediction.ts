import type { Prediction } from '../course/lesson.ts';
import { blockDone } from './block-done.ts';
import { giveNotice } from './give-notice.ts';
import { keepStep } from './keep-progress.ts';
import { noAnswer, type TutorState } from './state.ts';
import { andThen, to, type Updated } from './updated.ts';

/** Keeps what the learner says will happen, and the lab as it is now to measure against. */
export function answerPrediction(state: TutorState, prediction: Prediction, block: number): Updated {
  const { lesson } = state;
  if (lesson === undefined) return to(state);
  const answer = answerText(state, prediction);
  if (answer === undefined) return giveNotice(state, 'info', 'A number first, please: what do you expect?');
  const kept = keepStep(state, step => ({
    ...step,
    predictions: { ...step.predictions, [prediction.id]: { answer } },
  }));
  const newest = state.timeline.events.at(-1)?.id ?? 0;
  const before =
    state.view === undefined
      ? lesson.before
      : { ...lesson.before, [prediction.id]: { snapshot: state.view, event: newest } };
  return andThen(to({ ...kept, lesson: { ...lesson, answer: noAnswer, before } }), next =>
    to(blockDone(next, block)),
  );
}

function answerText(state: TutorState, { answer }: Prediction): string | undefined {
  const given = state.lesson?.answer ?? noAnswer;
  if (answer.kind === 'choice') return answer.choices[given.choice]?.text;
  const text = given.input.text.trim().replace(',', '.');
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? undefined : String(number);
}
