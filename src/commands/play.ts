import { runLesson } from '../effects/run-lesson.ts';
import { chooseEngine } from './choose-engine.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, failed, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons, openCourse } from './open-course.ts';
import { openLab } from './open-lab.ts';
import { playReport, type ReportFormat } from './play-report.ts';

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
  if (typeof chosen === 'string') {
    io.stderr.write(`srklab-tutor: ${chosen}\n`);
    return usage;
  }
  const takesOne =
    args.values['record'] !== undefined || args.values['lab']?.startsWith('recording:') === true;
  if (takesOne && chosen.length !== 1) {
    io.stderr.write(
      'srklab-tutor: a recording holds one lesson: name it, as in "play 08-break-a-leaf --record run.jsonl"\n',
    );
    return usage;
  }
  const choice = await chooseEngine(args, opened.lab, io);
  if (choice.outcome === 'refused') {
    io.stderr.write(`srklab-tutor: ${choice.because}\n`);
    return choice.code;
  }
  const report = playReport((args.values['report'] ?? 'tap') as ReportFormat, chosen, text =>
    io.stdout.write(text),
  );
  report.start();
  let passed = true;
  for (const lesson of chosen) {
    // A lab of its own for each lesson: the order in which they are played makes no difference.
    const engine = await choice.start(text => io.stderr.write(`${text}\n`));
    const run = runLesson(engine, lesson, {
      stepDone: step => report.step(lesson, step),
      signal: io.interrupted,
    });
    // A lab in real time may be minutes away from the end of its step: nobody who pressed Ctrl-C waits for that.
    const outcome = await Promise.race([run, aborted(io.interrupted)]);
    await engine.stop();
    if (outcome === undefined) return interrupted;
    report.lesson(outcome);
    passed &&= outcome.passed;
    if (io.interrupted.aborted) return interrupted;
  }
  report.end();
  return passed ? ok : failed;
};

/** Settles when the signal does. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise(resolve => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
