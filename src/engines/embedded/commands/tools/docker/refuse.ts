import { containerOf } from '../../../../../lab/lab.ts';
import type { Terminal } from '../../command.ts';
import { nodeNamed } from '../containers.ts';

/** What docker says to a flag or a number of words that it does not know. */
export function refuseUsage(terminal: Terminal, command: string, because: string): number {
  terminal.err(because);
  terminal.err(
    `Run '${command} --help' in a real lab: the embedded lab answers what it says here, and no other flag`,
  );
  return 125;
}

export function noSuchContainer(terminal: Terminal, name: string): number {
  const node = nodeNamed(terminal, name);
  const what = node === undefined ? name : `${containerOf(node)} (its stage is not built yet)`;
  terminal.err(`Error response from daemon: No such container: ${what}`);
  return 1;
}
