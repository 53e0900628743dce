import type { Command, Terminal } from '../../command.ts';
import { containersOf } from '../containers.ts';
import { exec } from './exec.ts';
import { inspect } from './inspect.ts';
import { isLifecycle, lifecycle } from './lifecycle.ts';
import { listContainers } from './list.ts';
import { network } from './network.ts';

/** `docker ps | exec | inspect | stop | start | restart | pause | unpause | kill | network`. */
export const docker: Command = {
  name: 'docker',
  summary: 'ps, exec, inspect, stop, start, restart, pause, unpause, kill, network ls|inspect',
  async run(words, terminal) {
    const [verb = '', ...rest] = words[0] === 'container' ? words.slice(1) : words;
    if (isLifecycle(verb)) return lifecycle(terminal, verb, rest);
    switch (verb) {
      case 'ps':
      case 'ls':
        return listContainers(terminal, rest);
      case 'exec':
        return exec(terminal, rest);
      case 'inspect':
        return inspect(terminal, rest);
      case 'network':
        return network(terminal, rest);
      default:
        return refuse(terminal, verb);
    }
  },
};

function refuse(terminal: Terminal, verb: string): number {
  if (verb === '' || verb === 'help' || verb === '--help') {
    terminal.out(`docker, as modelled by the embedded lab, knows:`);
    terminal.out(`  ${docker.summary}`);
    return 0;
  }
  const because = REASONS[verb];
  if (verb === 'images' || verb === 'image') {
    const images = [...new Set(containersOf(terminal).map(({ image }) => image))].sort();
    terminal.err(
      `docker ${verb}: the embedded lab has no images; its containers stand for ${images.join(', ') || 'none yet'}`,
    );
  } else if (because !== undefined) terminal.err(`docker ${verb}: ${because}`);
  else {
    terminal.err(
      `docker: '${verb}' is not answered here; ps, exec, inspect, stop, start, restart, pause, unpause, kill and network are`,
    );
  }
  return 1;
}

const REASONS: Readonly<Record<string, string>> = {
  logs: "the lab's containers write no log; what happens is in the timeline, and kubectl logs answers for pods",
  top: 'the processes of a container are not modelled; kubectl get pods -A -o wide lists what runs on a node',
  stats: 'processor time and memory are not modelled',
  run: 'this lab starts the containers of topo.yml and its clusters only: containerlab deploy, kind create cluster',
  pull: 'nothing is pulled here: kind load docker-image gives a cluster an image',
  cp: 'containers have no files here; cat shows the files of the lab',
  attach: 'docker exec <container> <command> runs one command',
};
