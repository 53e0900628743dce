import type { Measurement } from '../lab/measurement.ts';
import { suggestion } from '../lab/nearest.ts';
import type { Probe, ProbeName } from '../lab/probe.ts';
import { type Field, type Fields, readFields } from './fields.ts';
import type { Mistakes, Place } from './mistakes.ts';
import type { Placed, PlacedMap } from './placed-yaml.ts';
import { measurementFields, probeFields } from './probe-fields.ts';
import type { Vocabulary } from './vocabulary.ts';

const absentField: Field = { type: { oneOf: [true] }, optional: true };

/** Reads "bgp.session: {node: …}": the one key of the map that is not in `beside` names the probe. */
export function readProbe(
  map: PlacedMap,
  beside: readonly string[],
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Probe | undefined {
  const named = [...map.entries].filter(([key]) => !beside.includes(key));
  const [name, entry] = named[0] ?? [];
  const names = Object.keys(probeFields);
  if (name === undefined || entry === undefined) {
    mistakes.add(map.place, 'no-probe', 'a probe is missing here', `one of ${names.join(', ')}`);
    return undefined;
  }
  const second = named[1];
  if (second !== undefined) {
    mistakes.add(
      second[1].place,
      'two-probes',
      `"${second[0]}" stands beside the probe ${name}`,
      beside.length > 0
        ? `one probe in each item, and beside it ${beside.join(', ')}`
        : 'one probe in each item',
    );
    return undefined;
  }
  if (!isProbeName(name)) {
    mistakes.add(entry.place, 'unknown-probe', `unknown probe "${name}"`, suggestion(name, names));
    return undefined;
  }
  return probeFrom(name, entry.value, entry.place, vocabulary, mistakes);
}

/** Reads "measure: next-hops" with its fields. */
export function readMeasurement(
  value: Placed,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Measurement | undefined {
  const names = Object.keys(measurementFields);
  const named = value.kind === 'map' ? value.entries.get('measure') : undefined;
  if (value.kind !== 'map' || named === undefined || named.value.kind !== 'scalar') {
    mistakes.add(
      value.place,
      'no-measure',
      'the answer comes from a measurement',
      'measure: next-hops, with its fields',
    );
    return undefined;
  }
  const name = String(named.value.value);
  if (!Object.hasOwn(measurementFields, name)) {
    mistakes.add(
      named.value.place,
      'unknown-measure',
      `unknown measurement "${name}"`,
      suggestion(name, names),
    );
    return undefined;
  }
  const fields: Fields = {
    ...measurementFields[name as Measurement['measure']],
    measure: { type: { oneOf: names } },
  };
  const values = readFields(value, `the measurement ${name}`, fields, vocabulary, mistakes);
  return values as Measurement | undefined;
}

function probeFrom(
  name: ProbeName,
  value: Placed,
  place: Place,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Probe | undefined {
  const empty: PlacedMap = { kind: 'map', place, entries: new Map() };
  const map = value.kind === 'scalar' && value.value === null ? empty : value;
  if (map.kind !== 'map') {
    mistakes.add(
      value.place,
      'probe-fields',
      `the fields of ${name} are missing`,
      `${name}: {field: value, …}`,
    );
    return undefined;
  }
  const fields: Fields = { ...probeFields[name], absent: absentField };
  const values = readFields(map, `the probe ${name}`, fields, vocabulary, mistakes);
  return values === undefined ? undefined : ({ probe: name, ...values } as Probe);
}

function isProbeName(name: string): name is ProbeName {
  return Object.hasOwn(probeFields, name);
}
