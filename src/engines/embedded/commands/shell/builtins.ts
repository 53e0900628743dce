import { INTERRUPTED } from '../../../../lab/exit-code.ts';
import type { Command } from '../command.ts';

/** Lab time passes. */
export const sleep: Command = {
  name: 'sleep',
  summary: 'lets lab time pass: sleep 5',
  async run(words, terminal) {
    const seconds = Number(words[0]?.replace(/s$/, ''));
    if (!(seconds >= 0) || seconds > 86_400) {
      terminal.err('sleep: a number of seconds is expected');
      return 1;
    }
    return (await terminal.wait(seconds * 1000)) ? 0 : INTERRUPTED;
  },
};

export const echo: Command = {
  name: 'echo',
  summary: 'prints its words',
  run(words, terminal) {
    terminal.out(words.join(' '));
    return 0;
  },
};
