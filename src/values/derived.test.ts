import { expect, it } from 'vitest';
import { derived } from './derived.ts';

it('is worked out once for each object, also when nothing follows', () => {
  const asked: object[] = [];
  const size = derived((from: readonly number[]) => {
    asked.push(from);
    return from.length === 0 ? undefined : from.length;
  });
  const [none, two] = [[], [1, 2]];
  expect([size(none), size(two), size(none), size(two), size([1, 2])]).toEqual([
    undefined,
    2,
    undefined,
    2,
    2,
  ]);
  expect(asked).toEqual([none, two, [1, 2]]);
});
