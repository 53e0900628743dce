import { expect, it } from 'vitest';
import { smallCourse } from '../test-support/small-course.ts';
import { type Handout, handoutHtml, handoutMarkdown } from './handout.ts';
import type { Lesson, Step } from './lesson.ts';

const step: Step = {
  id: 'look',
  title: 'Look',
  line: 1,
  blocks: [
    { line: 2, type: 'prose', markdown: 'See <script>alert(1)</script> and [there](javascript:alert(1)).' },
    { line: 3, type: 'run', commandLine: 'docker ps', on: 'LEAF-DC-1' },
    {
      line: 4,
      type: 'predict',
      id: 'x/look/1',
      question: 'How many?',
      answer: { kind: 'choice', choices: [{ text: 'one', when: { type: 'range' } }] },
    },
    { line: 5, type: 'hint', level: 1, markdown: 'not for the handout' },
  ],
};
const lesson: Lesson = {
  id: 'x',
  title: 'Lesson',
  minutes: 5,
  stages: [],
  file: 'x.md',
  introduction: [],
  steps: [step],
};
const handout: Handout = {
  title: 'Title',
  origin: 'the embedded lab, seed 1',
  lessons: [
    {
      lesson,
      steps: new Map([
        [
          'look',
          {
            outcome: 'passed',
            outputs: [{ commandLine: 'docker ps', text: 'a ``` fence\n', exitCode: 1 }],
            predictions: [{ question: 'How many?', answer: 'one', measured: '2 containers' }],
            seen: [{ expected: 'two run', observed: '2', holds: true }],
          },
        ],
      ]),
    },
  ],
};

it('a handout holds text, outputs, predictions beside measurements, and what the checks saw', () => {
  expect(handoutMarkdown(handout).split('\n\n')).toEqual([
    '# Title',
    'Outputs and measurements: the embedded lab, seed 1.',
    '## Lesson',
    '### Look (passed)',
    'See <script>alert(1)</script> and [there](javascript:alert(1)).',
    'Typed on LEAF-DC-1:',
    '````\n$ docker ps\na ``` fence\n(exit code 1)\n````',
    '> How many?  \n> predicted: **one**, measured: **2 containers**',
    '- one',
    '- ✔ two run — 2\n',
  ]);
});

it('as HTML it needs nothing else, and nothing in a lesson becomes code of the page', () => {
  const html = handoutHtml(handout);
  expect(html).not.toMatch(/<script|javascript:|src=|@import|url\(/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('<strong>2 containers</strong>');
});

it('every lesson of a course can be taken home without having been played', () => {
  const lessons = smallCourse.lessons.map(one => ({ lesson: one, steps: new Map() }));
  expect(handoutMarkdown({ title: 'T', origin: 'nothing', lessons })).toContain('### Build it');
});
