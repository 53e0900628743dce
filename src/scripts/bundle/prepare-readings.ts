import { deepStrictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vocabularyOf } from '../../course/vocabulary.ts';
import { readLabFrom } from '../../effects/lab-files.ts';
import { readCourseFrom } from '../../effects/lesson-files.ts';
import { fromJson, type PreparedReadings, toJson } from '../../effects/prepared-readings.ts';

/** Reads the lab and the lessons that ship with the package, once, for everybody. Undefined when there are mistakes in them. */
export function prepareReadings(root: string): PreparedReadings | undefined {
  const prepared = read(root);
  if (prepared === undefined) {
    process.stderr.write(
      'The lab or the lessons have mistakes, so nothing is prepared; the program will name them.\n',
    );
  }
  return prepared;
}

export function writePrepared(prepared: PreparedReadings, outfile: string): void {
  const json = toJson(prepared);
  deepStrictEqual(fromJson(json), prepared, 'A reading holds something that JSON does not carry');
  writeFileSync(outfile, json);
}

/** What the list of lessons shows of each: the text before its first step. */
export function introductions({ course }: PreparedReadings): string[] {
  return course.course.lessons.flatMap(({ introduction }) => {
    const prose = introduction.find(block => block.type === 'prose');
    return prose?.type === 'prose' ? [prose.markdown] : [];
  });
}

function read(root: string): PreparedReadings | undefined {
  const reading = readLabFrom(join(root, 'srklab.yml'));
  if (reading.outcome === 'refused') return undefined;
  const vocabulary = vocabularyOf(reading.lab);
  const { course, errors, texts } = readCourseFrom(join(root, 'lessons'), vocabulary);
  if (errors.length > 0) return undefined;
  const files = [...texts].map(([file, text]) => ({ file, text }));
  return { lab: { file: 'srklab.yml', reading }, course: { files, vocabulary, course } };
}
