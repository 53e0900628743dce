import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkCourse } from '../course/check-course.ts';
import type { Course, Lesson } from '../course/lesson.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import { runLesson } from '../effects/run-lesson.ts';
import { commandKey, commandsNotUnderstood } from '../effects/understood-commands.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import type { FileError } from '../lab/lab-error.ts';
import { linesTooMany } from '../ui/lesson/lines-too-many.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, failed, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons } from './open-course.ts';
import { countText, lessonsFolderOf, mistakesText, openLab } from './open-lab.ts';
import { seedOf, startEngine } from './start-engine.ts';

/** Lints lessons like code: what can be read, then what only running shows. */
export const checkLessons: RunCommand = async (args, io) => {
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const { lab } = opened;
  const seed = seedOf(args);
  const folder = lessonsFolderOf(args, io);
  const reading = readCourseFrom(folder, vocabularyOf(lab));
  const chosen =
    args.operands.length === 0 ? reading.course.lessons : namedLessons(reading.course, args.operands);
  if (typeof seed === 'string' || (typeof chosen === 'string' && reading.errors.length === 0)) {
    io.stderr.write(`srklab-tutor: ${typeof seed === 'string' ? seed : chosen}\n`);
    return usage;
  }
  const course: Course = { lessons: typeof chosen === 'string' ? [] : chosen };
  const engineFor = () => startEngine(lab, seed);

  const written = [...reading.errors, ...(await mistakesOf(course, lab, folder, engineFor))];
  const broken = written.some(error => error.severity === 'error');
  const played =
    broken || args.switches.has('no-run') ? [] : await playedMistakes(course, engineFor, io.interrupted);
  const all = [...written, ...played];
  if (args.switches.has('json')) io.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  else if (all.length > 0) io.stdout.write(`${mistakesText(all, reading.texts)}\n`);
  if (io.interrupted.aborted) return interrupted;
  io.stderr.write(`${countText(all)} in ${course.lessons.length} lessons of ${folder}\n`);
  if (broken) return badFiles;
  return played.length > 0 ? failed : ok;
};

type EngineFor = () => Promise<LabEngine>;

/** Rules about content. The commands are typed into a lab of their own to learn which of them it knows. */
async function mistakesOf(
  course: Course,
  lab: Lab,
  folder: string,
  engineFor: EngineFor,
): Promise<FileError[]> {
  const engine = await engineFor();
  const strange = await commandsNotUnderstood(engine, course);
  await engine.stop();
  return checkCourse(course, {
    fileExists: path => existsSync(join(dirname(folder), path)),
    misunderstood: command => strange.get(commandKey(command)),
    linesTooMany: (lesson, step) => linesTooMany(labOf(lesson, lab), lesson, step),
  });
}

/** The lab that a lesson runs on. */
function labOf(lesson: Lesson, lab: Lab): Lab {
  return lesson.lab === undefined ? lab : (lab.scaledOut ?? lab);
}

/** What only playing shows: checks that hold too early or never, labs that do not heal. */
async function playedMistakes(
  course: Course,
  engineFor: EngineFor,
  signal: AbortSignal,
): Promise<FileError[]> {
  const found: FileError[] = [];
  for (const lesson of course.lessons) {
    const engine = await engineFor();
    const { file, steps } = await runLesson(engine, lesson, { signal });
    await engine.stop();
    for (const { line, problems } of steps) {
      found.push(
        ...problems.map(
          (message): FileError => ({
            code: 'does-not-play',
            file,
            line,
            column: 1,
            message,
            severity: 'error',
          }),
        ),
      );
    }
  }
  return found;
}
