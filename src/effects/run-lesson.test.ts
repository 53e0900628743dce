import { expect, it } from 'vitest';
import type { Lesson } from '../course/lesson.ts';
import { parseLesson } from '../course/parse-lesson.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import type { LabEngine } from '../lab/engine.ts';
import { createFakeEngine } from '../test-support/fake-engine.ts';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { smallCourse } from '../test-support/small-course.ts';
import { runLesson } from './run-lesson.ts';

it('a right lesson plays through: restored to its start, solved, checked, healed', async () => {
  const engine = createFakeEngine();
  const [lesson] = smallCourse.lessons;
  const report = await runLesson(engine, lesson ?? missing(), { now: () => 0 });
  expect(report.steps.map(step => [step.step, step.problems])).toEqual([
    ['build-it', []],
    ['say-hello', []],
    ['cut-it', []],
    ['mend-it', []],
  ]);
  expect(report.passed).toBe(true);
  expect(engine.asked).toEqual([
    'restore empty',
    'build network',
    'run echo hello',
    'break link-cut LEAF-DC-1:e1-1 SPINE-DC-1:e1-1',
    'heal all',
  ]);
  expect(report.steps[2]?.measured).toEqual([
    { question: 'How many requests are lost?', answer: '0 requests' },
  ]);
});

it('what real routers tell a moment after their tables have changed answers a prediction, too', async () => {
  const { clock: _, ...fake } = createFakeEngine();
  const engine: LabEngine = {
    ...fake,
    async perform(command) {
      if (command.type === 'restore') return { outcome: 'done' };
      const result = await fake.perform(command);
      if (command.type === 'break' && result.outcome === 'done')
        setTimeout(() => fake.tell({ type: 'port-went-down', node: 'LEAF-DC-1', port: 'ethernet-1/1' }), 100);
      return result;
    },
  };
  const fault = 'link-cut LEAF-DC-1 SPINE-DC-1';
  const lesson = check(`fault.active: {fault: ${fault}}`, 'break', fault, prediction);
  const report = await runLesson(engine, lesson);
  expect(report.steps.map(({ problems: found, measured }) => [found, measured])).toEqual([
    [[], [{ question: 'How soon?', answer: expect.stringMatching(/ms/) }]],
  ]);
});

const prediction = `\`\`\`predict
question: How soon?
kind: number
unit: ms
answer-from: {measure: detection}
\`\`\`

`;

it('a check that holds before anything was done is a mistake', async () => {
  expect(await problems(check('fault.none:', 'run', 'echo hello'))).toEqual([
    ['the check holds before anything was done'],
  ]);
});

it('a solution that does not lead to what is checked is a mistake, with what was seen', async () => {
  expect(await problems(check('stage.done: {stage: fabric}', 'stage', 'network'))).toEqual([
    [expect.stringMatching(/^expected: stage fabric is done; observed: /)],
  ]);
});

it('a command that nobody understands is a mistake', async () => {
  expect(await problems(check('stage.done: {stage: network}', 'run', 'frobnicate'))).toEqual([
    ['not understood: frobnicate: frobnicate: not known here', expect.stringMatching(/^expected: /)],
  ]);
});

it('healing what is not broken is a mistake', async () => {
  const [found] = await problems(check('stage.done: {stage: network}', 'heal', 'all'));
  expect(found?.[0]).toBe('refused: That is not broken.');
});

it('an interrupted run reports the steps it took, as not passed', async () => {
  const controller = new AbortController();
  const [lesson] = smallCourse.lessons;
  const report = await runLesson(createFakeEngine(), lesson ?? missing(), {
    stepDone: () => controller.abort(),
    signal: controller.signal,
  });
  expect([report.steps.length, report.passed]).toEqual([1, false]);
});

/** A lesson of one step with one live block. */
function check(probe: string, block: string, content: string, before = ''): Lesson {
  const text = `---
id: 01-one
title: One
minutes: 1
stages: []
---

# One

## Do it

${before}\`\`\`${block}
${content}
\`\`\`

\`\`\`check within=5s
- ${probe}
  hint: Do it.
\`\`\`
`;
  const parsed = parseLesson(text, 'lessons/01-one/lesson.md', vocabularyOf(labOfTheTalk));
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.lesson;
}

async function problems(lesson: Lesson) {
  const report = await runLesson(createFakeEngine(), lesson);
  return report.steps.map(step => step.problems);
}

function missing(): never {
  throw new Error('no such lesson');
}
