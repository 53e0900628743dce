import type { FileError } from '../lab/lab-error.ts';
import type { Course } from './lesson.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Path relative to the lessons folder's parent → text: "lessons/05-service/lesson.md". */
export type LessonFile = { readonly file: string; readonly text: string };

/** Lessons that could be read, in order of their ids, and the mistakes of all that could not. */
export function parseCourse(
  _files: readonly LessonFile[],
  _vocabulary: Vocabulary,
): { readonly course: Course; readonly errors: readonly FileError[] } {
  throw new Error('not yet');
}
