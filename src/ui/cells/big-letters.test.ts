import { expect, it } from 'vitest';
import { bigLetters, bigWidth } from './big-letters.ts';
import { lineText } from './line.ts';

it('draws three rows of half blocks', () => {
  expect(bigLetters('Bgp', 'title')?.map(lineText)).toEqual([
    '█▀▀▄ ▄▀▀▀ █▀▀▄',
    '█▀▀▄ █ ▀█ █▀▀',
    '▀▀▀   ▀▀▀ ▀',
  ]);
  expect(bigWidth('Bgp')).toBe(14);
});

it('draws five rows twice as wide where there is room', () => {
  expect(bigLetters('I', 'title', 'huge')?.map(lineText)).toEqual([
    '██████',
    '  ██',
    '  ██',
    '  ██',
    '██████',
  ]);
  expect(bigWidth('I', 'huge')).toBe(6);
});

it('has no big form for what it does not know', () => {
  expect(bigLetters('Ω', 'title')).toBeUndefined();
  expect(bigWidth('Ω')).toBeUndefined();
});
