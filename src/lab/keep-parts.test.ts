import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepParts } from './keep-parts.ts';

const leaf = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  fc.constantFrom('a', 'b', null, undefined, true, Number.NaN),
);
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(fc.tuple(fc.constantFrom('k', 'l'), tie('value')), { maxLength: 2 }).map(of => new Map(of)),
  ),
}));

describe('parts that are kept', () => {
  it('say what the new value says, whatever was before', () => {
    fc.assert(
      fc.property(value, value, (before, now) => {
        const copy = structuredClone(now);
        expect(keepParts(before, now)).toStrictEqual(copy);
        expect(now).toStrictEqual(copy);
      }),
      { numRuns: 500 },
    );
  });

  it('are the old value itself when nothing changed', () => {
    fc.assert(
      fc.property(value, before => Object.is(keepParts(before, structuredClone(before)), before)),
      { numRuns: 300 },
    );
  });

  it('are the old ones beside one that changed', () => {
    const before = { links: [{ id: 'a' }, { id: 'b' }], tables: new Map([['routes', [1]]]), at: 1 };
    const after = keepParts(before, { ...structuredClone(before), at: 2 });
    expect(after.at).toBe(2);
    expect(after.links).toBe(before.links);
    expect(after.tables).toBe(before.tables);
  });

  it('do not take a field that is there without a value for one that is absent', () => {
    expect(keepParts({}, { a: undefined })).toStrictEqual({ a: undefined });
    expect(keepParts({ b: undefined }, { a: undefined })).toStrictEqual({ a: undefined });
  });
});
