import type { Command, Terminal } from './command.ts';

/** A program that is not here: it says its sentence (none, when empty) and ends with the code. */
export function signpost(
  name: string,
  say: (terminal: Terminal, words: readonly string[]) => readonly [string, number],
): Command {
  return {
    name,
    summary: '',
    hidden: true,
    run(words, terminal) {
      const [sentence, exitCode] = say(terminal, words);
      if (sentence !== '') terminal.err(`${name}: ${sentence}`);
      return exitCode;
    },
  };
}
