import { useInput, usePaste } from 'ink';
import { useRef } from 'react';
import type { Store } from '../../tutor/store.ts';
import { guarded } from '../guarded.ts';
import { pasteText } from './edit-text.ts';
import { commandOfKey, typingOf } from './key-command.ts';
import { type KeyName, keyPresses } from './key-press.ts';
import type { LocalCommand } from './keymap.ts';

/**
 * The one place that listens to the keyboard. Keys glued together count one by one, each in the state that the one before left:
 * the store takes messages in a microtask, so the next key waits for one of its own.
 */
export function useKeys(
  store: Store,
  sizeNow: () => { readonly columns: number; readonly rows: number },
  local: (command: LocalCommand) => void,
): void {
  const waiting = useRef<KeyName[]>([]);
  const pressNext = () => {
    const name = waiting.current[0];
    if (name === undefined) return;
    guarded(store, () => {
      const command = commandOfKey(name, { state: store.getState(), size: sizeNow() });
      for (const each of command === undefined ? [] : 'type' in command ? [command] : command) {
        if (each.type === 'redraw' || each.type === 'toggle-mouse') local(each);
        else store.send(each);
      }
    });
    queueMicrotask(() => {
      waiting.current.shift();
      pressNext();
    });
  };
  useInput((input, key) => {
    const rests = waiting.current.length === 0;
    waiting.current.push(...keyPresses(input, key));
    if (rests) pressNext();
  });
  usePaste(text => {
    const typing = typingOf(store.getState());
    if (typing !== undefined) store.send(typing.message(pasteText(typing.input, text)));
  });
}
