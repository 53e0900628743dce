import type { Terminal } from '../../command.ts';
import { flag, readOptions, valued } from '../../options.ts';
import { containersOf, identity } from '../containers.ts';
import { buildStage } from '../stage-command.ts';
import { printNamed, printRows } from './format.ts';
import { refuseUsage } from './refuse.ts';

/** `docker network create | ls | inspect | rm`. */
export async function network(terminal: Terminal, words: readonly string[]): Promise<number> {
  const [verb = '', ...rest] = words;
  switch (verb) {
    case 'create':
      return create(terminal, rest);
    case 'ls':
    case 'list':
      return list(terminal, rest);
    case 'inspect':
      return inspectNetworks(terminal, rest);
    case 'rm':
    case 'remove':
      return remove(terminal, rest);
    default:
      terminal.err(
        `docker network${verb === '' ? '' : ` ${verb}`}: create, ls, inspect and rm are answered here; the lab's containers stay on their network`,
      );
      return 1;
  }
}

async function create(terminal: Terminal, words: readonly string[]): Promise<number> {
  const reading = readOptions(words, [valued('subnet'), valued('driver', 'd'), valued('gateway')]);
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker network create', reading.because);
  const { options } = reading;
  const { lab } = terminal.context.lab;
  const [name] = options.words;
  const subnet = options.value('subnet') ?? lab.network.prefix;
  if (
    name !== lab.network.name ||
    subnet !== lab.network.prefix ||
    (options.value('driver') ?? 'bridge') !== 'bridge'
  ) {
    terminal.err(
      `Error: this lab's network is a bridge, ${lab.network.name} with ${lab.network.prefix}: srklab.yml says so`,
    );
    return 1;
  }
  if (exists(terminal)) {
    terminal.err(`Error response from daemon: network with name ${name} already exists`);
    return 1;
  }
  const exitCode = await buildStage(terminal, 'network');
  if (exitCode === 0) terminal.out(identity(`network ${name}`));
  return exitCode;
}

function list(terminal: Terminal, words: readonly string[]): number {
  const reading = readOptions(words, [
    flag('quiet', 'q'),
    flag('no-trunc'),
    valued('format'),
    valued('filter', 'f'),
  ]);
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker network ls', reading.because);
  const { options } = reading;
  const filters = options.values('filter').map(filter => filter.split('='));
  const wrong = filters.find(([name = '']) => name !== 'name' && name !== 'driver');
  if (wrong !== undefined) {
    terminal.err(`Error response from daemon: invalid filter '${wrong[0]}' (answered here: driver, name)`);
    return 1;
  }
  const { name } = terminal.context.lab.lab.network;
  const rows = [
    { Name: 'bridge', Driver: 'bridge' },
    { Name: 'host', Driver: 'host' },
    ...(exists(terminal) ? [{ Name: name, Driver: 'bridge' }] : []),
    { Name: 'none', Driver: 'null' },
  ]
    .map(row => {
      const id = identity(`network ${row.Name}`);
      return { ID: options.has('no-trunc') ? id : id.slice(0, 12), ...row, Scope: 'local' };
    })
    .filter(row =>
      filters.every(([key, value = '']) =>
        key === 'name' ? row.Name.includes(value) : row.Driver === value,
      ),
    )
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  return printRows(terminal, options, rows, ['ID', 'Name', 'Driver', 'Scope'], TITLES);
}

const TITLES = { ID: 'NETWORK ID', Name: 'NAME', Driver: 'DRIVER', Scope: 'SCOPE' } as const;

function inspectNetworks(terminal: Terminal, words: readonly string[]): number {
  const reading = readOptions(words, [valued('format', 'f'), flag('verbose', 'v')]);
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker network inspect', reading.because);
  const { options } = reading;
  if (options.words.length === 0)
    return refuseUsage(
      terminal,
      'docker network inspect',
      'docker network inspect requires at least 1 argument',
    );
  return printNamed(terminal, options, {
    find: name => networkObject(terminal, name),
    missing: name => `Error response from daemon: network ${name} not found`,
  });
}

/** The lab's network as Docker describes it; undefined for any other, and before it is made. */
export function networkObject(terminal: Terminal, name: string): object | undefined {
  const { lab } = terminal.context.lab;
  const id = identity(`network ${lab.network.name}`);
  if (!exists(terminal) || (name !== lab.network.name && !(name.length >= 4 && id.startsWith(name))))
    return undefined;
  const length = lab.network.prefix.split('/')[1];
  const containers = containersOf(terminal)
    .filter(({ state, address }) => state !== 'exited' && address !== undefined)
    .map(
      container =>
        [container.id, { Name: container.name, IPv4Address: `${container.address}/${length}` }] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    Name: lab.network.name,
    Id: id,
    Scope: 'local',
    Driver: 'bridge',
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: {},
      Config: [
        {
          Subnet: lab.network.prefix,
          Gateway: (lab.network.prefix.split('/')[0] ?? '').replace(/\d+$/, '1'),
        },
      ],
    },
    Internal: false,
    Attachable: false,
    Ingress: false,
    Containers: Object.fromEntries(containers),
    Options: {},
    Labels: {},
  };
}

function remove(terminal: Terminal, words: readonly string[]): number {
  const reading = readOptions(words, [flag('force', 'f')]);
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker network rm', reading.because);
  const [name = ''] = reading.options.words;
  const { dismantle, lab } = terminal.context.lab;
  const refusal =
    dismantle.refusal ?? (name === lab.network.name ? dismantle.network() : `network ${name} not found`);
  if (refusal !== undefined) {
    terminal.err(`Error response from daemon: ${refusal}`);
    return 1;
  }
  terminal.out(name);
  return 0;
}

function exists(terminal: Terminal): boolean {
  return terminal.context.clusters.isDone({ type: 'create-network' });
}
