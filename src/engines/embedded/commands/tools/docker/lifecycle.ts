import { type Fault, faultId } from '../../../../../lab/fault.ts';
import type { Terminal } from '../../command.ts';
import { flag, type Option, readOptions, valued } from '../../options.ts';
import { type Container, containerNamed } from '../containers.ts';
import { noSuchContainer, refuseUsage } from './refuse.ts';

type Action = {
  readonly options: readonly Option[];
  /** Undefined: done; else why not. */
  readonly act: (terminal: Terminal, container: Container) => string | undefined;
};

/** What is done to containers that are named one after the other: their names are printed as they are done with. */
const ACTIONS: Readonly<Record<string, Action>> = {
  stop: {
    options: [valued('time', 't'), valued('timeout'), valued('signal', 's')],
    act: (terminal, container) => (container.state === 'exited' ? undefined : stopped(terminal, container)),
  },
  kill: {
    options: [valued('signal', 's')],
    act: (terminal, container) =>
      container.state === 'exited'
        ? `cannot kill container: ${container.name}: Container ${container.id} is not running`
        : stopped(terminal, container),
  },
  start: {
    options: [],
    act: (terminal, { node }) => healed(terminal, { kind: 'node-stopped', node: node.name }),
  },
  restart: {
    options: [valued('time', 't'), valued('timeout'), valued('signal', 's')],
    act(terminal, container) {
      const refusal = container.state === 'exited' ? undefined : stopped(terminal, container);
      return refusal ?? healed(terminal, { kind: 'node-stopped', node: container.node.name });
    },
  },
  pause: {
    options: [],
    act(terminal, { node, state, id }) {
      if (state === 'paused') return `Container ${id} is already paused`;
      if (state === 'exited') return `Container ${id} is not running`;
      return broken(terminal, { kind: 'node-silent', node: node.name });
    },
  },
  unpause: {
    options: [],
    act: (terminal, { node, state, id }) =>
      state === 'paused'
        ? healed(terminal, { kind: 'node-silent', node: node.name })
        : `Container ${id} is not paused`,
  },
  rm: {
    options: [flag('force', 'f'), flag('volumes', 'v'), flag('link', 'l')],
    act: (_, { name, node }) =>
      `the embedded lab removes no single container: docker stop ${name} stops it; ` +
      (node.kind === 'cluster-node' && node.container === undefined
        ? `kind delete cluster --name ${node.cluster} removes its cluster`
        : 'containerlab destroy removes the switches'),
  },
};

export function isLifecycle(verb: string): boolean {
  return verb in ACTIONS;
}

export function lifecycle(terminal: Terminal, verb: string, words: readonly string[]): number {
  const action = ACTIONS[verb];
  const reading = readOptions(words, action?.options ?? []);
  if (reading.outcome === 'refused') return refuseUsage(terminal, `docker ${verb}`, reading.because);
  const { options } = reading;
  if (action === undefined || options.words.length === 0)
    return refuseUsage(terminal, `docker ${verb}`, `docker ${verb} requires at least 1 argument`);
  const signal = options.value('signal')?.replace(/^SIG/i, '').toUpperCase();
  if (signal !== undefined && !['KILL', 'TERM', '9', '15'].includes(signal)) {
    terminal.err(
      `docker ${verb}: what a process does with SIG${signal} is not modelled; KILL and TERM end it`,
    );
    return 1;
  }
  let exitCode = 0;
  for (const name of options.words) {
    const container = containerNamed(terminal, name);
    if (container === undefined) {
      exitCode = noSuchContainer(terminal, name);
      continue;
    }
    const refusal = action.act(terminal, container);
    if (refusal === undefined) terminal.out(name);
    else {
      terminal.err(`Error response from daemon: ${refusal}`);
      exitCode = 1;
    }
  }
  return exitCode;
}

/** A container that ends is not paused any more. */
function stopped(terminal: Terminal, { node, state }: Container): string | undefined {
  if (state === 'paused') healed(terminal, { kind: 'node-silent', node: node.name });
  return broken(terminal, { kind: 'node-stopped', node: node.name });
}

function broken(terminal: Terminal, fault: Fault): string | undefined {
  const result = terminal.context.lab.faults.break(fault);
  return result.outcome === 'done' ? undefined : result.because;
}

function healed(terminal: Terminal, fault: Fault): undefined {
  terminal.context.lab.faults.heal(faultId(fault));
  return undefined;
}
