import type { Course, Lesson } from '../course/lesson.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import type { Lab } from '../lab/lab.ts';
import { nearest } from '../lab/nearest.ts';
import type { Arguments } from './command-table.ts';
import { countText, lessonsFolderOf, mistakesText } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';

/** The lessons that a command line names; undefined when there are mistakes in them, which were written to stderr. */
export function openCourse(args: Arguments, io: ProgramIo, lab: Lab): Course | undefined {
  const folder = lessonsFolderOf(args, io);
  const { course, errors, texts } = readCourseFrom(folder, vocabularyOf(lab));
  if (!errors.some(error => error.severity === 'error')) return course;
  io.stderr.write(`${mistakesText(errors, texts)}\n${countText(errors)} in the lessons ${folder}\n`);
  return undefined;
}

/** The lessons that were named, by id or by number; a sentence when one does not exist. */
export function namedLessons(course: Course, names: readonly string[]): Lesson[] | string {
  const found: Lesson[] = [];
  for (const name of names) {
    const lesson = course.lessons.find(
      candidate => candidate.id === name || candidate.id.split('-')[0] === name.padStart(2, '0'),
    );
    if (lesson === undefined) {
      const ids = course.lessons.map(candidate => candidate.id);
      const near = nearest(name, ids);
      return `there is no lesson "${name}"; ${near === undefined ? `there are ${ids.join(', ')}` : `did you mean "${near}"?`}`;
    }
    found.push(lesson);
  }
  return found;
}
