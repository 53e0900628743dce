import { type CommandToRun, type Course, solutionOf } from '../course/lesson.ts';
import type { Command } from '../lab/command.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { LabSize } from '../lab/lab.ts';
import { drive } from './drive.ts';

/** Lab milliseconds after which a command that is still running has shown that it is understood. */
const longEnough = 5000;

/** Types every command of the lessons into a lab that is thrown away afterwards, and tells which ones nobody there knows. */
export async function commandsNotUnderstood(
  engine: LabEngine,
  course: Course,
): Promise<ReadonlyMap<string, string>> {
  const strange = new Map<string, string>();
  const ofSize = (size: LabSize | undefined) => ({
    lessons: course.lessons.filter(lesson => lesson.lab === size),
  });
  await typeAll(engine, { type: 'restore', stage: last(engine) }, commandsOf(ofSize(undefined)), strange);
  const scaledOut = commandsOf(ofSize('scaled-out'));
  if (scaledOut.size > 0)
    await typeAll(engine, { type: 'restore', stage: last(engine), lab: 'scaled-out' }, scaledOut, strange);
  return strange;
}

function last(engine: LabEngine): string {
  return engine.lab.stages.at(-1)?.id ?? 'empty';
}

async function typeAll(
  engine: LabEngine,
  restore: Command,
  commands: ReadonlyMap<string, CommandToRun>,
  strange: Map<string, string>,
): Promise<void> {
  await drive(engine, engine.perform(restore));
  for (const [key, command] of commands) {
    const { commandLine, on, cluster } = command;
    const controller = new AbortController();
    const began = engine.clock?.now() ?? 0;
    const run = engine.run(commandLine, {
      ...(on !== undefined && { on }),
      ...(cluster !== undefined && { cluster }),
      signal: controller.signal,
    });
    const result = await drive(engine, run, () => {
      if ((engine.clock?.now() ?? 0) - began > longEnough) controller.abort();
    });
    const text = result.output.map(chunk => chunk.text).join('');
    if (result.exitCode === 127) strange.set(key, text.trim().split('\n').at(-1) ?? '');
  }
}

/** The same command on another host is another command. */
export function commandKey({ commandLine, on, cluster }: CommandToRun): string {
  return JSON.stringify([commandLine, on, cluster]);
}

function commandsOf({ lessons }: Course): Map<string, CommandToRun> {
  const commands = new Map<string, CommandToRun>();
  for (const step of lessons.flatMap(lesson => lesson.steps)) {
    for (const block of step.blocks) if (block.type === 'run') commands.set(commandKey(block), block);
    for (const action of solutionOf(step))
      if (action.verb === 'run') commands.set(commandKey(action), action);
  }
  return commands;
}
