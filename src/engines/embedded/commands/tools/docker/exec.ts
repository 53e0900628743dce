import type { Terminal } from '../../command.ts';
import { hostPrograms } from '../../hosts/host-programs.ts';
import { flag, readOptions, valued } from '../../options.ts';
import { runProgram } from '../../shell/run-line.ts';
import { containerNamed } from '../containers.ts';
import { noSuchContainer, refuseUsage } from './refuse.ts';

/** No terminal, no other user and no environment make a difference to the programs that answer here. */
const known = [
  flag('interactive', 'i'),
  flag('tty', 't'),
  flag('privileged'),
  valued('env', 'e'),
  valued('user', 'u'),
  valued('workdir', 'w'),
];

/** `docker exec [-it] <container> <command>`. */
export async function exec(terminal: Terminal, words: readonly string[]): Promise<number> {
  const reading = readOptions(words, known, { untilWord: true });
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker exec', reading.because);
  const [name, ...command] = reading.options.words;
  if (name === undefined || command.length === 0) {
    terminal.err('docker exec [-it] <container> <command>; the containers: docker ps');
    return 1;
  }
  const container = containerNamed(terminal, name);
  if (container === undefined) return noSuchContainer(terminal, name);
  const state = terminal.context.lab
    .snapshot([])
    .nodes.find(({ name: node }) => node === container.node.name)?.state;
  const because =
    container.state === 'exited'
      ? `Container ${container.id} is not running`
      : container.state === 'paused'
        ? `Container ${container.name} is paused, unpause the container before exec`
        : state === 'starting'
          ? `container ${container.name} is still booting`
          : undefined;
  if (because !== undefined) {
    terminal.err(`Error response from daemon: ${because}`);
    return 1;
  }
  return runProgram(command, hostPrograms, { ...terminal, host: container.node.name });
}
