import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../lab/event.ts';
import { everythingUp } from '../test-support/snapshots.ts';
import { answerOf } from './answer.ts';
import type { Prediction } from './lesson.ts';

const noticedAfter = (milliseconds: number): LabEvent[] => [
  { id: 1, at: 5000, type: 'fault-injected', fault: { kind: 'node-stopped', node: 'LEAF-DC-1' } },
  { id: 2, at: 5000 + milliseconds, type: 'port-went-down', node: 'SPINE-DC-1', port: 'ethernet-1/1' },
];

const howSoon: Prediction = {
  id: '08/a/1',
  question: 'How soon?',
  answer: {
    kind: 'choice',
    measurement: { measure: 'detection' },
    choices: [
      { text: 'at once', when: { type: 'range', to: 50 } },
      { text: 'later', when: { type: 'range', from: 51, to: 2000 } },
    ],
  },
};

describe('the answer of the lab to a prediction', () => {
  it('is the first choice whose range holds the measured number, rounded to a whole one', () => {
    expect(answer(howSoon, noticedAfter(0))).toEqual({
      kind: 'choice',
      choice: 0,
      text: 'at once',
      value: 0,
    });
    expect(answer(howSoon, noticedAfter(50.4))).toMatchObject({ choice: 0, value: 50 });
    expect(answer(howSoon, noticedAfter(50.6))).toMatchObject({ choice: 1, value: 51 });
  });

  it('is unknown when nothing was measured or no choice is right', () => {
    expect(answer(howSoon, [])).toBeUndefined();
    expect(answer(howSoon, noticedAfter(5000))).toBeUndefined();
  });

  it('is the choice whose probe holds', () => {
    const broken: Prediction = {
      id: '00/a/1',
      question: 'What is broken?',
      answer: {
        kind: 'choice',
        choices: [
          { text: 'something', when: { type: 'probe', probe: { probe: 'fault.none', absent: true } } },
          { text: 'nothing', when: { type: 'probe', probe: { probe: 'fault.none' } } },
        ],
      },
    };
    expect(answer(broken, [])).toEqual({ kind: 'choice', choice: 1, text: 'nothing' });
  });

  it('is a number with its unit', () => {
    const number: Prediction = {
      id: '08/a/2',
      question: 'How soon?',
      answer: { kind: 'number', unit: 'ms', measurement: { measure: 'detection' } },
    };
    expect(answer(number, noticedAfter(899.6))).toEqual({ kind: 'number', value: 900, unit: 'ms' });
  });
});

function answer(prediction: Prediction, events: readonly LabEvent[]) {
  return answerOf(prediction, { before: everythingUp, now: everythingUp, events });
}
