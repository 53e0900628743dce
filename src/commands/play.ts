import { runLesson } from '../effects/run-lesson.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, failed, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons, openCourse } from './open-course.ts';
import { openLab } from './open-lab.ts';
import { playReport, type ReportFormat } from './play-report.ts';
import { seedOf, startEngine } from './start-engine.ts';

/** Takes lessons without a learner and reports. */
export const run: RunCommand = async (args, io) => {
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const course = openCourse(args, io, opened.lab);
  if (course === undefined) return badFiles;
  if (args.operands.length === 0 && !args.switches.has('all')) {
    const ids = course.lessons.map(lesson => lesson.id).join(', ');
    io.stderr.write(`srklab-tutor: play which lesson? --all, or some of ${ids}\n`);
    return usage;
  }
  const chosen = args.switches.has('all') ? course.lessons : namedLessons(course, args.operands);
  const seed = seedOf(args);
  if (typeof chosen === 'string' || typeof seed === 'string') {
    io.stderr.write(`srklab-tutor: ${typeof seed === 'string' ? seed : chosen}\n`);
    return usage;
  }
  const report = playReport((args.values['report'] ?? 'tap') as ReportFormat, chosen, text =>
    io.stdout.write(text),
  );
  report.start();
  let passed = true;
  for (const lesson of chosen) {
    // A lab of its own for each lesson: the order in which they are played makes no difference.
    const engine = await startEngine(opened.lab, seed);
    const outcome = await runLesson(engine, lesson, {
      stepDone: step => report.step(lesson, step),
      signal: io.interrupted,
    });
    await engine.stop();
    report.lesson(outcome);
    passed &&= outcome.passed;
    if (io.interrupted.aborted) return interrupted;
  }
  report.end();
  return passed ? ok : failed;
};
