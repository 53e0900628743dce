import { plainText } from '../../../programs/plain-text.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import { lastLines, type ProgramOptions, type ProgramResult } from '../../../programs/run-program.ts';
import type { TaskFailure, TaskWork } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { diagnosed } from './diagnose.ts';
import { commandsOf } from './step-commands.ts';
import type { Step } from './steps.ts';

/** Why a step failed; undefined when it is done. */
export type Done = string | TaskFailure | undefined;

/** A step’s commands, one after the other until one fails. */
export async function runAll(step: Step, machine: Machine, task: TaskWork): Promise<Done> {
  for (const command of commandsOf(step, machine)) {
    const failure = await runOne(step, command, machine, task);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

export async function runOne(
  step: Step,
  command: PlannedCommand,
  machine: Machine,
  task: TaskWork,
): Promise<Done> {
  const env = command.env === undefined ? {} : { env: command.env };
  const { onOutput, ...options } = programOptions(task);
  // What is for programs to read is no progress.
  const json = command.argv.includes('json');
  const result = await machine.run(command.argv, {
    ...{ ...options, ...env },
    onOutput: (stream, text) => (json && stream === 'stdout' ? undefined : onOutput?.(stream, text)),
  });
  return result.exitCode === 0 ? undefined : diagnosed(step, wordsOf(result));
}

/** The step's own limit ends the program; asked to end, it has a while to put things in order. */
export function programOptions({ signal, said }: TaskWork): ProgramOptions {
  return {
    timeout: 4_000_000,
    graceMs: 5_000,
    signal,
    onOutput: (_, text) => {
      for (const line of plainText(text).split('\n')) if (line.trim() !== '') said(line.trim());
    },
  };
}

export function wordsOf(result: ProgramResult): string {
  const said = plainText(lastLines({ ...result, stdout: '' }, 8) || lastLines(result, 8));
  return [said, result.problem ?? `exit code ${result.exitCode}`].filter(text => text !== '').join('\n');
}
