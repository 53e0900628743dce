import type { Command } from '../command.ts';
import { curl } from '../hosts/http.ts';
import { kubectl } from '../kubectl/kubectl.ts';
import { containerlab } from './containerlab/containerlab.ts';
import { docker } from './docker/docker.ts';
import { catFile, listFiles } from './files.ts';
import { kind } from './kind.ts';

const help: Command = {
  name: 'help',
  summary: 'this list',
  run(_, terminal) {
    terminal.out('The embedded lab answers:');
    for (const { name, summary } of machinePrograms.values()) terminal.out(`  ${name.padEnd(13)} ${summary}`);
    terminal.out('  … | grep, head, tail, wc, sort, uniq      && || ; between commands');
    terminal.out('  docker exec <host> ping, traceroute, ip, curl, sr_cli, …: on a host of the lab');
    return 0;
  },
};

const sleep: Command = {
  name: 'sleep',
  summary: 'lets lab time pass: sleep 5',
  async run(words, terminal) {
    const seconds = Number(words[0]?.replace(/s$/, ''));
    if (!(seconds >= 0) || seconds > 86_400) {
      terminal.err('sleep: a number of seconds is expected');
      return 1;
    }
    return (await terminal.wait(seconds * 1000)) ? 0 : 130;
  },
};

const echo: Command = {
  name: 'echo',
  summary: 'prints its words',
  run(words, terminal) {
    terminal.out(words.join(' '));
    return 0;
  },
};

/** What answers on the learner's own machine. */
export const machinePrograms: ReadonlyMap<string, Command> = new Map(
  [
    containerlab,
    { ...containerlab, name: 'clab', summary: 'short for containerlab' },
    docker,
    kind,
    kubectl,
    curl,
    listFiles,
    catFile,
    sleep,
    echo,
    help,
  ].map(command => [command.name, command]),
);
