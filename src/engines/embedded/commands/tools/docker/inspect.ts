import { dateText } from '../../../lab-date.ts';
import type { Terminal } from '../../command.ts';
import { flag, readOptions, valued } from '../../options.ts';
import { type Container, containerNamed, identity } from '../containers.ts';
import { printNamed } from './format.ts';
import { networkObject } from './network.ts';
import { refuseUsage } from './refuse.ts';

/** `docker inspect`: of a container what people ask for; fields of Docker's that mean nothing here are left out. */
export function inspect(terminal: Terminal, words: readonly string[]): number {
  const reading = readOptions(words, [valued('format', 'f'), valued('type'), flag('size', 's')]);
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker inspect', reading.because);
  const { options } = reading;
  if (options.words.length === 0)
    return refuseUsage(terminal, 'docker inspect', 'docker inspect requires at least 1 argument');
  return printNamed(terminal, options, {
    find(name) {
      const container = containerNamed(terminal, name);
      return container === undefined ? networkObject(terminal, name) : objectOf(terminal, container);
    },
    missing: name => `Error: No such object: ${name}`,
  });
}

function objectOf(terminal: Terminal, container: Container): object {
  const { lab } = terminal.context.lab;
  const [path = '', ...args] = container.command.split(' ');
  const running = container.state !== 'exited';
  const [network = '', length = ''] = lab.network.prefix.split('/');
  const { address } = container;
  return {
    Id: container.id,
    Created: dateText(container.createdAt),
    Path: path,
    Args: args,
    State: {
      Status: container.state,
      Running: running,
      Paused: container.state === 'paused',
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: running ? 1000 + (Number.parseInt(container.id.slice(0, 6), 16) % 30_000) : 0,
      ExitCode: running ? 0 : 137,
      Error: '',
      StartedAt: dateText(container.startedAt),
      FinishedAt: container.stoppedAt === undefined ? '0001-01-01T00:00:00Z' : dateText(container.stoppedAt),
    },
    Name: `/${container.name}`,
    RestartCount: 0,
    Platform: 'linux',
    HostConfig: { NetworkMode: lab.network.name, Privileged: true },
    Config: {
      Hostname: container.node.name,
      Cmd: args,
      Image: container.image,
      Labels: container.labels,
    },
    NetworkSettings: {
      Networks: {
        [lab.network.name]: {
          NetworkID: identity(`network ${lab.network.name}`),
          Gateway: running ? network.replace(/\d+$/, '1') : '',
          IPAddress: running ? (address ?? '') : '',
          IPPrefixLen: running && address !== undefined ? Number(length) : 0,
        },
      },
    },
  };
}
