import type { Key } from 'ink';
import { charsOf } from '../cells/text.ts';

/**
 * One key as the keymap names it: "a", "S", "?", "space", "enter", "esc", "tab", "shift-tab", "backspace", "delete", "up", "down",
 * "left", "right", "pageup", "pagedown", "home", "end", "ctrl-c", "alt-x".
 */
export type KeyName = string;

/** Splits what Ink reports into single keys: fast typing arrives glued together. */
export function keyPresses(input: string, key: Key): KeyName[] {
  const named = specialName(key);
  if (named !== undefined) return [named];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  if (key.meta) return input === '' ? [] : [`alt-${input}`];
  return charsOf(input)
    .map(nameOfCharacter)
    .filter(name => name !== '');
}

function specialName(key: Key): KeyName | undefined {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  return undefined;
}

function nameOfCharacter(char: string): KeyName {
  switch (char) {
    case ' ':
      return 'space';
    case '\r':
    case '\n':
    case '\r\n':
      return 'enter';
    case '\t':
      return 'tab';
    case '\x7f':
    case '\b':
      return 'backspace';
    case '\x1b':
      return 'esc';
  }
  const code = char.codePointAt(0) ?? 0;
  if (code > 0 && code < 27) return `ctrl-${String.fromCharCode(code + 96)}`;
  return code < 32 ? '' : char;
}

/** The character a key types, undefined for keys that type none. */
export function typedText(name: KeyName): string | undefined {
  if (name === 'space') return ' ';
  const [first, ...rest] = charsOf(name);
  return first !== undefined && rest.length === 0 ? first : undefined;
}

/** A key as the learner sees it: "Enter", "Ctrl-C", "↑", "PgDn". */
export function keyLabel(name: KeyName): string {
  const label = labels[name];
  if (label !== undefined) return label;
  if (name.startsWith('ctrl-')) return `Ctrl-${name.slice(5).toUpperCase()}`;
  if (name.startsWith('alt-')) return `Alt-${name.slice(4)}`;
  return name;
}

const labels: Readonly<Record<string, string>> = {
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  space: 'Space',
  backspace: 'Backspace',
  delete: 'Delete',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
};
