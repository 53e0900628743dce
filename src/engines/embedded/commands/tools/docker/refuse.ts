import type { Terminal } from '../../command.ts';

/** What docker says to a flag or a number of words that it does not know. */
export function refuseUsage(terminal: Terminal, command: string, because: string): number {
  terminal.err(because);
  terminal.err(
    `Run '${command} --help' in a real lab: the embedded lab answers what it says here, and no other flag`,
  );
  return 125;
}

export function noSuchContainer(terminal: Terminal, name: string): number {
  const known = terminal.context.lab.lab.nodes.some(node => node.name === name);
  const prefix = terminal.context.lab.lab.containerPrefix;
  const real = known ? ` (its name in Docker would be ${prefix}${name}; it is not built yet)` : '';
  terminal.err(`Error response from daemon: No such container: ${name}${real}`);
  return 1;
}
