import { dateText } from '../../../lab-date.ts';
import type { Terminal } from '../../command.ts';
import { flag, readOptions, valued } from '../../options.ts';
import { ago, type Container, containersOf, statusText } from '../containers.ts';
import { printRows } from './format.ts';
import { refuseUsage } from './refuse.ts';

const known = [
  flag('all', 'a'),
  valued('filter', 'f'),
  valued('format'),
  valued('last', 'n'),
  flag('latest', 'l'),
  flag('no-trunc'),
  flag('quiet', 'q'),
];

/** `docker ps`. */
export function listContainers(terminal: Terminal, words: readonly string[]): number {
  const reading = readOptions(words, known);
  if (reading.outcome === 'refused') return refuseUsage(terminal, 'docker ps', reading.because);
  const { options } = reading;
  if (options.words.length > 0) return refuseUsage(terminal, 'docker ps', 'docker ps accepts no arguments');
  const filters = options.values('filter');
  const wrong = filters.map(filter => filter.split('=', 1)[0] ?? '').find(name => !(name in FILTERS));
  if (wrong !== undefined) {
    terminal.err(
      `Error response from daemon: invalid filter '${wrong}' (answered here: ${Object.keys(FILTERS).join(', ')})`,
    );
    return 1;
  }
  const now = terminal.context.world.now();
  const few = options.has('latest')
    ? 1
    : options.value('last') === undefined
      ? undefined
      : Number(options.value('last'));
  const all = options.has('all') || few !== undefined || filters.some(filter => filter.startsWith('status='));
  const rows = containersOf(terminal)
    .filter(container => all || container.state !== 'exited')
    .filter(container => matches(terminal, container, filters))
    .slice(0, few)
    .map(container => rowOf(terminal, container, now, options.has('no-trunc')));
  const columns = ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'] as const;
  return printRows(terminal, options, rows, columns, TITLES);
}

function rowOf(terminal: Terminal, container: Container, now: number, whole: boolean) {
  const command = `"${container.command}"`;
  return {
    Command: whole || command.length <= 20 ? command : `${command.slice(0, 19)}…`,
    CreatedAt: `${dateText(container.createdAt).replace('T', ' ').replace('Z', '')} +0000 UTC`,
    ID: whole ? container.id : container.id.slice(0, 12),
    Image: container.image,
    Labels: Object.entries(container.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
    Label: (name: string) => container.labels[name] ?? '',
    LocalVolumes: '0',
    Mounts: '',
    Names: container.name,
    Networks: terminal.context.lab.lab.network.name,
    Ports: container.state === 'exited' ? '' : container.ports,
    RunningFor: ago(now - container.createdAt),
    Size: '0B',
    State: container.state,
    Status: statusText(container, now),
  };
}

const TITLES = {
  Command: 'COMMAND',
  CreatedAt: 'CREATED AT',
  ID: 'CONTAINER ID',
  Image: 'IMAGE',
  Labels: 'LABELS',
  LocalVolumes: 'LOCAL VOLUMES',
  Mounts: 'MOUNTS',
  Names: 'NAMES',
  Networks: 'NETWORKS',
  Ports: 'PORTS',
  RunningFor: 'CREATED',
  Size: 'SIZE',
  State: 'STATE',
  Status: 'STATUS',
} as const;

type Filter = (container: Container, value: string, terminal: Terminal) => boolean;

const FILTERS: Readonly<Record<string, Filter>> = {
  ancestor: ({ image }, value) => image === value || image.replace(/:[^:/]*$/, '') === value,
  id: ({ id }, value) => id.startsWith(value),
  label: ({ labels }, value) => {
    const [name = '', ...wanted] = value.split('=');
    return name in labels && (wanted.length === 0 || labels[name] === wanted.join('='));
  },
  name: ({ name }, value) => {
    try {
      return new RegExp(value).test(name);
    } catch {
      return name.includes(value);
    }
  },
  network: (_, value, terminal) => value === terminal.context.lab.lab.network.name,
  status: ({ state }, value) => state === value,
};

/** Filters of one name are alternatives, those of different names must all hold. */
function matches(terminal: Terminal, container: Container, filters: readonly string[]): boolean {
  const names = new Set(filters.map(filter => filter.split('=', 1)[0] ?? ''));
  return [...names].every(name =>
    filters
      .filter(filter => filter.startsWith(`${name}=`))
      .some(filter => FILTERS[name]?.(container, filter.slice(name.length + 1), terminal) === true),
  );
}
