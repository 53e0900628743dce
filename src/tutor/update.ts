import type { Effect } from './effect.ts';
import type { Message } from './message.ts';
import type { TutorState } from './state.ts';

export type Updated = { readonly state: TutorState; readonly effects: readonly Effect[] };

/** What a message does to the state, and what the tutor wants of the world for it. Pure. */
export function update(state: TutorState, _message: Message): Updated {
  return { state, effects: [] };
}
