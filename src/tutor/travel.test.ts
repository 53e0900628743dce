import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../lab/event.ts';
import { inLesson } from '../test-support/tutor-states.ts';
import type { TutorState } from './state.ts';
import { update } from './update.ts';

const events: readonly LabEvent[] = [1, 2, 3].map(id => ({
  id,
  at: id * 100,
  type: 'link-went-down',
  link: `link ${id}`,
}));

describe('time travel', () => {
  it('stops lab time and asks the engine to go back', () => {
    const { state, effects } = update(travelling(), { type: 'travel-asked', event: 2 });
    expect(state.clock?.mode).toBe('paused');
    expect(effects).toContainEqual({ type: 'travel', event: 2 });
  });

  it('leaves on the timeline what has happened then, and says what one may do', () => {
    const { state } = update(travelling(), {
      type: 'travelled',
      result: { outcome: 'done', event: 2, at: 200 },
    });
    expect(state.timeline.events.map(({ id }) => id)).toEqual([1, 2]);
    expect(state.notices.at(-1)?.text).toMatch(/replaces what came after/);
  });

  it('changes nothing when there is no way back, and says why', () => {
    const before = travelling();
    const { state } = update(before, {
      type: 'travelled',
      result: { outcome: 'refused', because: 'the lab was busy meanwhile' },
    });
    expect(state.timeline).toBe(before.timeline);
    expect(state.notices.at(-1)?.text).toBe('No way back: the lab was busy meanwhile.');
  });

  it('is not offered by a lab that cannot', () => {
    const { engine, ...rest } = travelling();
    const { travels: _, ...cannot } = engine;
    const { state, effects } = update({ ...rest, engine: cannot }, { type: 'travel-asked', event: 2 });
    expect(effects.some(effect => effect.type === 'travel')).toBe(false);
    expect(state.notices.at(-1)?.text).toMatch(/cannot go back/);
  });
});

function travelling(): TutorState {
  const state = inLesson();
  return {
    ...state,
    engine: { ...state.engine, travels: true },
    clock: { mode: 'running', speed: 1 },
    timeline: { events },
  };
}
