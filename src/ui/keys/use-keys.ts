import { useInput, usePaste } from 'ink';
import type { Store } from '../../tutor/store.ts';
import { pasteText } from './edit-text.ts';
import { commandOfKey, typingOf } from './key-command.ts';
import { keyPresses } from './key-press.ts';
import type { LocalCommand } from './keymap.ts';

/** The one place that listens to the keyboard. Keys glued together count one by one, each in the state the one before left. */
export function useKeys(
  store: Store,
  sizeNow: () => { readonly columns: number; readonly rows: number },
  local: (command: LocalCommand) => void,
): void {
  useInput((input, key) => {
    for (const name of keyPresses(input, key)) {
      const command = commandOfKey(name, { state: store.getState(), size: sizeNow() });
      if (command === undefined) continue;
      for (const each of 'type' in command ? [command] : command) {
        if (each.type === 'redraw' || each.type === 'toggle-mouse') local(each);
        else store.send(each);
      }
    }
  });
  usePaste(text => {
    const typing = typingOf(store.getState());
    if (typing !== undefined) store.send(typing.message(pasteText(typing.input, text)));
  });
}
