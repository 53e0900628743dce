import { vocabularyOf } from '../course/vocabulary.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import { progressFile, progressPath } from '../effects/progress-file.ts';
import { runTutor } from '../effects/run-tutor.ts';
import { watchLessons } from '../effects/watch-lessons.ts';
import { chooseEngine } from './choose-engine.ts';
import type { RunCommand } from './command-table.ts';
import { drawsScreens } from './draws-screens.ts';
import { badFiles, type ExitCode, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons } from './open-course.ts';
import { countText, lessonsFolderOf, mistakesText, openLab } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';
import { tellings } from './tellings.ts';
import { themed } from './themed.ts';

/** The tutorial: on a terminal with panes, anywhere else line by line. */
export const run: RunCommand = async (args, io) => {
  const plain = args.switches.has('plain') || !drawsScreens(io);
  const opened = openLab(args, io, !plain);
  if (opened === undefined) return badFiles;
  const folder = lessonsFolderOf(args, io);
  const vocabulary = vocabularyOf(opened.lab);
  const reading = readCourseFrom(folder, vocabulary);
  const broken = reading.errors.some(error => error.severity === 'error');
  if (broken && (plain || reading.course.lessons.length === 0)) {
    io.stderr.write(
      `${mistakesText(reading.errors, reading.texts)}\n${countText(reading.errors)} in the lessons ${folder}\n`,
    );
    return badFiles;
  }
  const wanted = namedLessons(reading.course, args.operands);
  if (typeof wanted === 'string') {
    io.stderr.write(`srklab-tutor: ${wanted}\n`);
    return usage;
  }
  const choice = await chooseEngine(args, opened.lab, io);
  if (choice.outcome === 'refused') {
    io.stderr.write(`srklab-tutor: ${choice.because}\n`);
    return choice.code;
  }
  const about = tellings();
  const engine = await choice.start(about.tell);
  const store = await runTutor({
    engine,
    course: reading.course,
    progress: progressFile(progressPath(io.env, io.home)),
    copy: text => io.stdout.write(clipboardSequence(text)),
  });
  about.to(text => {
    if (plain) io.stderr.write(`${text}\n`);
    else store.send({ type: 'notice-given', tone: 'warning', text });
  });
  if (!plain && opened.warnings.length > 0) {
    const text = `${countText(opened.warnings)} in the lab files: srklab-tutor show build prints them.`;
    store.send({ type: 'notice-given', tone: 'warning', text });
  }
  // An author who starts with a broken lesson sees its mistakes on the screen, and mends them there.
  if (broken) store.send({ type: 'course-read', ...reading });
  if (wanted[0] !== undefined) store.send({ type: 'lesson-asked', lesson: wanted[0].id });
  const stopWatching = watchLessons(folder, () => {
    store.send({ type: 'course-read', ...readCourseFrom(folder, vocabulary) });
  });
  try {
    if (plain) {
      const { learnPlainly } = await import('./learn-plain.ts');
      return await learnPlainly(store, io);
    }
    const { startUi } = await import('../ui/start.tsx');
    await startUi(store, themed(args, io));
    return exitCode(await store.done, io);
  } finally {
    stopWatching();
  }
};

function exitCode(code: number, io: ProgramIo): ExitCode {
  return code === 0 && !io.interrupted.aborted ? ok : interrupted;
}

/** OSC 52: the terminal puts the text into the clipboard, also over ssh. */
function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
