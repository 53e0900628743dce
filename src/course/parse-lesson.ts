import type { FileError } from '../lab/lab-error.ts';
import type { Lesson } from './lesson.ts';
import type { Vocabulary } from './vocabulary.ts';

export type ParsedLesson =
  | { readonly lesson: Lesson; readonly warnings: readonly FileError[] }
  | { readonly errors: readonly FileError[] };

/** A lesson's text → Lesson, or every mistake in it with its position. `file` is the path shown: "lessons/05-service/lesson.md". */
export function parseLesson(_text: string, _file: string, _vocabulary: Vocabulary): ParsedLesson {
  throw new Error('not yet');
}
