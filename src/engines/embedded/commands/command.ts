import type { CommandContext } from '../command-port.ts';

/** One program that the embedded lab answers for. */
export type Command = {
  readonly name: string;
  /** One line for `help`. */
  readonly summary: string;
  /** Only says what to do instead: `help` does not list it. */
  readonly hidden?: true;
  run(words: readonly string[], terminal: Terminal): Promise<number> | number;
};

/** Where a command runs and what it prints to. Everything of the lab that a command may touch is in `context`. */
export type Terminal = {
  readonly context: CommandContext;
  /** Host the command runs on: a lab node or a pod; undefined is the learner's own machine. */
  readonly host: string | undefined;
  out(line: string): void;
  err(line: string): void;
  /** Lets lab time pass; false when the learner cancelled meanwhile. */
  wait(milliseconds: number): Promise<boolean>;
};
