import type { Message } from '../../tutor/message.ts';
import { explainKeys } from './explain-keys.ts';
import type { KeyContext, Place } from './key-context.ts';
import type { KeyName } from './key-press.ts';
import { labKeys } from './lab-keys.ts';
import { answerKeys, lessonKeys } from './lesson-keys.ts';
import { overlayKeys } from './overlay-keys.ts';
import { overviewKeys } from './overview-keys.ts';
import { paneKeys } from './pane-keys.ts';
import { presenterKeys } from './presenter-keys.ts';
import { programKeys } from './program-keys.ts';
import { rowKeys } from './row-keys.ts';
import { shellKeys } from './shell-keys.ts';

/** What only the terminal can do. */
export type LocalCommand = { readonly type: 'redraw' } | { readonly type: 'toggle-mouse' };

/** What a key asks for. */
export type KeyCommand = Message | LocalCommand | readonly Message[];

/** One row of the keymap: the key bar, the `?` screen and the README's key table are made from these. */
export type KeyRow = {
  readonly place: Place;
  readonly keys: readonly KeyName[];
  readonly group: KeyGroup;
  /** A sentence without its full stop: what the key does. */
  readonly help: string;
  /** In the key bar, most important (lowest rank) first; `keys` where one entry stands for several rows. */
  readonly bar?: {
    readonly rank: number;
    readonly label: string | ((context: KeyContext) => string);
    readonly keys?: string;
    /** Keeps its place when the bar is short. */
    readonly always?: true;
  };
  /** `key`: which of the row's keys it was. Undefined: nothing to do just now. */
  readonly command: (context: KeyContext, key: KeyName) => KeyCommand | undefined;
  /** Why the key cannot work now, as the learner reads it. */
  readonly disabledBecause?: (context: KeyContext) => string | undefined;
};

export type KeyGroup =
  | 'Lesson'
  | 'Answer'
  | 'Lab'
  | 'Time'
  | 'Panes'
  | 'Rows'
  | 'Shell'
  | 'Menu'
  | 'Stage'
  | 'Program';

/** Every key of the program. */
export const keymap: readonly KeyRow[] = [
  ...answerKeys,
  ...lessonKeys,
  ...labKeys,
  ...paneKeys,
  ...explainKeys,
  ...rowKeys,
  ...shellKeys,
  ...presenterKeys,
  ...overviewKeys,
  ...overlayKeys,
  ...programKeys,
];
