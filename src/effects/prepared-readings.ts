import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Course } from '../course/lesson.ts';
import type { LessonFile } from '../course/parse-course.ts';
import type { Vocabulary } from '../course/vocabulary.ts';
import type { LabReading } from '../lab/files/read-lab.ts';
import { readTextFile } from './read-text-file.ts';

type ReadLab = Extract<LabReading, { outcome: 'read' }>;

/** What was read from the package's own files when the program was built, so that it need not be parsed at every start. */
export type PreparedReadings = {
  /** Name of the lab file; the texts it was read from are `reading.lab.files`. */
  readonly lab: { readonly file: string; readonly reading: ReadLab };
  readonly course: {
    readonly files: readonly LessonFile[];
    readonly vocabulary: Vocabulary;
    readonly course: Course;
  };
};

/** The prepared reading of a lab, if every file of it still says what it said then. */
export function preparedLab(file: string): LabReading | undefined {
  const lab = prepared()?.lab;
  if (lab === undefined || lab.file !== basename(file)) return undefined;
  for (const [path, text] of lab.reading.lab.files) {
    if (readTextFile(join(dirname(file), path)) !== text) return undefined;
  }
  return lab.reading;
}

/** The prepared course, if it was made from these files and these names. */
export function preparedCourse(files: readonly LessonFile[], vocabulary: Vocabulary): Course | undefined {
  const course = prepared()?.course;
  if (course === undefined || course.files.length !== files.length) return undefined;
  const same = course.files.every(
    ({ file, text }, index) => file === files[index]?.file && text === files[index]?.text,
  );
  return same && toJson(vocabulary) === toJson(course.vocabulary) ? course.course : undefined;
}

/** A value as JSON that remembers where in it the Maps are. */
export function toJson(value: unknown): string {
  const maps: string[][] = [];
  return JSON.stringify({ maps, value: withoutMaps(value, [], maps) });
}

export function fromJson(text: string): unknown {
  const read = JSON.parse(text) as { readonly maps: readonly (readonly string[])[]; value: unknown };
  for (const path of read.maps) {
    let holder = read as unknown as Record<string, unknown>;
    let name = 'value';
    for (const step of path) {
      holder = holder[name] as Record<string, unknown>;
      name = step;
    }
    holder[name] = new Map(holder[name] as [unknown, unknown][]);
  }
  return read.value;
}

/** Paths of inner Maps come before those of the Maps they are in. */
function withoutMaps(value: unknown, path: readonly string[], maps: string[][]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isMap = value instanceof Map;
  const plain = isMap ? [...value] : value;
  const copy: unknown = Array.isArray(plain)
    ? plain.map((part, index) => withoutMaps(part, [...path, String(index)], maps))
    : Object.fromEntries(
        Object.entries(plain).map(([name, part]) => [name, withoutMaps(part, [...path, name], maps)]),
      );
  if (isMap) maps.push([...path]);
  return copy;
}

let readings: PreparedReadings | undefined | 'not looked for' = 'not looked for';

/** They lie beside the bundle; there are none where the program runs from its sources. */
function prepared(): PreparedReadings | undefined {
  if (readings !== 'not looked for') return readings;
  try {
    readings = fromJson(readFileSync(new URL('prepared.json', import.meta.url), 'utf8')) as PreparedReadings;
  } catch {
    readings = undefined;
  }
  return readings;
}
