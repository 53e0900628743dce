import { describe, expect, it } from 'vitest';
import { everythingUp, nothingBuilt } from '../../test-support/snapshots.ts';
import { after, inLesson } from '../../test-support/tutor-states.ts';
import type { TutorState } from '../../tutor/state.ts';
import { lineText } from '../cells/line.ts';
import { lessonText } from './lesson-lines.ts';

function shown(state: TutorState, width = 44): string[] {
  return lessonText(state, width).lines.map(of => lineText(of).trimEnd());
}

describe('a step as the learner reads it', () => {
  it('says what Enter does, what is looked at, and which help there is', () => {
    expect(shown(inLesson(0, [], nothingBuilt))).toEqual([
      'Two boxes and a cable.',
      '',
      'Build it',
      '',
      'First the network.',
      '',
      '▸ build network: Docker network',
      '  Enter build it',
      '',
      '… looking at the lab',
      '',
      'h hint 1 of 2   s do it for me   K skip',
    ]);
  });

  it('opens one hint after the other', () => {
    const text = shown(inLesson(0, [{ type: 'hint-asked' }], nothingBuilt));
    expect(text).toContain('? Press Enter.');
    expect(text).not.toContain('? Really, press Enter.');
    expect(text.at(-1)).toBe('h hint 2 of 2   s do it for me   K skip');
  });

  it('shows what a probe expects and what it sees instead, its hint once time is over', () => {
    const state = inLesson(0, [], nothingBuilt);
    const verdicts = [{ holds: false, expected: 'stage network is done', observed: 'waiting' }];
    const check = { since: 0, verdicts, passed: false, overdue: true };
    const overdue = { ...state, ...(state.lesson !== undefined && { lesson: { ...state.lesson, check } }) };
    expect(shown(overdue).slice(9, 12)).toEqual([
      '✘ stage network is done',
      '    now: waiting',
      '    ? Build the stage network.',
    ]);
  });

  it('asks for a number and shows the cursor where it goes', () => {
    const asked = inLesson(2, [{ type: 'answer-edited', input: { text: '40', cursor: 2 } }]);
    expect(shown(asked).slice(2, 6)).toEqual([
      '? How many requests are lost?',
      '  = 40  requests',
      '  0–9 type a number',
      '  Enter that is my answer',
    ]);
  });

  it('keeps an answer beside what is measured later', () => {
    const answered = inLesson(2, [
      { type: 'answer-edited', input: { text: '40', cursor: 2 } },
      { type: 'do-asked' },
    ]);
    expect(shown(answered).slice(2, 5)).toEqual([
      '? How many requests are lost?',
      '  you said: 40 requests',
      '  … not measured yet',
    ]);
  });

  it('offers to do only what there is to do', () => {
    expect(shown(inLesson(1)).at(-1)).toBe('s do it for me   K skip');
    const asksOnly = withoutBlocks(inLesson(2), ['break', 'check', 'hint']);
    expect(shown(asksOnly).at(-1)).toBe('K skip');
  });

  it('lets the learner type a command in its place', () => {
    const typing = inLesson(1, [
      { type: 'typing-asked' },
      { type: 'typing-edited', input: { text: 'echo', cursor: 4 } },
    ]);
    expect(shown(typing).slice(2, 5)).toEqual(['▸ echo hello', '  $ echo', '  Enter run   Esc leave it']);
  });

  it('shows what a command printed below it, unless a shell pane beside shows it', () => {
    const ran = after(inLesson(1, [{ type: 'do-asked' }], everythingUp), [
      { type: 'output-arrived', work: 100, chunk: { stream: 'stdout', text: 'hello\n' } },
    ]);
    expect(shown(ran).slice(2, 4)).toEqual(['◐ echo hello', '  │ hello']);
    const beside = { ...ran, layout: { ...ran.layout, shown: ['shell' as const] } };
    expect(lessonText(beside, 44, true).lines.map(lineText)).not.toContain('  │ hello');
  });

  it('marks the lines of what Enter acts on, to keep them in sight', () => {
    const { current } = lessonText(inLesson(0, [], nothingBuilt), 44);
    expect(current).toEqual({ from: 6, to: 8 });
  });
});

function withoutBlocks(state: TutorState, types: readonly string[]): TutorState {
  const lessons = state.course.lessons.map(lesson => ({
    ...lesson,
    steps: lesson.steps.map(step => ({
      ...step,
      blocks: step.blocks.filter(block => !types.includes(block.type)),
    })),
  }));
  return { ...state, course: { ...state.course, lessons } };
}
