import type { LabEngine } from '../lab/engine.ts';
import { suggestion } from '../lab/nearest.ts';
import type { Lesson } from './lesson.ts';
import type { Mistakes } from './mistakes.ts';
import { type PlacedMap, parsePlacedYaml } from './placed-yaml.ts';
import type { Vocabulary } from './vocabulary.ts';

export type FrontMatter = Pick<Lesson, 'id' | 'title' | 'minutes' | 'stages' | 'engines' | 'lab'>;

const keys = ['id', 'title', 'minutes', 'stages', 'engines', 'lab'];
const engineNames: readonly LabEngine['name'][] = ['embedded', 'frr', 'containerlab', 'recording'];

/** Reads what stands between the two `---` lines at the top of a lesson; `text` is what is between. */
export function readFrontMatter(
  text: string,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): FrontMatter | undefined {
  const yaml = parsePlacedYaml(text, 2, mistakes);
  if (yaml === undefined) return undefined;
  if (yaml.kind !== 'map') {
    mistakes.add(
      yaml.place,
      'front-matter',
      'a lesson begins with its id, title and minutes',
      'id: 05-service',
    );
    return undefined;
  }
  for (const [key, { place }] of yaml.entries) {
    if (!keys.includes(key))
      mistakes.add(place, 'unknown-field', `a lesson has no field "${key}"`, suggestion(key, keys));
  }
  const id = scalar(yaml, 'id', mistakes);
  const title = scalar(yaml, 'title', mistakes);
  const minutes = scalar(yaml, 'minutes', mistakes);
  const stages = list(yaml, 'stages', vocabulary.stages, mistakes);
  const engines = list(yaml, 'engines', engineNames, mistakes);
  const lab = yaml.entries.has('lab') ? scalar(yaml, 'lab', mistakes) : undefined;
  if (lab !== undefined && lab !== 'scaled-out') {
    mistakes.add(placeOf(yaml, 'lab'), 'wrong-value', `there is no lab "${lab}"`, 'lab: scaled-out');
    return undefined;
  }
  if (id === undefined || title === undefined || minutes === undefined || stages === undefined)
    return undefined;
  if (!/^[0-9a-z]+(-[0-9a-z]+)*$/.test(String(id))) {
    mistakes.add(
      placeOf(yaml, 'id'),
      'wrong-id',
      `"${id}" cannot be an id`,
      'lower case words and hyphens, as 05-service',
    );
    return undefined;
  }
  if (typeof minutes !== 'number' || minutes <= 0) {
    mistakes.add(placeOf(yaml, 'minutes'), 'wrong-value', `"${minutes}" is not a number of minutes`);
    return undefined;
  }
  return {
    id: String(id),
    title: String(title),
    minutes,
    stages,
    ...(lab !== undefined && { lab }),
    ...(yaml.entries.has('engines') &&
      engines !== undefined && { engines: engineNames.filter(name => engines.includes(name)) }),
  };
}

function scalar(map: PlacedMap, key: string, mistakes: Mistakes): string | number | undefined {
  const value = map.entries.get(key)?.value;
  if (value?.kind === 'scalar' && (typeof value.value === 'string' || typeof value.value === 'number')) {
    return value.value;
  }
  mistakes.add(value?.place ?? map.place, 'missing-field', `the lesson's ${key} is missing`);
  return undefined;
}

/** A list of known names; an absent key is an empty list. */
function list(
  map: PlacedMap,
  key: string,
  known: readonly string[],
  mistakes: Mistakes,
): string[] | undefined {
  const value = map.entries.get(key)?.value;
  if (value === undefined) return [];
  if (value.kind !== 'list') {
    mistakes.add(value.place, 'wrong-value', `${key} is a list`, `${key}: [${known[0] ?? ''}]`);
    return undefined;
  }
  const names: string[] = [];
  for (const item of value.items) {
    const name = item.kind === 'scalar' ? String(item.value) : '';
    if (known.includes(name)) names.push(name);
    else {
      mistakes.add(item.place, 'unknown-name', `there is no "${name}" for ${key}`, suggestion(name, known));
      return undefined;
    }
  }
  return names;
}

function placeOf(map: PlacedMap, key: string) {
  return map.entries.get(key)?.value.place ?? map.place;
}
