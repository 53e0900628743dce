import type { Command } from '../command.ts';
import { kubectl } from '../kubectl.ts';
import { echo, quiet, sleep } from '../shell/builtins.ts';
import { containerlab } from './containerlab/containerlab.ts';
import { docker } from './docker/docker.ts';
import { filePrograms } from './files.ts';
import { kind } from './kind.ts';
import { signposts } from './signposts.ts';

const help: Command = {
  name: 'help',
  summary: 'this list',
  run(_, terminal) {
    terminal.out('The embedded lab answers:');
    for (const { name, summary, hidden } of machinePrograms.values())
      if (hidden !== true) terminal.out(`  ${name.padEnd(13)} ${summary}`);
    terminal.out('  … | grep, head, tail, wc, sort, uniq      && || ; between commands');
    terminal.out('  for i in $(seq 1 5); do …; done           a loop in one line');
    terminal.out('  docker exec <host> ping, traceroute, ip, curl, sr_cli, …: on a host of the lab');
    terminal.out('  kubectl exec <pod> -- wget -qO- http://…: from a pod');
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
    sleep,
    echo,
    ...quiet,
    help,
    ...filePrograms,
    ...signposts,
  ].map(command => [command.name, command]),
);
