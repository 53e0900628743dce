import { suggestion } from '../lab/nearest.ts';
import { isIpv4 } from '../net/address.ts';
import { isMac } from '../net/mac.ts';
import { isPrefix } from '../net/prefix.ts';
import { parseDuration } from './duration.ts';
import { parseFault } from './fault-text.ts';
import { findLink } from './link-name.ts';
import type { Mistakes, Place } from './mistakes.ts';
import type { Placed, PlacedMap } from './placed-yaml.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What may stand in a field of a probe or measurement. */
export type FieldType =
  | 'switch'
  | 'node'
  | 'nodes'
  /** A network-instance of the switch in the field `node`. */
  | 'instance'
  | 'cluster'
  | 'stage'
  /** Two node names, or two ends. */
  | 'link'
  | 'fault'
  /** An address or a node name. */
  | 'peer'
  | 'peers'
  | 'prefix'
  | 'address'
  | 'mac'
  | 'text'
  | 'count'
  | 'port'
  /** 0 to 1. */
  | 'fraction'
  | 'duration'
  /** "node", "pod", or "<switch> <instance>". */
  | 'spread-over'
  | { readonly oneOf: readonly (string | number | boolean)[] };

export type Field = { readonly type: FieldType; readonly optional?: true };
export type Fields = Readonly<Record<string, Field>>;

/** Reads a map's fields as `fields` says. Undefined, with the mistakes noted, when one is wrong, missing or unknown. */
export function readFields(
  map: PlacedMap,
  what: string,
  fields: Fields,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Record<string, unknown> | undefined {
  const start = mistakes.found.length;
  const values: Record<string, unknown> = {};
  for (const [name, { place, value }] of map.entries) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      mistakes.add(
        place,
        'unknown-field',
        `${what} has no field "${name}"`,
        suggestion(name, Object.keys(fields)),
      );
      continue;
    }
    const outcome = readValue(value, field.type, map, vocabulary);
    if ('problem' in outcome)
      mistakes.add(outcome.place ?? value.place, 'wrong-value', outcome.problem, outcome.expected);
    else values[name] = outcome.value;
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.optional !== true && !map.entries.has(name))
      mistakes.add(map.place, 'missing-field', `${what} needs the field "${name}"`);
  }
  return mistakes.found.length > start ? undefined : values;
}

type Outcome =
  | { readonly value: unknown }
  | { readonly problem: string; readonly expected?: string; readonly place?: Place };

function readValue(placed: Placed, type: FieldType, map: PlacedMap, vocabulary: Vocabulary): Outcome {
  if (type === 'nodes' || type === 'peers') {
    if (placed.kind !== 'list') return { problem: 'a list is needed here', expected: '[a, b]' };
    return readList(placed.items, type === 'nodes' ? 'node' : 'peer', map, vocabulary);
  }
  if (placed.kind !== 'scalar' || placed.value === null || placed.value === '')
    return { problem: 'one value is needed here' };
  const { value } = placed;
  const text = String(value);
  if (typeof type === 'object')
    return type.oneOf.includes(value) ? { value } : notOneOf(text, type.oneOf.map(String));
  switch (type) {
    case 'switch':
      return known('switch', text, vocabulary.switches);
    case 'node':
      return known('node', text, vocabulary.nodes);
    case 'cluster':
      return known('cluster', text, vocabulary.clusters);
    case 'stage':
      return known('stage', text, vocabulary.stages);
    case 'instance':
      return readInstance(text, textOf(map, 'node'), vocabulary);
    case 'peer':
      return isIpv4(text) ? { value: text } : known('node', text, vocabulary.nodes);
    case 'prefix':
      return isPrefix(text)
        ? { value: text }
        : { problem: `"${text}" is not a prefix`, expected: '10.254.254.240/32' };
    case 'address':
      return isIpv4(text) ? { value: text } : { problem: `"${text}" is not an IPv4 address` };
    case 'mac':
      return isMac(text)
        ? { value: text }
        : { problem: `"${text}" is not a MAC address`, expected: '00:00:5e:00:01:01' };
    case 'text':
      return { value: text };
    case 'count':
      return within(value, 0, 100_000, true);
    case 'port':
      return within(value, 1, 65_535, true);
    case 'fraction':
      return within(value, 0, 1, false);
    case 'duration': {
      const duration = parseDuration(text);
      return duration === undefined
        ? { problem: `"${text}" is not a duration`, expected: '250ms, 30s or 2m' }
        : { value: duration };
    }
    case 'link': {
      const [a = '', b = ''] = text.split(/\s+/);
      const named = findLink(a, b, vocabulary);
      return 'problem' in named ? named : { value: named.link };
    }
    case 'fault': {
      const parsed = parseFault(text, vocabulary);
      return 'problem' in parsed ? parsed : { value: parsed.fault };
    }
    case 'spread-over':
      return readSpreadOver(text, vocabulary);
  }
}

function readList(
  items: readonly Placed[],
  type: FieldType,
  map: PlacedMap,
  vocabulary: Vocabulary,
): Outcome {
  const values: unknown[] = [];
  for (const item of items) {
    const outcome = readValue(item, type, map, vocabulary);
    if ('problem' in outcome) return { place: item.place, ...outcome };
    values.push(outcome.value);
  }
  return { value: values };
}

function readInstance(text: string, node: string | undefined, vocabulary: Vocabulary): Outcome {
  const instances = node === undefined ? undefined : vocabulary.instances.get(node);
  if (instances === undefined || instances.includes(text)) return { value: text };
  return { problem: `${node} has no network-instance "${text}"`, expected: suggestion(text, instances) };
}

function readSpreadOver(text: string, vocabulary: Vocabulary): Outcome {
  if (text === 'node' || text === 'pod') return { value: text };
  const [node = '', instance = '', ...more] = text.split(/\s+/);
  if (instance === '' || more.length > 0)
    return {
      problem: `flows cannot be spread over "${text}"`,
      expected: 'node, pod, or "<switch> <network-instance>"',
    };
  const switchKnown = known('switch', node, vocabulary.switches);
  if ('problem' in switchKnown) return switchKnown;
  const instanceKnown = readInstance(instance, node, vocabulary);
  return 'problem' in instanceKnown ? instanceKnown : { value: { node, instance } };
}

function known(what: string, text: string, names: readonly string[]): Outcome {
  return names.includes(text)
    ? { value: text }
    : { problem: `there is no ${what} "${text}"`, expected: suggestion(text, names) };
}

function notOneOf(text: string, names: readonly string[]): Outcome {
  return { problem: `"${text}" is not possible here`, expected: suggestion(text, names) };
}

function within(value: string | number | boolean, from: number, to: number, whole: boolean): Outcome {
  if (typeof value === 'number' && value >= from && value <= to && (!whole || Number.isInteger(value)))
    return { value };
  return {
    problem: `"${value}" is not a ${whole ? 'whole ' : ''}number from ${from} to ${to}`,
  };
}

function textOf(map: PlacedMap, name: string): string | undefined {
  const value = map.entries.get(name)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}
