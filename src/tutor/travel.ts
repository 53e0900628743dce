import type { TravelResult } from '../lab/engine.ts';
import { giveNotice } from './give-notice.ts';
import type { TutorState } from './state.ts';
import { to, type Updated } from './updated.ts';

/** Back to an event: lab time is stopped, so that one can look around there. */
export function travel(state: TutorState, event: number): Updated {
  const { clock } = state;
  if (clock === undefined || state.engine.travels !== true)
    return giveNotice(state, 'info', 'This lab cannot go back in time; the embedded one can.');
  if (state.work.underway.length > 0)
    return giveNotice(state, 'info', 'Something is under way. Wait for it, or cancel it with Ctrl-C.');
  return to(
    { ...state, overlay: { name: 'none' }, clock: { ...clock, mode: 'paused' } },
    { type: 'travel', event },
  );
}

/** There: what came after is not on the timeline yet; it comes again when time passes. */
export function travelled(state: TutorState, result: TravelResult): Updated {
  if (result.outcome === 'refused') return giveNotice(state, 'warning', `No way back: ${result.because}.`);
  const events = state.timeline.events.filter(({ id }) => id <= result.event);
  const { timeline: panes } = state.layout.panes;
  const { selected: _, ...timeline } = panes ?? { filter: '' };
  return giveNotice(
    {
      ...state,
      timeline: { events },
      layout: { ...state.layout, panes: { ...state.layout.panes, timeline } },
    },
    'info',
    'In the past, and time is stopped: . goes one event on, Space lets all happen again. What you change here replaces what came after.',
  );
}
