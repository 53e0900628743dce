import type { FileError } from '../lab/lab-error.ts';
import type { CommandToRun, Course, Lesson, Step } from './lesson.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What the content rules need from outside; each is asked once per thing. */
export type CourseSurroundings = {
  readonly vocabulary: Vocabulary;
  /** Whether a path relative to the lessons folder's parent exists. */
  readonly fileExists: (path: string) => boolean;
  /** Undefined when the embedded lab understands the command; else why not. */
  readonly misunderstood: (command: CommandToRun) => string | undefined;
  /** Lines that the step's text needs too many at 80×24; 0 when it fits. */
  readonly linesTooMany: (lesson: Lesson, step: Step) => number;
};

/** Every broken content rule, in order of files and lines. What running would show is `lesson-run.ts`'s. */
export function checkCourse(_course: Course, _surroundings: CourseSurroundings): FileError[] {
  throw new Error('not yet');
}
