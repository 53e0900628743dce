import type { DriveOrder } from '../../tutor/presenter-protocol.ts';
import { type Line, line, span } from '../cells/line.ts';
import { type KeyName, keyLabel } from '../keys/key-press.ts';

/** What a key of the notes asks for: of the presenter, or of this terminal. */
export type NotesCommand =
  | { readonly type: 'drive'; readonly order: DriveOrder }
  | { readonly type: 'scroll'; readonly by: number }
  | { readonly type: 'redraw' }
  | { readonly type: 'leave' };

type NotesKey = {
  readonly keys: readonly KeyName[];
  readonly label: string;
  /** Stands for the row in the bar; without, the row is not in it. */
  readonly bar?: string;
  readonly command: NotesCommand;
};

/** The notes are a program of their own: every key of it. None changes the lab. */
export const notesKeys: readonly NotesKey[] = [
  {
    keys: ['pagedown', 'right', 'space', 'n', 'enter'],
    label: 'slide',
    bar: '←/→',
    command: { type: 'drive', order: 'next' },
  },
  {
    keys: ['pageup', 'left', 'backspace', 'p'],
    label: 'back',
    command: { type: 'drive', order: 'previous' },
  },
  { keys: ['b', '.'], label: 'black', bar: 'b', command: { type: 'drive', order: 'black' } },
  { keys: ['v'], label: 'panes', bar: 'v', command: { type: 'drive', order: 'view' } },
  { keys: ['home', 'g'], label: 'first', command: { type: 'drive', order: 'first' } },
  { keys: ['end', 'G'], label: 'last', command: { type: 'drive', order: 'last' } },
  { keys: ['R'], label: 'timer anew', bar: 'R', command: { type: 'drive', order: 'restart-timer' } },
  { keys: ['up', 'k'], label: 'scroll up', command: { type: 'scroll', by: -1 } },
  { keys: ['down', 'j'], label: 'scroll', bar: '↑/↓', command: { type: 'scroll', by: 1 } },
  { keys: ['ctrl-l'], label: 'draw again', command: { type: 'redraw' } },
  { keys: ['q', 'ctrl-c'], label: 'leave', bar: 'q', command: { type: 'leave' } },
];

export function notesCommand(key: KeyName): NotesCommand | undefined {
  return notesKeys.find(row => row.keys.includes(key))?.command;
}

export function notesKeyBar(): Line {
  return notesKeys
    .filter(row => row.bar !== undefined)
    .flatMap((row, index) =>
      line(
        index === 0 ? '' : '  ',
        span(row.bar ?? keyLabel(row.keys[0] ?? ''), 'key'),
        span(` ${row.label}`, 'dim'),
      ),
    );
}
