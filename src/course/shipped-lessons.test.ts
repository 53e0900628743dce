import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readLabFrom } from '../effects/lab-files.ts';
import { formatFileError } from '../lab/lab-error.ts';
import { linesTooMany } from '../ui/lesson/lines-too-many.ts';
import { checkCourse } from './check-course.ts';
import { blocksOf } from './lesson.ts';
import { parseCourse } from './parse-course.ts';
import { vocabularyOf } from './vocabulary.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reading = readLabFrom(`${root}srklab.yml`);
if (reading.outcome !== 'read') throw new Error('the lab of the talk cannot be read');
const { lab } = reading;
const files = readdirSync(`${root}lessons`).map(folder => {
  const file = `lessons/${folder}/lesson.md`;
  return { file, text: readFileSync(root + file, 'utf8') };
});
const { course, errors } = parseCourse(files, vocabularyOf(lab));

describe('the lessons of the talk', () => {
  it('can be read and break no rule about content', () => {
    const broken = checkCourse(course, {
      fileExists: path => existsSync(root + path),
      misunderstood: () => undefined,
      linesTooMany: (lesson, step) => linesTooMany(lab, lesson, step),
    });
    expect([...errors, ...broken].map(error => formatFileError(error))).toEqual([]);
  });

  it.each(course.lessons.map(lesson => [lesson.id, lesson] as const))(
    '%s ends with three things to remember, its sources and a question to look up',
    (id, lesson) => {
      const last = lesson.steps.at(-1);
      expect(last?.title).toBe('Three things to remember');
      const text =
        last === undefined
          ? ''
          : blocksOf(last, 'prose')
              .map(block => block.markdown)
              .join('\n');
      expect(text.match(/^[123]\. /gm)).toHaveLength(3);
      expect(text).toMatch(/^Sources: /m);
      const questions = lesson.steps.slice(-2).flatMap(step => blocksOf(step, 'predict'));
      expect([id, questions.length > 0]).toEqual([id, true]);
    },
  );

  it.each(course.lessons.map(lesson => [lesson.id, lesson] as const))(
    '%s: every step has speaker notes, and their minutes fit the plan',
    (_, lesson) => {
      const minutes = lesson.steps.map(step =>
        blocksOf(step, 'notes').reduce((sum, notes) => sum + (notes.minutes ?? 0), 0),
      );
      expect(minutes.every(planned => planned > 0)).toBe(true);
      const sum = minutes.reduce((total, planned) => total + planned, 0);
      expect(sum).toBeLessThanOrEqual(lesson.minutes);
      expect(sum).toBeGreaterThan(lesson.minutes * 0.75);
    },
  );
});
