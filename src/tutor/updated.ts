import type { Effect } from './effect.ts';
import type { TutorState } from './state.ts';

/** What a message led to: the next state, and what the tutor wants of the world. */
export type Updated = { readonly state: TutorState; readonly effects: readonly Effect[] };

export function to(state: TutorState, ...effects: readonly Effect[]): Updated {
  return { state, effects };
}

/** One step after the other; effects keep their order. */
export function andThen(first: Updated, next: (state: TutorState) => Updated): Updated {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
