import { expect, it } from 'vitest';
import { inLesson } from '../../test-support/tutor-states.ts';
import type { KeptPrediction } from '../../tutor/progress.ts';
import type { TutorState } from '../../tutor/state.ts';
import { lineText } from '../cells/line.ts';
import { finishedLines } from './finished-lines.ts';

it.each([
  [{ answer: '40', measured: '40 requests', right: undefined }, '✔'],
  [{ answer: '40', measured: '43 requests', right: undefined }, '·'],
  [{ answer: '40', measured: undefined, right: undefined }, '·'],
  [{ answer: 'a', measured: 'b', right: false }, '✘'],
])('a prediction %j is marked %s', ({ answer, measured, right }, mark) => {
  const kept = { answer, ...(measured !== undefined && { measured }), ...(right !== undefined && { right }) };
  const lines = finishedLines(finished(kept), { columns: 80, rows: 24 }).map(lineText);
  expect(lines.find(text => text.includes('How many requests'))?.trim()).toBe(
    `${mark} How many requests are lost?`,
  );
});

function finished(kept: KeptPrediction): TutorState {
  const state = inLesson(2);
  const [lesson] = state.course.lessons;
  const step = lesson?.steps[2];
  const block = step?.blocks.find(each => each.type === 'predict');
  if (lesson === undefined || step === undefined || block === undefined) throw new Error('no prediction');
  const progress = { done: [], hints: 0, solved: false, predictions: { [block.id]: kept } };
  return {
    ...state,
    screen: { name: 'finished', lesson: lesson.id },
    progress: {
      ...state.progress,
      lessons: { [lesson.id]: { at: step.id, finished: true, steps: { [step.id]: progress } } },
    },
  };
}
