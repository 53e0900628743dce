import { describe, expect, it } from 'vitest';
import type { TextInput } from '../../tutor/screen.ts';
import { editText, pasteText } from './edit-text.ts';

/** "kub|ectl": the text with its cursor as a bar. */
function input(marked: string): TextInput {
  return { text: marked.replace('|', ''), cursor: [...marked.slice(0, marked.indexOf('|'))].length };
}

function shown(typed: TextInput | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const points = [...typed.text];
  return `${points.slice(0, typed.cursor).join('')}|${points.slice(typed.cursor).join('')}`;
}

describe('typing a line', () => {
  it.each([
    ['kub|', 'e', 'kube|'],
    ['ku|be', 'space', 'ku |be'],
    ['ku|be', 'backspace', 'k|be'],
    ['ku|be', 'delete', 'ku|e'],
    ['|kube', 'backspace', '|kube'],
    ['ku|be', 'left', 'k|ube'],
    ['ku|be', 'ctrl-a', '|kube'],
    ['ku|be', 'end', 'kube|'],
    ['get pods| -A', 'ctrl-w', 'get | -A'],
    ['get | pods', 'ctrl-u', '| pods'],
    ['get| pods', 'ctrl-k', 'get|'],
    ['路|器', 'backspace', '|器'],
    ['a|', '😀', 'a😀|'],
  ])('%s and %s make %s', (before, key, after) => {
    expect(shown(editText(input(before), key))).toBe(after);
  });

  it('has no use for other keys', () => {
    expect(editText(input('a|'), 'pageup')).toBeUndefined();
    expect(editText(input('a|'), 'enter')).toBeUndefined();
  });

  it('never presses Enter by pasting', () => {
    expect(shown(pasteText(input('run |!'), 'kubectl get pods\nrm -rf\x1b'))).toBe(
      'run kubectl get pods rm -rf|!',
    );
  });
});
