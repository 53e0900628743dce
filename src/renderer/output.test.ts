import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gridDiff } from './diff.ts';
import { type Frame, frameOf } from './frame.ts';
import type { Grid } from './grid.ts';
import Output, { type CanvasElement } from './output.ts';
import { style } from './style.ts';
import type { Surface } from './surface.ts';
import { swap } from './swap.ts';

type AnyOutput = Pick<Output, 'write' | 'clip' | 'unclip' | 'get'>;
type OutputClass = new (size: { width: number; height: number }) => AnyOutput;

const width = 40;
const height = 10;

let StockOutput: OutputClass;
beforeAll(async () => {
  const ink = dirname(createRequire(import.meta.url).resolve('ink'));
  StockOutput = (await import(pathToFileURL(join(ink, 'output.js')).href)).default;
});
// Importing output.ts announces the swap; the rest of this process runs on stock Ink.
afterAll(() => {
  swap.active = false;
});

/** As chalk does it: where the text itself ends the colour, this one begins again. */
const coloured = (open: string, close: string) => (text: string) =>
  `\x1b[${open}m${text.replaceAll(`\x1b[${close}m`, `\x1b[${open}m`)}\x1b[${close}m`;
const piece = fc.oneof(
  fc.constantFrom(
    'abc',
    'hello world',
    '日本',
    '│',
    '╭──╮',
    '█▓',
    '✓',
    '→',
    '한글',
    '   ',
    'e\u0301',
    'x',
    '\n',
  ),
  fc
    .record({
      text: fc.constantFrom('up', '日', 'LEAF-DC-1', '─', 'a b'),
      look: fc.constantFrom(
        coloured('31', '39'),
        coloured('38;5;200', '39'),
        coloured('48;2;10;20;30', '49'),
        coloured('7', '27'),
        coloured('1', '22'),
        coloured('4', '24'),
        coloured('9', '29'),
      ),
    })
    .map(({ text, look }) => look(text)),
);
const drawing = fc.record({
  x: fc.integer({ min: 0, max: width - 2 }),
  y: fc.integer({ min: 0, max: height - 1 }),
  text: fc.array(piece, { minLength: 1, maxLength: 6 }).map(pieces => pieces.join('')),
  clip: fc.option(
    fc.record({
      x1: fc.integer({ min: 0, max: 20 }),
      x2: fc.integer({ min: 10, max: width }),
      y1: fc.integer({ min: 0, max: 5 }),
      y2: fc.integer({ min: 3, max: height }),
    }),
  ),
  transformers: fc.constantFrom<((line: string) => string)[]>([], [], [], [coloured('36', '39')]),
});
const picture = fc.array(drawing, { minLength: 1, maxLength: 12 });
type Picture = typeof picture extends fc.Arbitrary<infer Value> ? Value : never;

function draw(Class: OutputClass, drawings: Picture): string {
  const output = new Class({ width, height });
  output.clip({ x1: 0, x2: width, y1: 0, y2: height });
  for (const { x, y, text, clip, transformers } of drawings) {
    if (clip !== null) output.clip(clip);
    output.write(x, y, text, { transformers });
    if (clip !== null) output.unclip();
  }
  return output.get().output;
}

function gridOf(drawings: Picture): Grid {
  return (frameOf(draw(Output, drawings)) as Frame).grid;
}

describe('the swapped output stage', () => {
  it('draws every random picture as Ink does: characters, widths, colours, attributes', async () => {
    await fc.assert(
      fc.asyncProperty(picture, async drawings => {
        const theirs = await cellsOf(draw(StockOutput, drawings).replaceAll('\n', '\r\n'));
        const ours = await cellsOf(draw(Output, drawings).replaceAll('\n', '\r\n'));
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 200 },
    );
  });

  it('turns any picture into any other by writing changed cells only', async () => {
    const terminal = openTerminal();
    let before: Grid | undefined;
    await fc.assert(
      fc.asyncProperty(picture, async drawings => {
        const after = gridOf(drawings);
        await write(terminal, gridDiff(before, after));
        before = after;
        const whole = openTerminal();
        await write(whole, gridDiff(undefined, after));
        expect(screen(terminal)).toEqual(screen(whole));
        expect(screen(whole)).toEqual(await cellsOf(draw(Output, drawings).replaceAll('\n', '\r\n')));
      }),
      { numRuns: 200 },
    );
  });

  it('writes nothing when nothing changed', () => {
    fc.assert(fc.property(picture, drawings => gridDiff(gridOf(drawings), gridOf(drawings)) === ''));
  });

  it('writes one changed digit as a move and a digit', () => {
    const count = (digit: string) => {
      const output = new Output({ width, height });
      output.write(2, 3, `routes ${digit}`, { transformers: [] });
      return (frameOf(output.get().output) as Frame).grid;
    };
    expect(gridDiff(count('4'), count('5'))).toBe('\x1b[4;10H5');
  });

  it('keeps a row in place when the terminal takes an emoji for narrower than we do', async () => {
    const output = new Output({ width, height });
    output.write(0, 0, '🚀🚀 LEAF│', { transformers: [] });
    const terminal = openTerminal();
    await write(terminal, gridDiff(undefined, (frameOf(output.get().output) as Frame).grid));
    expect(terminal.buffer.active.getLine(0)?.getCell(9)?.getChars()).toBe('│');
  });
});

describe('a canvas in the swapped output stage', () => {
  const element = (
    size: { width: number; height: number },
    paint: (surface: Surface, look: unknown) => void,
  ): CanvasElement => ({
    attributes: { paint },
    yogaNode: { getComputedWidth: () => size.width, getComputedHeight: () => size.height },
  });
  const fillWith = (character: string) => (surface: Surface) =>
    surface.fill(0, 0, surface.width, surface.height, undefined, character);
  const text = (output: Output) => output.get().output;

  it('is cut by the clip it stands in', () => {
    const output = new Output({ width: 8, height: 3 });
    output.clip({ x1: 2, x2: 5, y1: 1, y2: 9 });
    output.canvas(0, 0, element({ width: 8, height: 8 }, fillWith('·')));
    output.unclip();
    expect(text(output)).toBe(['', '  ···', '  ···'].join('\n'));
  });

  it('is covered by what is drawn after it, also when it is painted again', () => {
    let character = '·';
    const output = new Output({ width: 8, height: 3 });
    output.canvas(
      0,
      0,
      element({ width: 8, height: 3 }, surface => fillWith(character)(surface)),
    );
    output.write(2, 1, '日本', { transformers: [] });
    const frame = frameOf(text(output)) as Frame;
    expect(frame.text).toBe(['········', '··日本··', '········'].join('\n'));
    character = '+';
    expect(String.fromCodePoint(...frame.repaint().characters.slice(8, 11))).toBe('++日');
  });

  it('is painted again only when it shows something else', () => {
    const shown = { count: 1, painted: 0 };
    const output = new Output({ width: 8, height: 1 });
    const paint = (surface: Surface) => {
      shown.painted++;
      surface.put(0, 0, `${shown.count}`);
    };
    const { attributes, ...counted } = element({ width: 8, height: 1 }, paint);
    output.canvas(0, 0, { ...counted, attributes: { ...attributes, look: () => shown.count } });
    const frame = frameOf(text(output)) as Frame;
    frame.repaint();
    expect(shown.painted).toBe(1);
    shown.count = 2;
    expect(String.fromCodePoint(frame.repaint().characters[0] ?? 0)).toBe('2');
    expect(shown.painted).toBe(2);
  });

  it('changes what it painted where it can, beneath what covers it, and starts from blank where it cannot', () => {
    const shown = { text: 'abcdef', painted: 0, updated: 0 };
    const output = new Output({ width: 6, height: 1 });
    const paint = (surface: Surface, text: unknown) => {
      shown.painted++;
      surface.put(0, 0, `${text}`);
    };
    const update = (surface: Surface, now: unknown, before: unknown) => {
      const [was, is] = [`${before}`, `${now}`];
      if (was.length !== is.length) return false;
      shown.updated++;
      for (let x = 0; x < is.length; x++) if (is[x] !== was[x]) surface.put(x, 0, is[x] ?? '');
      return true;
    };
    const { attributes, ...sized } = element({ width: 6, height: 1 }, paint);
    output.canvas(0, 0, { ...sized, attributes: { ...attributes, look: () => shown.text, update } });
    output.write(2, 0, 'OO', { transformers: [] });
    const frame = frameOf(text(output)) as Frame;
    const seen = () => String.fromCodePoint(...frame.repaint().characters);
    shown.text = 'xbyyyx';
    expect(seen()).toBe('xbOOyx');
    expect(shown).toEqual({ text: 'xbyyyx', painted: 1, updated: 1 });
    shown.text = 'z';
    expect(seen()).toBe('z OO  ');
    expect(shown).toEqual({ text: 'z', painted: 2, updated: 1 });
  });

  it('leaves the same picture when only some canvases are painted again as when all are', () => {
    const pieces = ['日本', 'x', '──', '🚀', 'ab c', '한', ''];
    const place = fc.record({
      x: fc.integer({ min: -2, max: 10 }),
      y: fc.integer({ min: -1, max: 3 }),
      width: fc.integer({ min: 1, max: 8 }),
      height: fc.integer({ min: 1, max: 3 }),
    });
    const shows = fc.array(fc.constantFrom(...pieces), { minLength: 4, maxLength: 4 });
    const run = fc.record({
      beneath: fc.constantFrom('日本日本日本', 'abcdefghijkl', ''),
      places: fc.array(place, { minLength: 2, maxLength: 4 }),
      over: fc.constantFrom('', '日本', 'dialog'),
      moments: fc.array(shows, { minLength: 2, maxLength: 5 }),
    });
    fc.assert(
      fc.property(run, ({ beneath, places, over, moments }) => {
        let now = moments[0] ?? [];
        const frameWith = (retained: boolean) => {
          const output = new Output({ width: 12, height: 4 });
          for (const y of [0, 1, 2, 3]) output.write(y % 2, y, beneath, { transformers: [] });
          for (const [index, { x, y, ...size }] of places.entries()) {
            const paint = (surface: Surface) => {
              for (let row = 0; row < surface.height; row++) surface.put(row, row, now[index] ?? '');
            };
            const { attributes, ...sized } = element(size, paint);
            const look = retained ? { look: () => now[index] } : {};
            output.canvas(x, y, { ...sized, attributes: { ...attributes, ...look } });
          }
          output.write(3, 1, over, { transformers: [] });
          return frameOf(text(output)) as Frame;
        };
        const frame = frameWith(true);
        for (const moment of moments) {
          now = moment;
          const { characters, styles } = frame.repaint();
          expect({ characters, styles }).toEqual(
            (({ grid }) => ({ characters: grid.characters, styles: grid.styles }))(frameWith(false)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('starts blank over what Ink drew beneath it, and covers nothing it does not paint', () => {
    const output = new Output({ width: 6, height: 1 });
    output.write(0, 0, 'abcdef', { transformers: [] });
    output.canvas(
      1,
      0,
      element({ width: 4, height: 1 }, surface => surface.put(1, 0, 'X', style({ bold: true }))),
    );
    expect(text(output)).toBe('ab\x1b[1mX\x1b[22mdef');
  });
});

const { Terminal } = xterm;
type Terminal = InstanceType<typeof Terminal>;

function openTerminal(): Terminal {
  const terminal = new Terminal({ cols: width, rows: height, allowProposedApi: true });
  terminal.write('\x1b[?7l');
  return terminal;
}

function write(terminal: Terminal, text: string): Promise<void> {
  return new Promise(resolve => terminal.write(text, resolve));
}

async function cellsOf(text: string): Promise<string[]> {
  const terminal = openTerminal();
  await write(terminal, text);
  return screen(terminal);
}

function screen(terminal: Terminal): string[] {
  const rows: string[] = [];
  for (let y = 0; y < height; y++) {
    const line = terminal.buffer.active.getLine(y);
    let row = '';
    for (let x = 0; x < width; x++) {
      const cell = line?.getCell(x);
      if (cell === undefined) continue;
      const look = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
      const marks = [cell.isBold(), cell.isUnderline(), cell.isInverse(), cell.isStrikethrough()].map(
        Boolean,
      );
      row += `${cell.getChars() || ' '}${look.every(part => part <= 0) && !marks.includes(true) ? '' : `{${look} ${marks.map(Number).join('')}}`}`;
    }
    rows.push(row);
  }
  return rows;
}
