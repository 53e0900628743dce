import { type ClockState, speeds } from './clock.ts';
import { giveNotice } from './give-notice.ts';
import type { ClockMessage } from './message.ts';
import type { TutorState } from './state.ts';
import { to, type Updated } from './updated.ts';

/** What the learner does to lab time; `update` tells the world when the clock changed. */
export function updateClock(state: TutorState, message: ClockMessage): Updated {
  const { clock } = state;
  if (clock === undefined) {
    return giveNotice(state, 'info', state.engine.absent.get('clock') ?? 'Time in this lab is real time.');
  }
  switch (message.type) {
    case 'pause-asked':
      return to({ ...state, clock: { ...clock, mode: clock.mode === 'running' ? 'paused' : 'running' } });
    case 'clock-step-asked':
      return to({ ...state, clock: { ...clock, mode: 'paused' } }, { type: 'step-clock' });
    case 'speed-asked':
      return to({ ...state, clock: { mode: 'running', speed: speedAfter(clock, message.to) } });
    case 'until-quiet-asked':
      return to({ ...state, clock: { ...clock, mode: 'until-quiet' } });
  }
}

/** The run until quiet is over. */
export function quietReached(state: TutorState, quiet: boolean): Updated {
  if (state.clock?.mode !== 'until-quiet') return to(state);
  const running: TutorState = { ...state, clock: { ...state.clock, mode: 'running' } };
  return quiet
    ? to(running)
    : giveNotice(running, 'warning', 'The lab did not come to rest in ten minutes of its time.');
}

function speedAfter(clock: ClockState, wanted: number | 'faster' | 'slower'): number {
  if (wanted === 'faster') return speeds.find(speed => speed > clock.speed) ?? clock.speed;
  if (wanted === 'slower') return speeds.findLast(speed => speed < clock.speed) ?? clock.speed;
  return speeds.reduce((best, speed) => (Math.abs(speed - wanted) < Math.abs(best - wanted) ? speed : best));
}
