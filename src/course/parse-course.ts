import type { FileError } from '../lab/lab-error.ts';
import type { Course, Lesson } from './lesson.ts';
import { parseLesson } from './parse-lesson.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Path relative to the lessons folder's parent → text: "lessons/05-service/lesson.md". */
export type LessonFile = { readonly file: string; readonly text: string };

/** Lessons that could be read, in order of their ids, and the mistakes of all that could not. */
export function parseCourse(
  files: readonly LessonFile[],
  vocabulary: Vocabulary,
): { readonly course: Course; readonly errors: readonly FileError[] } {
  const lessons: Lesson[] = [];
  const errors: FileError[] = [];
  for (const { file, text } of [...files].sort((a, b) => compare(a.file, b.file))) {
    const parsed = parseLesson(text, file, vocabulary);
    if ('lesson' in parsed) lessons.push(parsed.lesson);
    else errors.push(...parsed.errors);
  }
  return { course: { lessons: lessons.sort((a, b) => compare(a.id, b.id)) }, errors };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
