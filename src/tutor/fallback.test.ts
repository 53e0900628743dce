import { describe, expect, it } from 'vitest';
import { tutorState } from '../test-support/tutor-states.ts';
import { update } from './update.ts';

describe('a recording that stands by', () => {
  it('takes over at the stage that was reached, once', () => {
    const started = update(tutorState(), {
      type: 'presenter-started',
      lesson: '01-cable',
      fallback: true,
    }).state;
    const asked = update(started, { type: 'fallback-asked' });
    expect(asked.effects.at(-1)).toEqual({ type: 'fall-back', stage: 'clients' });
    expect(asked.state.presenter?.fallback).toBe('used');
    const again = update(asked.state, { type: 'fallback-asked' });
    expect(again.effects.filter(effect => effect.type === 'fall-back')).toEqual([]);
    const replaced = update(asked.state, {
      type: 'engine-replaced',
      engine: { name: 'recording', absent: new Map() },
    });
    expect(replaced.state.engine.name).toBe('recording');
  });

  it('is not there unless one was named', () => {
    const started = update(tutorState(), { type: 'presenter-started', lesson: '01-cable' }).state;
    const asked = update(started, { type: 'fallback-asked' });
    expect(asked.effects.filter(effect => effect.type === 'fall-back')).toEqual([]);
    expect(asked.state.notices.at(-1)?.text).toContain('No recording stands by');
  });
});
