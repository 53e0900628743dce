import * as v from 'valibot';
import { isIpv4 } from '../../net/address.ts';
import { shown } from './shapes.ts';

/* Fields as they occur in objects of Kubernetes and MetalLB, with what a person is told when they are wrong. */

export const text = v.string(
  issue => `${issue.received} is no text\na text (numbers and true/false need quotes)`,
);
export const number = (from: number, to: number) =>
  v.pipe(
    v.number(issue => `${issue.received} is no number\na number from ${from} to ${to}`),
    v.check(
      value => Number.isInteger(value) && value >= from && value <= to,
      issue => `${issue.input} is out of range\na number from ${from} to ${to}`,
    ),
  );
export const truth = v.boolean(issue => `${issue.received} is neither true nor false\ntrue or false`);
export const texts = v.record(
  v.string('a key should be a text\nkey: value'),
  text,
  'this should be a map of texts\nkey: value',
);
export const listOf = <const Item extends v.GenericSchema>(item: Item) =>
  v.array(item, 'this should be a list\n- …');
export const ipv4 = v.pipe(
  text,
  v.check(isIpv4, issue => `"${shown(issue.input)}" is no IPv4 address\nlike 1.1.1.201`),
);
export const asn = number(1, 4_294_967_295);
export const port = number(1, 65_535);
export const map = 'this should be a map of keys and values\nkey: value';

export const selector = v.looseObject(
  {
    matchLabels: v.nullish(texts),
    matchExpressions: v.nullish(
      listOf(
        v.strictObject(
          {
            key: text,
            operator: v.picklist(
              ['In', 'NotIn', 'Exists', 'DoesNotExist'],
              issue => `${issue.received} is no operator\nIn, NotIn, Exists or DoesNotExist`,
            ),
            values: v.nullish(listOf(text)),
          },
          unknownOrMissing(['key', 'operator', 'values']),
        ),
      ),
    ),
  },
  map,
);

export function closed<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, unknownOrMissing(Object.keys(entries)));
}

export function unknownOrMissing(known: readonly string[]) {
  return (issue: v.BaseIssue<unknown>): string => {
    const key = String(issue.path?.at(-1)?.key ?? '');
    if (issue.expected === 'never') return `unknown key "${key}"\n${known.join(', ')}`;
    if (issue.received === 'undefined' && issue.expected !== 'Object')
      return `the key "${key}" is missing\n${key}: …`;
    return map;
  };
}
