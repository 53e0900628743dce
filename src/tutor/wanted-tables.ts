import type { TableRef } from '../lab/snapshot.ts';
import type { TutorState } from './state.ts';

/** The tables that visible panes, overlays and the current check need: nothing else is computed. */
export function wantedTables(_state: TutorState): TableRef[] {
  return [];
}
