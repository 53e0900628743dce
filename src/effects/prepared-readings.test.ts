import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromJson, toJson } from './prepared-readings.ts';

it('carries any value with Maps in it, Maps in Maps included', () => {
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true }),
      fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map(entries => new Map(entries)),
    ),
  }));
  fc.assert(
    fc.property(value, anything => {
      expect(fromJson(toJson(anything))).toEqual(anything);
    }),
  );
});
