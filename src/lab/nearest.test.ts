import { expect, it } from 'vitest';
import { nearest, suggestion } from './nearest.ts';

const nodes = ['LEAF-DC-1', 'LEAF-DC-2', 'SPINE-DC-1', 'BORDER-DC'];

it('a slip of the finger is recognised, another word is not', () => {
  expect(nearest('leaf-dc-1', nodes)).toBe('LEAF-DC-1');
  expect(nearest('BODRER-DC', nodes)).toBe('BORDER-DC');
  expect(nearest('router', nodes)).toBeUndefined();
  expect(nearest('', nodes)).toBeUndefined();
});

it('without a near word the suggestion lists what there is, at most twelve', () => {
  expect(suggestion('BORDER-CD', nodes)).toBe('did you mean "BORDER-DC"?');
  expect(suggestion('x', nodes)).toBe('one of LEAF-DC-1, LEAF-DC-2, SPINE-DC-1, BORDER-DC');
  const many = Array.from({ length: 13 }, (_, index) => `name-${index}`);
  expect(suggestion('x', many)).toMatch(/name-11, …$/);
});

it('a word of a million letters is near to nothing', () => {
  expect(nearest('x'.repeat(1_000_000), nodes)).toBeUndefined();
});
