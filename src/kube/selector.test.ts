import { describe, expect, it } from 'vitest';
import { parseSelector, selectorMatches, selectorText } from './selector.ts';

const labels = { app: 'web', tier: 'front' };

describe('a selector as typed', () => {
  it.each([
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app=web,tier=back', false],
    ['app!=api', true],
    ['app!=web', false],
    ['tier in (front, back)', true],
    ['tier notin (front)', false],
    ['zone notin (a)', true],
    ['app', true],
    ['!zone', true],
    ['!app', false],
  ])('%s', (text, matches) => {
    const selector = parseSelector(text);
    expect(selectorMatches(selector, labels)).toBe(matches);
  });

  it('is refused when it means nothing', () => {
    expect(parseSelector('app=')).toBeDefined();
    expect(parseSelector('a b c')).toBeUndefined();
    expect(parseSelector('=x')).toBeUndefined();
  });
});

it('matches everything when empty and nothing when absent', () => {
  expect(selectorMatches({}, labels)).toBe(true);
  expect(selectorMatches(undefined, labels)).toBe(false);
});

it('is printed as kubectl prints it', () => {
  expect(
    selectorText({
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
    }),
  ).toBe('app=web,tier in (a,b)');
  expect(selectorText({})).toBe('<none>');
});
