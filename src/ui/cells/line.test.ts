import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiText } from './ascii.ts';
import { flowEntries } from './flow-entries.ts';
import { inputLine } from './input-line.ts';
import { clipLine, dropCells, fitLine, line, lineText, lineWidth, span, spread } from './line.ts';
import { wrapLine } from './wrap.ts';

const words = line('a leaf ', span('dies', 'down'), ' tonight');

describe('a line of cells', () => {
  it('is cut with an ellipsis only when something does not fit', () => {
    expect(lineText(clipLine(words, 19))).toBe('a leaf dies tonight');
    expect(lineText(clipLine(words, 18))).toBe('a leaf dies tonig…');
    expect(lineText(clipLine(words, 11))).toBe('a leaf die…');
    expect(lineText(clipLine(words, 1))).toBe('…');
  });

  it('never cuts through the middle of a wide character', () => {
    expect(lineText(clipLine(line('路由器 up'), 4))).toBe('路…');
    expect(lineWidth(fitLine(line('路由器'), 4))).toBe(4);
  });

  it('puts the right end at the right edge, whatever becomes of the left', () => {
    expect(lineText(spread(line('fabric'), line('6.5 s'), 14))).toBe('fabric   6.5 s');
    expect(lineText(spread(line('a very long name'), line('6.5 s'), 14))).toBe('a very l…6.5 s');
  });

  it('loses cells from the left for scrolling', () => {
    expect(lineText(dropCells(words, 7))).toBe('dies tonight');
    expect(lineText(dropCells(line('路由'), 1))).toBe(' 由');
  });
});

describe('wrapping', () => {
  it('breaks at blanks, keeps looks and wanted gaps', () => {
    const wrapped = wrapLine(line(span('Enter', 'key'), ' run   ', span('t', 'key'), ' type it'), 14);
    expect(wrapped.map(lineText)).toEqual(['Enter run   t', 'type it']);
    expect(wrapped[0]?.[0]).toEqual({ text: 'Enter', look: 'key' });
  });

  it('cuts words that are longer than the line', () => {
    expect(wrapLine(line('10.254.254.240/32 via'), 8).map(lineText)).toEqual([
      '10.254.2',
      '54.240/3',
      '2 via',
    ]);
  });

  it('wraps wide characters by cells', () => {
    expect(wrapLine(line('路由器路由器'), 5).map(lineText)).toEqual(['路由', '器路', '由器']);
  });

  it('never makes a line too wide and never loses a character but blanks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z路 .✔]{0,12}$/)),
        fc.integer({ min: 2, max: 30 }),
        (texts, width) => {
          const whole = line(...texts.map(text => span(text)));
          const wrapped = wrapLine(whole, width);
          for (const each of wrapped) expect(lineWidth(each)).toBeLessThanOrEqual(width);
          const letters = (text: string) => text.replace(/\s/g, '');
          expect(letters(wrapped.map(lineText).join(''))).toBe(letters(lineText(whole)));
        },
      ),
    );
  });
});

describe('entries side by side', () => {
  it('are never broken while they fit alone', () => {
    const entries = [line('h hint'), line('s do it for me'), line('K skip')];
    expect(flowEntries(entries, 26, line('   ')).map(lineText)).toEqual([
      'h hint   s do it for me',
      'K skip',
    ]);
  });
});

describe('a line being typed', () => {
  it('shows the cursor on the character it stands on', () => {
    const typed = inputLine({ text: 'kubectl get', cursor: 8 }, { prompt: '$ ', width: 30 });
    expect(typed.find(part => part.look === 'cursor')).toEqual({ text: 'g', look: 'cursor' });
    expect(lineText(typed)).toBe('$ kubectl get');
  });

  it('keeps the cursor in sight when the text is longer than the line', () => {
    const text = 'kubectl -n metallb-system logs speaker-x7';
    const typed = inputLine({ text, cursor: text.length }, { prompt: '$ ', width: 20 });
    expect(lineText(typed)).toBe('$ …logs speaker-x7 ');
    expect(lineWidth(typed)).toBeLessThanOrEqual(20);
  });
});

describe('ASCII in place of symbols', () => {
  it('keeps every cell in its place', () => {
    expect(asciiText('┌─ ● up ━━╸── ✔ → ✘ … ─┐')).toBe('+- * up ===-- + > x . -+');
  });

  it('shows a question mark for what has no likeness', () => {
    expect(asciiText('Zürich')).toBe('Z?rich');
  });
});
