import { expect, it } from 'vitest';
import { readGoDuration } from './go-duration.ts';

it.each([
  ['90s', 90_000],
  ['1m30s', 90_000],
  ['1.5s', 1_500],
  ['.5s', 500],
  ['50us', 0.05],
  ['2h', 7_200_000],
  ['0', 0],
  ['-1s', -1_000],
])('%s is a duration', (text, milliseconds) => {
  expect(readGoDuration(text)).toBeCloseTo(milliseconds, 9);
});

it.each([
  ['90', 'time: missing unit in duration "90"'],
  ['1m30', 'time: missing unit in duration "1m30"'],
  ['5x', 'time: unknown unit "x" in duration "5x"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['soon', 'time: invalid duration "soon"'],
  ['', 'time: invalid duration ""'],
  ['s5', 'time: invalid duration "s5"'],
])('of "%s" Go says what is wrong', (text, problem) => {
  expect(readGoDuration(text)).toBe(problem);
});
