import { describe, expect, it } from 'vitest';
import { tutorState, after as when } from '../test-support/tutor-states.ts';
import type { Message } from './message.ts';
import { armedLeft, currentSlide, talkTime } from './presenter.ts';
import type { TutorState } from './state.ts';
import { update } from './update.ts';

function onStage(messages: readonly Message[] = []): TutorState {
  const entered = when(tutorState(), [{ type: 'presenter-started', lesson: '01-cable' }]);
  return when({ ...entered, work: { underway: [], waiting: [], nextId: 100 } }, messages);
}

const next: Message = { type: 'slide-asked', to: 'next' };
const previous: Message = { type: 'slide-asked', to: 'previous' };
const arm: Message = { type: 'arm-asked' };
const enter: Message = { type: 'do-asked' };
const tick = (now: number): Message => ({ type: 'presenter-ticked', now });

function jobsOf(state: TutorState, message: Message) {
  return update(state, message).effects.flatMap(effect => (effect.type === 'start-work' ? [effect.job] : []));
}

describe('presenting', () => {
  it('opens the lesson at its title and brings the lab there', () => {
    const { state, effects } = update(tutorState(), { type: 'presenter-started', lesson: '01-cable' });
    expect(state.screen).toEqual({ name: 'presenter' });
    expect(currentSlide(state)?.title).toBe('A cable');
    expect(effects).toContainEqual({
      type: 'start-work',
      work: 1,
      job: { type: 'perform', command: { type: 'restore', stage: 'empty' } },
    });
  });

  it('goes through the slides and never touches the lab', () => {
    let state = onStage();
    const titles: (string | undefined)[] = [];
    for (let count = 0; count < 6; count++) {
      expect(jobsOf(state, next)).toEqual([]);
      state = when(state, [next]);
      titles.push(currentSlide(state)?.title);
    }
    expect(titles.slice(0, 5)).toEqual(['Build it', 'Say hello', 'Cut it', 'Cut it', 'Mend it']);
    expect(state.lesson?.id).not.toBe('01-cable');
    expect(currentSlide(when(state, [previous]))?.title).toBe('Mend it');
  });

  it('brings a black screen back before it goes on', () => {
    const black = onStage([{ type: 'black-asked' }]);
    expect(black.presenter?.black).toBe(true);
    const back = when(black, [next]);
    expect([back.presenter?.black, back.presenter?.slide]).toEqual([false, 0]);
  });

  it('jumps to any slide', () => {
    const state = onStage([{ type: 'slide-chosen', lesson: '01-cable', slide: 4 }]);
    expect([currentSlide(state)?.title, state.lesson?.step]).toEqual(['Cut it', 2]);
  });

  it('shows the slide chosen in the overview', () => {
    const state = onStage([
      { type: 'overview-asked' },
      { type: 'overview-moved', lesson: 0, cursor: 99 },
      enter,
    ]);
    expect(currentSlide(state)?.title).toBe('Mend it');
    expect(state.presenter?.overview).toBeUndefined();
  });

  it('brings the panes up when a spotlight is asked for', () => {
    expect(onStage([{ type: 'spotlight-asked' }]).presenter).toMatchObject({
      spotlight: true,
      view: 'beside',
    });
  });
});

describe('safety', () => {
  const atBreak: Message = { type: 'slide-chosen', lesson: '01-cable', slide: 4 };
  const cut = { kind: 'link-cut', link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1' } as const;

  it.each<Message>([
    enter,
    { type: 'break-asked', fault: cut },
    { type: 'heal-asked', fault: 'node-stopped LEAF-DC-1' },
    { type: 'build-asked', stage: 'network' },
    { type: 'traffic-asked', on: true },
    { type: 'solution-asked' },
    { type: 'skip-asked' },
    { type: 'goto-stage-asked', stage: 'empty' },
    { type: 'restart-lesson-asked' },
    { type: 'lab-for-slide-asked' },
  ])('%j waits for the armed state', message => {
    const safe = onStage([atBreak]);
    expect(jobsOf(safe, message)).toEqual([]);
    expect(update(safe, message).state.notices.at(-1)?.text).toBe(
      'Safe: this would change the lab. a arms the keys for 30 seconds.',
    );
    expect(jobsOf(when(safe, [arm]), message).length).toBeGreaterThan(0);
  });

  it('does what the slide shows, though the question before it was left to the room', () => {
    expect(jobsOf(onStage([atBreak, arm]), enter)).toEqual([
      { type: 'perform', command: { type: 'break', fault: cut } },
    ]);
  });

  it('is armed for 30 seconds', () => {
    const armed = onStage([tick(1_000), arm, tick(30_999)]);
    expect(armed.presenter && armedLeft(armed.presenter)).toBe(1);
    expect(when(armed, [tick(31_000)]).presenter?.armedUntil).toBeUndefined();
  });

  it('is safe again when a is pressed once more', () => {
    expect(jobsOf(onStage([atBreak, arm, arm]), enter)).toEqual([]);
  });
});

describe('the talk’s time', () => {
  it('counts for the step that is on', () => {
    const state = onStage([tick(5_000), next, next, tick(12_000)]);
    expect(state.presenter?.spent).toEqual({ '01-cable/build-it': 5_000, '01-cable/say-hello': 7_000 });
    expect(talkTime(state)).toEqual({
      elapsedMs: 12_000,
      stepSpentMs: 7_000,
      stepPlannedMs: 0,
      behindMs: 12_000,
    });
  });

  it('begins anew where it is asked to', () => {
    const state = onStage([tick(5_000), next, next, { type: 'timer-restarted' }, tick(6_000)]);
    expect(talkTime(state)).toMatchObject({ elapsedMs: 1_000, stepSpentMs: 1_000 });
    expect(state.presenter?.began).toEqual({ at: 5_000, lesson: '01-cable', step: 1 });
  });
});
