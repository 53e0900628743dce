import type { Fault } from '../lab/fault.ts';
import type { Message } from './message.ts';
import type { TutorState } from './state.ts';

/** A line of a menu: what it says, what it does, or why it cannot. */
export type MenuEntry = {
  /** Stable while the menu is open. */
  readonly key: string;
  readonly group: string;
  readonly label: string;
  /** Second column: what happens in the lab, or the shell command. */
  readonly detail?: string;
  readonly disabledBecause?: string;
  readonly message: Message;
};

/** Everything the command palette offers, filtered by what is typed into it. */
export function paletteEntries(_state: TutorState): MenuEntry[] {
  return [];
}

/** All faults possible now, filtered by what is typed into the menu. */
export function breakMenu(_state: TutorState): MenuEntry[] {
  return [];
}

/** What can be healed: each active fault, then all of them. */
export function healMenu(_state: TutorState): MenuEntry[] {
  return [];
}

/** The fault as a learner reads it: "Cut LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1". */
export function faultTitle(fault: Fault): string {
  return fault.kind;
}
