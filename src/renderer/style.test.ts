import { afterEach, describe, expect, it } from 'vitest';
import { ansiCells, cellLineText } from './ansi-cells.ts';
import { colourDepth } from './colour-depth.ts';
import { plain, setColourDepth, sgrStyle, style, transition } from './style.ts';

afterEach(() => setColourDepth(1));

describe('a style', () => {
  it('has one number for one look', () => {
    expect(style({ fg: 'red', bold: true })).toBe(style({ bold: true, fg: 'red' }));
    expect(style({ fg: 'red' })).not.toBe(style({ bg: 'red' }));
    expect(style({})).toBe(plain);
  });

  it.each([
    [3, '38;2;255;136;0'],
    [2, '38;5;214'],
    [1, '33'],
    [0, ''],
  ] as const)('writes #ff8800 at depth %i as %j', (depth, codes) => {
    setColourDepth(depth);
    expect(sgrStyle(style({ fg: '#ff8800' })).foreground).toBe(codes);
  });

  it('is reached from another with as little as possible, and left again', () => {
    const alarm = style({ fg: 'red', bold: true });
    expect(transition(plain, alarm)).toBe('\x1b[1;31m');
    expect(transition(alarm, style({ fg: 'red' }))).toBe('\x1b[22m');
    expect(transition(alarm, style({ fg: 'red', dim: true }))).toBe('\x1b[22;2m');
    expect(transition(alarm, plain)).toBe('\x1b[22;39m');
  });
});

describe('the colours a terminal gets', () => {
  it.each([
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 3],
    [{ TERM: 'xterm-256color' }, 2],
    [{ TERM: 'xterm' }, 1],
    [{ TERM: 'dumb' }, 0],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, 0],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, 2],
    [{ TERM: 'dumb', FORCE_COLOR: '3' }, 3],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, 1],
    [{}, 0],
  ])('with %j are of depth %i', (environment, depth) => {
    expect(colourDepth(environment)).toBe(depth);
  });
});

describe('ANSI text as cells', () => {
  it('carries styles over line ends and forgets what moves the cursor', () => {
    const lines = ansiCells('\x1b[31ma\nb\x1b[0m\x1b[2J\x1b[5;5Hc\t');
    expect(lines.map(cellLineText)).toEqual(['\x1b[31ma\x1b[39m', '\x1b[31mb\x1b[39mc']);
  });

  it('keeps links and ends them', () => {
    const [line] = ansiCells('\x1b]8;;file.md\x07here\x1b]8;;\x07 x');
    expect(line && cellLineText(line)).toBe('\x1b]8;;file.md\x07here\x1b]8;;\x07 x');
  });
});
