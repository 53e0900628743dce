import type { Fault } from '../lab/fault.ts';
import type { FileError } from '../lab/lab-error.ts';
import type { StageId } from '../lab/stage.ts';
import type { PaneKind } from './layout.ts';

/** What fills the terminal. */
export type Screen =
  /** The lessons with their progress; `cursor` indexes `course.lessons`. */
  | { readonly name: 'home'; readonly cursor: number }
  /** `state.lesson` says which one and where. */
  | { readonly name: 'lesson' }
  /** The last step of a lesson was passed: predictions next to what was measured. */
  | { readonly name: 'finished'; readonly lesson: string }
  /** On stage: `state.presenter` and `state.lesson` say what is on. */
  | { readonly name: 'presenter' }
  /** Goes away when its cause does; `behind` is what comes back. */
  | { readonly name: 'failure'; readonly failure: Failure; readonly behind: 'home' | 'lesson' };

/** Three readers of a failure: the author of a file, the learner, and us. */
export type Failure =
  | {
      readonly reader: 'author';
      readonly errors: readonly FileError[];
      /** Texts of the files named in `errors`, for excerpts. */
      readonly texts: ReadonlyMap<string, string>;
    }
  | {
      readonly reader: 'learner';
      readonly title: string;
      readonly because: string;
      readonly nextSteps: readonly string[];
    }
  | { readonly reader: 'bug'; readonly message: string; readonly stack?: string };

/** What lies over the screen; one at a time, `esc` takes it away. */
export type Overlay =
  | { readonly name: 'none' }
  | { readonly name: 'help'; readonly scroll: number }
  /** Entries: `paletteEntries(state)`. */
  | { readonly name: 'palette'; readonly input: TextInput; readonly cursor: number }
  /** Entries: `breakMenu(state)`. */
  | { readonly name: 'breaks'; readonly input: TextInput; readonly cursor: number }
  /** Entries: `healMenu(state)`. */
  | { readonly name: 'heals'; readonly cursor: number }
  | { readonly name: 'confirm'; readonly question: string; readonly asks: Confirmable }
  /** Why is this route the best one? Needs the `bgp` or `evpn` table of the node. */
  | {
      readonly name: 'route';
      readonly node: string;
      readonly instance: string;
      readonly prefix: string;
      /** An EVPN route of type 2 or 3 instead of a prefix: what it is about, as `evpnIdentity` has it. */
      readonly evpn?: string;
      readonly scroll: number;
    }
  /** Where does one flow go, hop by hop, and why? `sourcePort` is a row of the flows table. */
  | {
      readonly name: 'flow';
      readonly sourcePort: number;
      /** Source port of the flow it is compared with. */
      readonly against?: number;
      readonly scroll: number;
    }
  /** The chain of causes of an event. */
  | { readonly name: 'event'; readonly id: number; readonly scroll: number }
  /** Every field of one packet. Needs the packets pane's table. */
  | { readonly name: 'packet'; readonly id: number; readonly scroll: number }
  /** A line of text asked for: the filter of a pane. */
  | { readonly name: 'filter'; readonly pane: PaneKind; readonly input: TextInput };

/** What a confirmation stands in front of. */
export type Confirmable =
  | { readonly type: 'quit' }
  | { readonly type: 'restart-lesson' }
  | { readonly type: 'goto-stage'; readonly stage: StageId | 'empty' }
  | { readonly type: 'goto-step'; readonly lesson: string; readonly step: number }
  | { readonly type: 'break'; readonly fault: Fault };

/** A line being typed; `cursor` counts code points from 0 to the length of the text. */
export type TextInput = { readonly text: string; readonly cursor: number };

export const emptyInput: TextInput = { text: '', cursor: 0 };
