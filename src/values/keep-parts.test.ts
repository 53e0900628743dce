import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepParts, keepRows, sharesWith } from './keep-parts.ts';

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

  it('of rows that a maker has held against the older ones are not looked at again', () => {
    const before = [{ id: 'a' }];
    const now = [{ id: 'a' }];
    sharesWith(before, now);
    expect(keepRows(before, now)).toBe(now);
    expect(keepRows([{ id: 'a' }], now)).not.toBe(now);
  });

  it.each([
    ['kept by whoever looks', keepRows],
    [
      'kept by their maker',
      (before: object[] | undefined, now: object[]) => {
        if (before !== undefined) sharesWith(before, now);
        return keepRows(before, now);
      },
    ],
  ])('do not hold on to rows of long ago: %s', (_, keep) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let rows: object[] | undefined;
    const all: WeakRef<object>[] = [];
    for (let at = 0; at < 20; at++) {
      rows = keep(rows, [{ at }]);
      all.push(new WeakRef(rows));
    }
    return new Promise<void>(resolve => setImmediate(resolve)).then(() => {
      collect();
      expect(all.filter(one => one.deref() !== undefined).length).toBeLessThan(5);
      expect(rows).toEqual([{ at: 19 }]);
    });
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
