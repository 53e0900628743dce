import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkCourse } from '../course/check-course.ts';
import type { Course } from '../course/lesson.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import { runLesson } from '../effects/run-lesson.ts';
import type { FileError } from '../lab/lab-error.ts';
import { linesTooMany } from '../ui/lesson/lines-too-many.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, failed, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons } from './open-course.ts';
import { countText, lessonsFolderOf, mistakesText, openLab } from './open-lab.ts';
import { startEngine } from './start-engine.ts';

/** Lints lessons like code: what can be read, then what only running shows. */
export const checkLessons: RunCommand = async (args, io) => {
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const folder = lessonsFolderOf(args, io);
  const reading = readCourseFrom(folder, vocabularyOf(opened.lab));
  const chosen =
    args.operands.length === 0 ? reading.course.lessons : namedLessons(reading.course, args.operands);
  if (typeof chosen === 'string' && reading.errors.length === 0) {
    io.stderr.write(`srklab-tutor: ${chosen}\n`);
    return usage;
  }
  const lessons = typeof chosen === 'string' ? [] : chosen;
  const course: Course = { lessons };
  const errors = [
    ...reading.errors,
    ...checkCourse(course, {
      fileExists: path => existsSync(join(dirname(folder), path)),
      misunderstood: () => undefined,
      linesTooMany: (lesson, step) => linesTooMany(opened.lab, lesson, step),
    }),
  ];
  const broken = errors.some(error => error.severity === 'error');
  const played = broken || args.switches.has('no-run') ? [] : await play();
  if (typeof played === 'string') {
    io.stderr.write(`srklab-tutor: ${played}\n`);
    return usage;
  }
  const all = [...errors, ...played];
  if (args.switches.has('json')) io.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  else if (all.length > 0) io.stdout.write(`${mistakesText(all, reading.texts)}\n`);
  if (io.interrupted.aborted) return interrupted;
  io.stderr.write(`${countText(all)} in ${lessons.length} lessons of ${folder}\n`);
  if (broken) return badFiles;
  return played.length > 0 ? failed : ok;

  async function play(): Promise<FileError[] | string> {
    const found: FileError[] = [];
    for (const lesson of lessons) {
      const engine = await startEngine(args, opened?.lab ?? labMissing());
      if (typeof engine === 'string') return engine;
      const report = await runLesson(engine, lesson, { signal: io.interrupted });
      await engine.stop();
      for (const step of report.steps) {
        found.push(...step.problems.map(message => problem(report.file, step.line, message)));
      }
    }
    return found;
  }
};

function problem(file: string, line: number, message: string): FileError {
  return { code: 'does-not-play', file, line, column: 1, message, severity: 'error' };
}

function labMissing(): never {
  throw new Error('a lesson is checked without a lab');
}
