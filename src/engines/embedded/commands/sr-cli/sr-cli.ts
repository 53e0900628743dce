import { INTERRUPTED, NOT_FOUND } from '../../../../lab/exit-code.ts';
import { readSrCliWords } from '../../../../lab/files/switch/sr-cli-words.ts';
import { switchesOf } from '../../../../lab/lab.ts';
import type { Command } from '../command.ts';
import { Session } from './session.ts';

/** `sr_cli` on a switch: each argument, line or part between semicolons is one line typed at its prompt. */
export const srCli: Command = {
  name: 'sr_cli',
  summary: 'the command line of an SR Linux switch: sr_cli "show version"',
  async run(words, terminal) {
    const node = switchesOf(terminal.context.lab.lab).find(({ name }) => name === terminal.host);
    if (node === undefined) {
      terminal.err('sr_cli: command not found (this is no SR Linux switch)');
      return NOT_FOUND;
    }
    const options = readSrCliWords(words);
    if (options.unknown !== undefined) {
      terminal.err(
        `sr_cli: unknown option ${options.unknown}; -d, -e, -c, --candidate-mode, --commit-at-end are known`,
      );
      return 2;
    }
    if (options.lines.length === 0) {
      terminal.out('sr_cli waits for what you type at its prompt; here one line takes it all:');
      terminal.out(`  docker exec ${node.containerName} sr_cli "show version"`);
      terminal.out(
        `  docker exec ${node.containerName} sr_cli -ec "set / interface ethernet-1/1 admin-state disable"`,
      );
      return 0;
    }
    const session = new Session(terminal, node);
    if (options.candidate) await session.type('enter candidate');
    for (const line of options.lines) {
      if (!(await session.type(line))) return 1;
      if (terminal.context.signal?.aborted === true) return INTERRUPTED;
    }
    if (options.commit && !(await session.type('commit now'))) return 1;
    return session.leave() ? 0 : 1;
  },
};
