import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromNumber } from './address.ts';
import { containsAddress, lengthOf, networkOf } from './prefix.ts';
import { PrefixTable } from './prefix-table.ts';

const prefix = fc
  .record({ bits: fc.constantFrom(0, 1, 2, 255, 256, 65_535), length: fc.constantFrom(0, 8, 24, 28, 31, 32) })
  .map(({ bits, length }) => networkOf(`${fromNumber(0x0a000000 + bits)}/${length}`));
const step = fc.record({ prefix, value: fc.option(fc.nat({ max: 3 }), { nil: undefined }) });

it('finds the longest prefix that contains an address, and says by its version when an answer may be another', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.nat({ max: 300 }), (steps, bits) => {
      const address = fromNumber(0x0a000000 + bits);
      const table = new PrefixTable<number>();
      const entries = new Map<string, number>();
      for (const { prefix: at, value } of steps) {
        const before = { version: table.version, answer: table.longestMatch(address)?.value };
        if (value === undefined) {
          expect(table.delete(at)).toBe(entries.delete(at));
        } else {
          table.set(at, value);
          entries.set(at, value);
        }
        const best = [...entries]
          .filter(([each]) => containsAddress(each, address))
          .sort(([a], [b]) => lengthOf(b) - lengthOf(a))[0];
        expect(table.longestMatch(address)).toEqual(best && { prefix: best[0], value: best[1] });
        expect(table.size).toBe(entries.size);
        if (table.version === before.version) expect(table.longestMatch(address)?.value).toBe(before.answer);
      }
    }),
  );
});

it('keeps its version while only things are taken away that are not there', () => {
  const table = new PrefixTable<string>();
  table.set('10.0.0.0/8', 'a');
  const { version } = table;
  table.delete('10.0.0.0/9');
  expect(table.version).toBe(version);
  table.delete('10.0.0.0/8');
  expect(table.version).toBeGreaterThan(version);
});
