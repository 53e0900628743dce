import { describe, expect, it } from 'vitest';
import type { Course } from '../../course/lesson.ts';
import { vocabularyOf } from '../../course/vocabulary.ts';
import { readCourseFrom } from '../../effects/lesson-files.ts';
import { labOfTheTalk } from '../../test-support/lab-of-the-talk.ts';
import { repository } from '../../test-support/program.ts';
import { tutorState, after as when } from '../../test-support/tutor-states.ts';
import type { Message } from '../../tutor/message.ts';
import { asksForNumber } from '../../tutor/slide-block.ts';
import { slidesOf } from '../../tutor/slides.ts';
import type { TutorState } from '../../tutor/state.ts';
import { update } from '../../tutor/update.ts';
import { lineText, lineWidth } from '../cells/line.ts';
import { slideLines } from '../screens/presenter/slide-lines.ts';
import { commandOfKey } from './key-command.ts';
import { keymap } from './keymap.ts';

const { course } = readCourseFrom(`${repository}/lessons`, vocabularyOf(labOfTheTalk));
const size = { columns: 120, rows: 36 };

function presenting(lessons: Course = course): TutorState {
  const started = when({ ...tutorState(), course: lessons }, [{ type: 'presenter-started' }]);
  return { ...started, work: { underway: [], waiting: [], nextId: 100 } };
}

function press(state: TutorState, key: string) {
  const command = commandOfKey(key, { state, size });
  const messages = command === undefined ? [] : 'type' in command ? [command] : command;
  let next = state;
  const jobs: unknown[] = [];
  for (const message of messages) {
    if (message.type === 'redraw' || message.type === 'toggle-mouse') continue;
    const updated = update(next, message as Message);
    next = updated.state;
    jobs.push(...updated.effects.filter(effect => effect.type === 'start-work' || effect.type === 'quit'));
  }
  return { state: next, jobs };
}

/** The first slide of the course that asks the room for a number. */
function numberQuestion(): TutorState {
  for (const lesson of course.lessons)
    for (const slide of slidesOf(lesson).keys()) {
      const state = when(presenting(), [{ type: 'slide-chosen', lesson: lesson.id, slide }]);
      if (asksForNumber(state)) return state;
    }
  throw new Error('no lesson asks for a number');
}

const all = [...new Set(keymap.flatMap(row => row.keys))];

describe('a key on stage', () => {
  it('never changes the lab while it is not armed, on any slide of any lesson', () => {
    for (const lesson of course.lessons) {
      for (const slide of slidesOf(lesson).keys()) {
        const state = when(presenting(), [{ type: 'slide-chosen', lesson: lesson.id, slide }]);
        for (const key of all)
          expect([lesson.id, slide, key, press(state, key).jobs]).toEqual([lesson.id, slide, key, []]);
      }
    }
  });

  it('never changes the lab while panes, overview, black screen or menu are up either', () => {
    const ups: Message[][] = [
      [{ type: 'view-asked', view: 'beside' }],
      [{ type: 'view-asked', view: 'pane' }, { type: 'spotlight-asked' }],
      [{ type: 'overview-asked' }],
      [{ type: 'black-asked' }],
      [{ type: 'overlay-asked', overlay: { name: 'palette', input: { text: '', cursor: 0 }, cursor: 0 } }],
      [{ type: 'overlay-asked', overlay: { name: 'help', scroll: 0 } }],
    ];
    for (const messages of ups) {
      const state = when(presenting(), messages);
      for (const key of all) {
        const once = press(state, key);
        expect([key, once.jobs]).toEqual([key, []]);
        if (key === 'a') continue;
        for (const second of ['enter', 'x', 'b', 'u', 's', 'K', 'pagedown'])
          if (once.state.overlay.name !== 'confirm')
            expect([key, second, press(once.state, second).jobs]).toEqual([key, second, []]);
      }
    }
  });

  it('jumps by number', () => {
    const state = ['1', '2', 'enter'].reduce((now, key) => press(now, key).state, presenting());
    expect(state.presenter?.slide).toBe(11);
  });

  it('types the room’s number into a question that asks for one, and Enter keeps it', () => {
    const asked = numberQuestion();
    const typed = ['4', '2', '7', 'backspace', ',', '5'].reduce((now, key) => press(now, key).state, asked);
    expect(typed.presenter?.slide).toBe(asked.presenter?.slide);
    const slide = slideLines(typed, { width: 80, height: 23, unicode: true });
    expect(slide.map(lineText).join('\n')).toContain('= 42,5');
    const kept = press(typed, 'enter').state;
    const predictions = Object.values(kept.progress.lessons[kept.lesson?.id ?? '']?.steps ?? {}).flatMap(
      step => Object.values(step.predictions),
    );
    expect(predictions).toEqual([{ answer: '42.5' }]);
  });

  it('goes on from a question for a number that nobody answered, and forgets what was half typed', () => {
    const asked = numberQuestion();
    expect(press(asked, 'enter').state.presenter?.slide).toBe((asked.presenter?.slide ?? 0) + 1);
    const left = ['4', 'pagedown', 'pageup'].reduce((now, key) => press(now, key).state, asked);
    expect(left.lesson?.answer.input.text).toBe('');
  });

  it('leaves a clicker its full stop for the black screen where a number could be typed', () => {
    expect(press(numberQuestion(), '.').state.presenter?.black).toBe(true);
  });

  it('moves a spotlight row by row', () => {
    const shown = ['f', 'down', 'down'].reduce((now, key) => press(now, key).state, presenting());
    expect(shown.presenter).toMatchObject({ spotlight: true, view: 'beside' });
    expect(shown.layout.panes.topology?.selected).toBe('SPINE-DC-2');
  });
});

describe('every slide of the lessons', () => {
  it.each([
    [80, 23],
    [120, 35],
    [160, 44],
  ])('fits %i×%i without loss', (width, height) => {
    const tooTall: string[] = [];
    for (const lesson of course.lessons) {
      for (const slide of slidesOf(lesson).keys()) {
        const state = when(presenting(), [{ type: 'slide-chosen', lesson: lesson.id, slide }]);
        const lines = slideLines(state, { width, height, unicode: true });
        if (lines.length > height) tooTall.push(`${lesson.id} ${slide + 1}: ${lines.length} rows`);
        for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
      }
    }
    expect(tooTall).toEqual([]);
  });
});
