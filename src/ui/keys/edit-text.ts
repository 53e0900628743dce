import type { TextInput } from '../../tutor/screen.ts';
import { type KeyName, typedText } from './key-press.ts';

/** What a key does to a line being typed; undefined when it has nothing to do with typing. */
export function editText(input: TextInput, key: KeyName): TextInput | undefined {
  const points = [...input.text];
  const { cursor } = input;
  const put = (before: readonly string[], after: readonly string[]): TextInput => ({
    text: [...before, ...after].join(''),
    cursor: before.length,
  });
  switch (key) {
    case 'backspace':
      return put(points.slice(0, Math.max(0, cursor - 1)), points.slice(cursor));
    case 'delete':
      return put(points.slice(0, cursor), points.slice(cursor + 1));
    case 'left':
      return { ...input, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { ...input, cursor: Math.min(points.length, cursor + 1) };
    case 'home':
    case 'ctrl-a':
      return { ...input, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { ...input, cursor: points.length };
    case 'ctrl-u':
      return put([], points.slice(cursor));
    case 'ctrl-k':
      return put(points.slice(0, cursor), []);
    case 'ctrl-w':
      return put(withoutLastWord(points.slice(0, cursor)), points.slice(cursor));
  }
  const typed = typedText(key);
  return typed === undefined ? undefined : put([...points.slice(0, cursor), ...typed], points.slice(cursor));
}

/** Puts pasted text in, line breaks as blanks: a paste never presses Enter. */
export function pasteText(input: TextInput, pasted: string): TextInput {
  const clean = [...pasted.replace(/[\r\n\t]+/g, ' ').replace(/[\x00-\x1f\x7f]/g, '')];
  const points = [...input.text];
  const before = [...points.slice(0, input.cursor), ...clean];
  return { text: [...before, ...points.slice(input.cursor)].join(''), cursor: before.length };
}

function withoutLastWord(points: readonly string[]): string[] {
  const kept = [...points];
  while (kept.at(-1) === ' ') kept.pop();
  while (kept.length > 0 && kept.at(-1) !== ' ') kept.pop();
  return kept;
}
