import { progressFile, progressPath } from '../effects/progress-file.ts';
import { checkLessons } from './check-lessons.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, ok, usage } from './exit-codes.ts';
import { openCourse } from './open-course.ts';
import { openLab } from './open-lab.ts';
import { textTable } from './text-table.ts';

/** `lessons list` and `lessons check`. */
export const run: RunCommand = async (args, io) => {
  const [verb = 'list', ...names] = args.operands;
  if (verb === 'list') return listLessons({ ...args, operands: names }, io);
  if (verb === 'check') return checkLessons({ ...args, operands: names }, io);
  io.stderr.write(`srklab-tutor: lessons ${verb}: it is list or check\n`);
  return usage;
};

const listLessons: RunCommand = async (args, io) => {
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const course = openCourse(args, io, opened.lab);
  if (course === undefined) return badFiles;
  const { progress } = await progressFile(progressPath(io.env, io.home)).load();
  const rows = course.lessons.map(lesson => {
    const kept = progress.lessons[lesson.id];
    const passed = lesson.steps.filter(step => kept?.steps[step.id]?.outcome !== undefined).length;
    return {
      id: lesson.id,
      title: lesson.title,
      minutes: lesson.minutes,
      steps: lesson.steps.length,
      passed,
    };
  });
  if (args.switches.has('json')) io.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  else {
    const table = rows.map(row => [
      row.id,
      row.title,
      `${row.minutes} min`,
      `${row.passed}/${row.steps} steps`,
    ]);
    io.stdout.write(textTable(['lesson', 'title', 'time', 'done'], table));
  }
  return ok;
};
