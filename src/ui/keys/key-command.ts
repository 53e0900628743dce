import type { Message } from '../../tutor/message.ts';
import { emptyInput, type TextInput } from '../../tutor/screen.ts';
import { noAnswer, type TutorState } from '../../tutor/state.ts';
import { editText } from './edit-text.ts';
import { type KeyContext, type Place, placesOf } from './key-context.ts';
import { type KeyName, keyLabel, typedText } from './key-press.ts';
import { type KeyCommand, type KeyRow, keymap } from './keymap.ts';

/** What a key asks for now; a key that cannot work gives the reason as a notice; unknown keys give undefined. */
export function commandOfKey(key: KeyName, context: KeyContext): KeyCommand | undefined {
  const row = rowOfKey(key, context.state);
  if (row === undefined) {
    const typing = typingOf(context.state);
    return typing === undefined ? undefined : typed(typing, key);
  }
  const because = row.disabledBecause?.(context);
  if (because !== undefined)
    return { type: 'notice-given', tone: 'info', text: `${keyLabel(key)}: ${because}.` };
  return row.command(context, key);
}

/** The row that answers to a key now; undefined where the key is text being typed. */
export function rowOfKey(key: KeyName, state: TutorState): KeyRow | undefined {
  return rowsOfKeys(state)(key);
}

/** The same for many keys. */
export function rowsOfKeys(state: TutorState): (key: KeyName) => KeyRow | undefined {
  const typing = typingOf(state);
  const places = placesOf(state);
  return key => {
    const edits = typing !== undefined && typed(typing, key) !== undefined;
    // Where text is typed, characters are text before they are anything else; other keys only where the place itself has no row.
    if (edits && typedText(key) !== undefined) return undefined;
    for (const [index, place] of places.entries()) {
      if (edits && index > 0) return undefined;
      const row = rowsAt(place).find(candidate => candidate.keys.includes(key));
      if (row !== undefined) return row;
    }
    return undefined;
  };
}

const rowsByPlace = new Map<Place, readonly KeyRow[]>();

/** The rows of a place, in the keymap's order. */
export function rowsAt(place: Place): readonly KeyRow[] {
  let rows = rowsByPlace.get(place);
  if (rows === undefined) {
    rows = keymap.filter(row => row.place === place);
    rowsByPlace.set(place, rows);
  }
  return rows;
}

/** A place where text is being typed. */
export type Typing = {
  readonly input: TextInput;
  readonly takes: (key: KeyName) => boolean;
  readonly message: (input: TextInput) => Message;
};

export function typingOf(state: TutorState): Typing | undefined {
  const everything = () => true;
  const { overlay } = state;
  if (overlay.name === 'palette' || overlay.name === 'breaks' || overlay.name === 'filter')
    return {
      input: overlay.input,
      takes: everything,
      message: input => ({ type: 'overlay-input-edited', input }),
    };
  const [place] = placesOf(state);
  switch (place) {
    case 'typing':
      return {
        input: state.lesson?.typing ?? emptyInput,
        takes: everything,
        message: input => ({ type: 'typing-edited', input }),
      };
    case 'shell':
      return {
        input: state.shell.input,
        takes: everything,
        message: input => ({ type: 'shell-edited', input }),
      };
    case 'answer-number':
      return {
        input: (state.lesson?.answer ?? noAnswer).input,
        takes: key => /^([0-9.,-]|backspace|delete|ctrl-u)$/.test(key),
        message: input => ({ type: 'answer-edited', input }),
      };
    case 'answer-on-stage':
      return {
        input: (state.lesson?.answer ?? noAnswer).input,
        // A clicker's key for the black screen sends a full stop.
        takes: key => /^([0-9,]|backspace|delete|ctrl-u)$/.test(key),
        message: input => ({ type: 'answer-edited', input }),
      };
    default:
      return undefined;
  }
}

function typed(typing: Typing, key: KeyName): Message | undefined {
  if (!typing.takes(key)) return undefined;
  const edited = editText(typing.input, key);
  return edited === undefined ? undefined : typing.message(edited);
}
