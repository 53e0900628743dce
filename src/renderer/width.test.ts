import fc from 'fast-check';
import realStringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { eachCluster, graphemes } from './character.ts';
import stringWidth from './string-width.ts';
import { cut, displayWidth, truncate } from './width.ts';

const anyText = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 5 }) },
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
      fc.constantFrom(
        '日本',
        '한글',
        '👨‍👩‍👧',
        '🇨🇭',
        'e\u0301',
        '\u200b',
        '│─╮',
        '⠋',
        '→',
        'ｱﾞ',
        '1️⃣',
        '\x1b[31m',
        '\x1b[1;38;5;200m',
      ),
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''));
const plainText = anyText.map(text => text.replace(/[\x00-\x1f\x7f-\x9f]/g, ''));

describe('the width of a text', () => {
  it('is what string-width says, for any text', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(displayWidth(text)).toBe(realStringWidth(text));
        expect(stringWidth(text)).toBe(realStringWidth(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('is what string-width says, for every character up to U+2FFF alone, after a letter and as an emoji', () => {
    const wrong: string[] = [];
    for (let code = 1; code < 0x3000; code++) {
      const character = String.fromCharCode(code);
      for (const text of [character, `a${character}`, `${character}\ufe0f`]) {
        if (stringWidth(text) !== realStringWidth(text)) wrong.push(code.toString(16));
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('cutting a text', () => {
  it('keeps the longest beginning that fits, and never half a character', () => {
    fc.assert(
      fc.property(plainText, fc.nat(12), (text, columns) => {
        const kept = cut(text, columns);
        expect(text.startsWith(kept)).toBe(true);
        expect(displayWidth(kept)).toBeLessThanOrEqual(columns);
        const clusters: string[] = [];
        eachCluster(text, segment => clusters.push(segment));
        const next = clusters[clustersIn(kept)];
        if (next !== undefined) expect(displayWidth(kept + next)).toBeGreaterThan(columns);
      }),
      { numRuns: 1000 },
    );
  });

  it('says that something was cut off', () => {
    expect(truncate('10.254.254.240/32', 10)).toBe('10.254.25…');
    expect(truncate('10.1.1.0', 10)).toBe('10.1.1.0');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('LEAF', 0)).toBe('');
    expect(truncate('LEAF', 1)).toBe('…');
  });
});

function clustersIn(text: string): number {
  let count = 0;
  eachCluster(text, () => count++);
  return count;
}

it('takes a text apart as a segmenter does', () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  fc.assert(
    fc.property(anyText, text => {
      expect(graphemes(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }),
    { numRuns: 2000 },
  );
});
