import { type Fault, faultId } from '../../../../lab/fault.ts';
import { containerOf, type LabNode } from '../../../../lab/lab.ts';
import type { NodeState } from '../../../../lab/snapshot.ts';
import type { Command, Terminal } from '../command.ts';
import { hostPrograms } from '../hosts/host-programs.ts';
import { runProgram } from '../shell/run-line.ts';
import { plainTable } from '../text-table.ts';
import { buildStage } from './stage-command.ts';

/** `docker ps | exec | stop | start | pause | unpause | kill | network`. */
export const docker: Command = {
  name: 'docker',
  summary: 'ps, exec, stop, start, pause, unpause, kill, network ls',
  async run(words, terminal) {
    const [verb = '', ...rest] = words[0] === 'container' ? words.slice(1) : words;
    switch (verb) {
      case 'ps':
      case 'ls':
        return list(terminal, rest);
      case 'exec':
        return exec(terminal, rest);
      case 'stop':
      case 'kill':
        return each(terminal, rest, name => breakNode(terminal, { kind: 'node-stopped', node: name }));
      case 'start':
        return each(terminal, rest, name =>
          heal(terminal, { kind: 'node-stopped', node: name }, `${name} is running`),
        );
      case 'pause':
        return each(terminal, rest, name => breakNode(terminal, { kind: 'node-silent', node: name }));
      case 'unpause':
        return each(terminal, rest, name =>
          heal(terminal, { kind: 'node-silent', node: name }, `${name} is not paused`),
        );
      case 'network':
        return network(terminal, rest);
      default:
        terminal.err(
          `docker: "${verb}" is not answered here; ps, exec, stop, start, pause, unpause, kill and network are`,
        );
        return 1;
    }
  },
};

function list(terminal: Terminal, words: readonly string[]): number {
  const states = new Map(terminal.context.lab.snapshot([]).nodes.map(node => [node.name, node.state]));
  const all = words.includes('-a') || words.includes('--all');
  const rows = terminal.context.lab.lab.nodes
    .map(node => ({ node, state: states.get(node.name) ?? ('absent' as const) }))
    .filter(({ state }) => state !== 'absent' && (all || state !== 'stopped'));
  const paused = new Set(
    [...terminal.context.world.faults.values()].flatMap(({ fault }) =>
      fault.kind === 'node-silent' ? [fault.node] : [],
    ),
  );
  const table = plainTable(
    [
      { title: 'NAMES', of: row => containerOf(row.node) },
      { title: 'IMAGE', of: row => imageOf(terminal, row.node) },
      { title: 'STATUS', of: row => `${statusOf(row.state)}${paused.has(row.node.name) ? ' (Paused)' : ''}` },
    ],
    rows,
  );
  for (const line of table) terminal.out(line);
  return 0;
}

function statusOf(state: NodeState['state']): string {
  return state === 'stopped' ? 'Exited' : state === 'starting' ? 'Up (starting)' : 'Up';
}

async function exec(terminal: Terminal, words: readonly string[]): Promise<number> {
  let at = 0;
  while (words[at]?.startsWith('-') === true)
    at += words[at] === '-e' || words[at] === '-w' || words[at] === '-u' ? 2 : 1;
  const [container, ...command] = words.slice(at);
  if (container === undefined || command.length === 0) {
    terminal.err('docker exec [-it] <container> <command>; the containers: docker ps');
    return 1;
  }
  const node = nodeNamed(terminal, container);
  if (node === undefined) {
    terminal.err(`Error response from daemon: No such container: ${container}`);
    return 1;
  }
  const state = terminal.context.lab.snapshot([]).nodes.find(one => one.name === node.name)?.state;
  if (state !== 'running') {
    terminal.err(
      state === 'absent'
        ? `Error response from daemon: No such container: ${container} (its stage is not built yet)`
        : `Error response from daemon: container ${container} is ${state === 'starting' ? 'still booting' : 'not running'}`,
    );
    return 1;
  }
  return runProgram(command, hostPrograms, { ...terminal, host: node.name });
}

function each(terminal: Terminal, words: readonly string[], act: (name: string) => number): number {
  const names = words.filter((word, at) => !word.startsWith('-') && words[at - 1] !== '-t');
  if (names.length === 0) {
    terminal.err('docker: name at least one container; docker ps lists them');
    return 1;
  }
  let exitCode = 0;
  for (const name of names) {
    const node = nodeNamed(terminal, name);
    if (node === undefined) terminal.err(`Error response from daemon: No such container: ${name}`);
    const code = node === undefined ? 1 : act(node.name);
    if (code === 0) terminal.out(name);
    else exitCode = code;
  }
  return exitCode;
}

function breakNode(terminal: Terminal, fault: Fault): number {
  const result = terminal.context.lab.faults.break(fault);
  if (result.outcome === 'done') return 0;
  terminal.err(`Error response from daemon: ${result.because}`);
  return 1;
}

function heal(terminal: Terminal, fault: Fault, otherwise: string): number {
  const id = faultId(fault);
  if (!terminal.context.world.faults.has(id)) terminal.err(otherwise);
  terminal.context.lab.faults.heal(id);
  return 0;
}

async function network(terminal: Terminal, words: readonly string[]): Promise<number> {
  const { lab } = terminal.context.lab;
  const built = terminal.context.clusters.isDone({ type: 'create-network' });
  const [verb = '', name] = words;
  if (verb === 'create') {
    const wanted = words.at(-1);
    if (wanted !== lab.network.name) {
      terminal.err(`Error: this lab's network is called ${lab.network.name}`);
      return 1;
    }
    return buildStage(terminal, 'network');
  }
  if (verb === 'ls' || verb === 'list') {
    const rows = [
      { name: 'bridge', driver: 'bridge' },
      ...(built ? [{ name: lab.network.name, driver: 'bridge' }] : []),
    ];
    for (const line of plainTable(
      [
        { title: 'NAME', of: row => row.name },
        { title: 'DRIVER', of: row => row.driver },
      ],
      rows,
    ))
      terminal.out(line);
    return 0;
  }
  if (verb === 'inspect') {
    if (!built || name !== lab.network.name) {
      terminal.err(`Error response from daemon: network ${name ?? ''} not found`);
      return 1;
    }
    terminal.out(
      JSON.stringify(
        [{ Name: name, Driver: 'bridge', IPAM: { Config: [{ Subnet: lab.network.prefix }] } }],
        undefined,
        2,
      ),
    );
    return 0;
  }
  terminal.err('docker network: create, ls and inspect are answered here');
  return 1;
}

function nodeNamed(terminal: Terminal, name: string): LabNode | undefined {
  return terminal.context.lab.lab.nodes.find(node => containerOf(node) === name || node.name === name);
}

function imageOf(terminal: Terminal, node: LabNode): string {
  if (node.kind !== 'cluster-node') return node.image;
  if (node.container !== undefined) return node.container.image;
  const image = terminal.context.lab.lab.clusters.find(({ name }) => name === node.cluster)?.image ?? '';
  return image.replace(/@sha256:.*$/, '');
}
