import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TerminalListener } from './terminal-input.ts';

const hear = (...chunks: string[]) => {
  const listener = new TerminalListener();
  const all = chunks.map(chunk => listener.hear(chunk));
  return { typed: all.map(({ typed }) => typed).join(''), heard: all.flatMap(({ heard }) => heard) };
};

describe('what comes from a terminal', () => {
  it('is keys, unless the terminal says something', () => {
    expect(hear('jk\x1b[A\x1b[1;5C\x1b')).toEqual({ typed: 'jk\x1b[A\x1b[1;5C\x1b', heard: [] });
  });

  it.each([
    ['\x1b[<0;5;3M', { kind: 'press', button: 'left', x: 4, y: 2, wheel: 0 }],
    ['\x1b[<2;1;1m', { kind: 'release', button: 'right', x: 0, y: 0 }],
    ['\x1b[<35;9;9M', { kind: 'drag', button: 'none' }],
    ['\x1b[<64;7;4M', { kind: 'wheel', button: 'none', wheel: -1 }],
    ['\x1b[<65;7;4M', { kind: 'wheel', wheel: 1 }],
    ['\x1b[<28;1;1M', { kind: 'press', button: 'left', shift: true, alt: true, ctrl: true }],
  ])('is a mouse report: %j', (report, event) => {
    const { typed, heard } = hear(`a${report}b`);
    expect(typed).toBe('ab');
    expect(heard).toMatchObject([{ kind: 'mouse', event }]);
  });

  it('is an answer about colours, devices and modes', () => {
    expect(hear('\x1b]11;rgb:1e1e/1e1e/2e2e\x07\x1b[?62;22c\x1b[?2026;2$y\x1b[Ix')).toEqual({
      typed: 'x',
      heard: [
        { kind: 'colour', number: 11, value: 'rgb:1e1e/1e1e/2e2e' },
        { kind: 'reply', text: '\x1b[?62;22c' },
        { kind: 'reply', text: '\x1b[?2026;2$y' },
        { kind: 'reply', text: '\x1b[I' },
      ],
    });
  });

  it('means the same wherever it is cut into pieces, except where it could still be a key', () => {
    const whole = 'ab\x1b[<0;15;13Mc\x1b]11;rgb:ff/ff/ff\x07d\x1b[?62c';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), at => {
        fc.pre(!['\x1b', '\x1b]'].some(beginning => whole.slice(0, at).endsWith(beginning)));
        expect(hear(whole.slice(0, at), whole.slice(at))).toEqual(hear(whole));
      }),
    );
  });

  it('is a wish to stop for a while: Ctrl+Z, but not inside a paste', () => {
    expect(hear('j\x1ak')).toEqual({ typed: 'jk', heard: [{ kind: 'suspend' }] });
    expect(hear('\x1b[200~a\x1ab\x1b[201~').heard).toEqual([]);
  });

  it('never keeps back what is typed with Alt', () => {
    expect(hear('\x1b]', '\x1bP', 'x').typed).toBe('\x1b]\x1bPx');
  });

  it('never swallows keys for ever when a report has no end', () => {
    const { typed } = hear(`\x1b]11;${'x'.repeat(5000)}`, 'jjj');
    expect(typed).toBe('jjj');
  });
});
