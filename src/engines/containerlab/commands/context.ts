import type { OutputChunk } from '../../../lab/engine.ts';
import type { Machine } from '../machine.ts';
import type { Running } from '../running.ts';

/** Where a typed command runs and what it prints to. */
export type CommandContext = {
  readonly machine: Machine;
  /** Undefined while Docker does not answer. */
  readonly running: Running | undefined;
  /** Who holds the lab: then nothing is changed from here. */
  readonly heldBy: string | undefined;
  /** Host the command is typed on; undefined is the learner's own machine. */
  readonly on: string | undefined;
  readonly cluster: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
};

/** Exit code of a program that does not exist, as a shell gives it. */
export const NOT_FOUND = 127;

/** Says on the error output what is wrong; returns the exit code. */
export function complain(context: CommandContext, text: string, code: number): number {
  context.print({ stream: 'stderr', text: `${text}\n` });
  return code;
}
