import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from './command-line.ts';

function words(text: string): unknown {
  const reading = readCommandLine(text);
  return reading.outcome === 'read'
    ? reading.line.map(({ when, programs }) => [when, ...programs.map(program => program.join('·'))])
    : reading.because;
}

describe('a command line', () => {
  it('keeps quoted words together', () => {
    expect(words(`docker exec LEAF sr_cli "show version" 'a b' c\\ d`)).toEqual([
      ['always', 'docker·exec·LEAF·sr_cli·show version·a b·c d'],
    ]);
  });

  it('knows pipes, and what runs only after success or failure', () => {
    expect(words('a | grep x && b || c; d')).toEqual([
      ['always', 'a', 'grep·x'],
      ['success', 'b'],
      ['failure', 'c'],
      ['always', 'd'],
    ]);
  });

  it('goes on behind a backslash at the end of a line, and passes comments over', () => {
    expect(words('kubectl get \\\n  pods # all of them')).toEqual([['always', 'kubectl·get·pods']]);
  });

  it('keeps double quotes inside single ones, and escapes inside double ones', () => {
    expect(words(`echo '{"a":"b"}' "say \\"hi\\""`)).toEqual([['always', 'echo·{"a":"b"}·say "hi"']]);
  });

  it.each([
    ['echo "x', 'a double quote (") is not closed'],
    ["echo 'x", "a single quote (') is not closed"],
    ['echo x > file', 'redirection (>) needs a real shell; here commands only print'],
    ['&& b', 'a command is missing before "&&"'],
    ['a | ', 'a command is missing beside "|"'],
  ])('says what is wrong with %s', (text, because) => {
    expect(words(text)).toBe(because);
  });

  it('never throws, whatever is typed', () => {
    fc.assert(fc.property(fc.string(), text => ['read', 'refused'].includes(readCommandLine(text).outcome)));
  });
});
