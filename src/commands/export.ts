import { access, constants, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Handout, handoutHtml, handoutMarkdown, type StepTake } from '../course/handout.ts';
import type { Lesson } from '../course/lesson.ts';
import { castOfLesson } from '../effects/cast-of-lesson.ts';
import { progressFile, progressPath } from '../effects/progress-file.ts';
import { takeOfLesson } from '../effects/take-of-lesson.ts';
import type { Progress } from '../tutor/progress.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, type ExitCode, environment, failed, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons, openCourse } from './open-course.ts';
import { openLab } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';
import { seedOf, startEngine } from './start-engine.ts';

/** Writes the talk to take home: a handout with outputs and measurements, or a terminal recording of a lesson. */
export const run: RunCommand = async (args, io) => {
  const [what, ...names] = args.operands;
  if (what !== 'handout' && what !== 'cast') {
    io.stderr.write('srklab-tutor: export what? handout [lesson…], or cast <lesson>\n');
    return usage;
  }
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const course = openCourse(args, io, opened.lab);
  if (course === undefined) return badFiles;
  const chosen = names.length === 0 ? course.lessons : namedLessons(course, names);
  const seed = seedOf(args);
  if (typeof chosen === 'string' || typeof seed === 'string') {
    io.stderr.write(`srklab-tutor: ${typeof seed === 'string' ? seed : chosen}\n`);
    return usage;
  }
  const [first] = chosen;
  if (what === 'cast' && (first === undefined || names.length !== 1)) {
    io.stderr.write('srklab-tutor: export cast takes one lesson, as in "export cast 05-service"\n');
    return usage;
  }
  const format = args.values['format'] ?? 'html';
  const output = args.values['output'];
  const target = output === undefined ? undefined : resolve(io.cwd, output);
  if (target !== undefined && !args.switches.has('force') && (await exists(target))) {
    io.stderr.write(`srklab-tutor: ${output} is there already; name another file, or --force\n`);
    return environment;
  }
  const start = () => startEngine(opened.lab, seed);
  if (what === 'cast' && first !== undefined) {
    const { cast, passed } = await castOfLesson(await start(), first, io.interrupted);
    return finish(io, target, cast, passed);
  }
  const { progress } = await progressFile(progressPath(io.env, io.home)).load();
  const lessons: Handout['lessons'][number][] = [];
  let passed = true;
  for (const lesson of chosen) {
    const played = args.switches.has('no-run')
      ? undefined
      : await takeOfLesson(await start(), lesson, io.interrupted);
    if (io.interrupted.aborted) return interrupted;
    passed &&= played?.passed ?? true;
    lessons.push({ lesson, steps: merged(lesson, progress, played?.steps ?? new Map()) });
  }
  const played = args.switches.has('no-run')
    ? 'what you did yourself'
    : `the embedded lab, seed ${seed}, and what you did yourself`;
  const handout: Handout = {
    title: 'A data centre whose network is the load balancer',
    origin: played,
    lessons,
  };
  return finish(io, target, format === 'markdown' ? handoutMarkdown(handout) : handoutHtml(handout), passed);
};

/** The learner's own outputs and answers, and where there are none, those of the lab that was played now. */
function merged(
  lesson: Lesson,
  progress: Progress,
  played: ReadonlyMap<string, StepTake>,
): Map<string, StepTake> {
  const own = progress.lessons[lesson.id]?.steps ?? {};
  return new Map(
    lesson.steps.map(step => {
      const mine = own[step.id];
      const lab = played.get(step.id) ?? { outputs: [], predictions: [], seen: [] };
      const questions = step.blocks.flatMap(block => (block.type === 'predict' ? [block] : []));
      const take: StepTake = {
        ...lab,
        ...(mine?.outcome === undefined ? {} : { outcome: mine.outcome }),
        outputs: [...lab.outputs, ...(mine?.outputs ?? [])],
        predictions: questions.map(({ id, question }) => {
          const kept = mine?.predictions[id];
          const measured = kept?.measured ?? lab.predictions.find(one => one.question === question)?.measured;
          return {
            question,
            ...(kept === undefined ? {} : { answer: kept.answer }),
            ...(measured === undefined ? {} : { measured }),
          };
        }),
      };
      return [step.id, take];
    }),
  );
}

async function finish(
  io: ProgramIo,
  target: string | undefined,
  text: string,
  passed: boolean,
): Promise<ExitCode> {
  if (target === undefined) io.stdout.write(text);
  else {
    try {
      await writeFile(target, text, { mode: 0o644 });
    } catch (error) {
      io.stderr.write(
        `srklab-tutor: ${target} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      return environment;
    }
    io.stderr.write(`${target}: ${Math.ceil(text.length / 1024)} kB\n`);
  }
  return passed ? ok : failed;
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
