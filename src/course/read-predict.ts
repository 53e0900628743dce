import { unitOf } from '../lab/measurement.ts';
import { suggestion } from '../lab/nearest.ts';
import type { Choice, Prediction } from './lesson.ts';
import type { LiveBlock } from './live-block.ts';
import type { Mistakes } from './mistakes.ts';
import { type Placed, type PlacedMap, parsePlacedYaml } from './placed-yaml.ts';
import { readMeasurement, readProbe } from './read-probe.ts';
import type { Vocabulary } from './vocabulary.ts';

const keys = ['question', 'kind', 'choices', 'unit', 'answer-from'];

/** Reads a `predict` block. Its id is given by whoever knows lesson and step. */
export function readPrediction(
  block: LiveBlock,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Omit<Prediction, 'id'> | undefined {
  const yaml = parsePlacedYaml(block.content, block.contentLine, mistakes);
  if (yaml === undefined) return undefined;
  if (yaml.kind !== 'map') {
    mistakes.add(yaml.place, 'predict', 'a prediction is question, kind and answer', 'question: …');
    return undefined;
  }
  for (const [key, { place }] of yaml.entries) {
    if (!keys.includes(key))
      mistakes.add(place, 'unknown-field', `a prediction has no field "${key}"`, suggestion(key, keys));
  }
  const question = text(yaml, 'question', mistakes);
  const kind = text(yaml, 'kind', mistakes);
  if (question === undefined || kind === undefined) return undefined;
  const source = yaml.entries.get('answer-from');
  const measurement = source === undefined ? undefined : readMeasurement(source.value, vocabulary, mistakes);
  if (source !== undefined && measurement === undefined) return undefined;
  if (kind === 'number') {
    if (measurement === undefined) {
      mistakes.add(
        yaml.place,
        'no-answer',
        'nothing says where the answer comes from',
        'answer-from: {measure: …}',
      );
      return undefined;
    }
    const unit = yaml.entries.has('unit') ? text(yaml, 'unit', mistakes) : unitOf(measurement);
    return unit === undefined ? undefined : { question, answer: { kind, unit, measurement } };
  }
  if (kind !== 'choice') {
    mistakes.add(
      yaml.entries.get('kind')?.value.place ?? yaml.place,
      'predict',
      `unknown kind "${kind}"`,
      'choice or number',
    );
    return undefined;
  }
  const choices = readChoices(yaml, measurement !== undefined, vocabulary, mistakes);
  if (choices === undefined) return undefined;
  return { question, answer: { kind, choices, ...(measurement !== undefined && { measurement }) } };
}

function readChoices(
  map: PlacedMap,
  measured: boolean,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Choice[] | undefined {
  const list = map.entries.get('choices')?.value;
  if (list?.kind !== 'list' || list.items.length < 2) {
    mistakes.add(
      list?.place ?? map.place,
      'predict',
      'a choice needs at least two choices',
      'choices: [{text: …}, …]',
    );
    return undefined;
  }
  const choices: Choice[] = [];
  for (const item of list.items) {
    const choice = readChoice(item, measured, vocabulary, mistakes);
    if (choice === undefined) return undefined;
    choices.push(choice);
  }
  return choices;
}

function readChoice(
  item: Placed,
  measured: boolean,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Choice | undefined {
  if (item.kind !== 'map') {
    mistakes.add(
      item.place,
      'predict',
      'a choice has a text and says when it is right',
      'text: …, from: 0, to: 10',
    );
    return undefined;
  }
  const label = text(item, 'text', mistakes);
  if (label === undefined) return undefined;
  const condition = item.entries.get('when')?.value;
  if (condition !== undefined) {
    if (condition.kind !== 'map') {
      mistakes.add(condition.place, 'no-probe', 'a probe is missing here', 'when: {rib.nexthops: {…}}');
      return undefined;
    }
    const probe = readProbe(condition, [], vocabulary, mistakes);
    return probe === undefined ? undefined : { text: label, when: { type: 'probe', probe } };
  }
  const from = number(item, 'from', mistakes);
  const to = number(item, 'to', mistakes);
  if (!measured || (from === undefined && to === undefined)) {
    mistakes.add(
      item.place,
      'no-answer',
      `nothing says when "${label}" is right`,
      measured ? 'from: and to: around the measured number, or when: with a probe' : 'when: with a probe',
    );
    return undefined;
  }
  return {
    text: label,
    when: { type: 'range', ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
  };
}

function text(map: PlacedMap, key: string, mistakes: Mistakes): string | undefined {
  const value = map.entries.get(key)?.value;
  if (value?.kind === 'scalar' && value.value !== null && String(value.value).trim() !== '')
    return String(value.value);
  mistakes.add(value?.place ?? map.place, 'missing-field', `"${key}" is missing`);
  return undefined;
}

function number(map: PlacedMap, key: string, mistakes: Mistakes): number | undefined {
  const value = map.entries.get(key)?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'scalar' && typeof value.value === 'number') return value.value;
  mistakes.add(value.place, 'wrong-value', `"${key}" must be a number`);
  return undefined;
}
