import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Course } from '../course/lesson.ts';
import { type LessonFile, parseCourse } from '../course/parse-course.ts';
import type { Vocabulary } from '../course/vocabulary.ts';
import type { FileError } from '../lab/lab-error.ts';
import { preparedCourse } from './prepared-readings.ts';
import { readTextFile } from './read-text-file.ts';

export type CourseReading = {
  readonly course: Course;
  /** Mistakes in lessons and files that could not be read; the lessons they are in are left out. */
  readonly errors: readonly FileError[];
  /** By the names used in `errors`. */
  readonly texts: ReadonlyMap<string, string>;
};

/** Reads the lessons in a folder: every `<folder>/NN-slug/lesson.md`. */
export function readCourseFrom(folder: string, vocabulary: Vocabulary): CourseReading {
  const shown = basename(resolve(folder));
  const files: LessonFile[] = [];
  const errors: FileError[] = [];
  for (const name of lessonFolders(folder)) {
    const file = `${shown}/${name}/lesson.md`;
    const text = readTextFile(join(folder, name, 'lesson.md'));
    if (typeof text === 'string') files.push({ file, text });
    else
      errors.push(
        unreadable(file, `${text.problem}${text.because === undefined ? '' : `: ${text.because}`}`),
      );
  }
  if (files.length === 0 && errors.length === 0) {
    const why = existsSync(folder) ? 'the folder holds no lessons' : 'the folder does not exist';
    errors.push(unreadable(folder, why));
  }
  const known = preparedCourse(files, vocabulary);
  const parsed = known === undefined ? parseCourse(files, vocabulary) : { course: known, errors: [] };
  return {
    course: parsed.course,
    errors: [...errors, ...parsed.errors],
    texts: new Map(files.map(({ file, text }) => [file, text])),
  };
}

/** Names of the folders that hold a lesson, sorted. */
export function lessonFolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && existsSync(join(folder, entry.name, 'lesson.md')))
      .map(entry => entry.name)
      .sort();
  } catch {
    return [];
  }
}

function unreadable(file: string, why: string): FileError {
  return {
    code: 'unreadable-lesson',
    file,
    line: 1,
    column: 1,
    message: `the lesson cannot be read: ${why}`,
    expected: 'folders named like 05-service with a lesson.md in each',
    severity: 'error',
  };
}
