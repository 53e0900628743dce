import type { Terminal } from '../../command.ts';
import { flag, valued } from '../../options.ts';
import { type Column, roundedTable } from '../../text-table.ts';
import { type Container, containersOf, statusText } from '../containers.ts';
import { info, isThisLab, optionsFor } from './topology.ts';

/** `containerlab inspect [-t file | --name lab | --all] [--format table|json|csv] [--wide]`. */
export function inspect(terminal: Terminal, words: readonly string[]): number {
  if (words[0] === 'interfaces' || words[0] === 'int' || words[0] === 'intf') {
    terminal.err(
      'containerlab inspect interfaces is not answered here; docker exec <container> ip link is, and sr_cli "show interface brief"',
    );
    return 1;
  }
  const options = optionsFor(terminal, 'inspect', words, [
    flag('all', 'a'),
    flag('details'),
    valued('format', 'f'),
    flag('wide', 'w'),
  ]);
  if (typeof options === 'number') return options;
  const format = options.value('format') ?? 'table';
  if (options.has('details') || !['table', 'json', 'csv'].includes(format)) {
    terminal.err(
      options.has('details')
        ? 'containerlab inspect --details is not answered here; docker inspect <container> is'
        : `Error: output format "${format}" is not supported when --details is not used, use 'table', 'json' or 'csv'`,
    );
    return 1;
  }
  if (!isThisLab(terminal, options, { all: true })) return 1;
  if (options.value('topo') !== undefined)
    info(terminal, `Parsing & checking topology file=${terminal.context.lab.lab.topologyFile}`);
  return printInspection(terminal, { format, wide: options.has('wide'), all: options.has('all') });
}

export function printInspection(
  terminal: Terminal,
  { format, wide, all }: { readonly format: string; readonly wide: boolean; readonly all: boolean },
): number {
  const rows = containersOf(terminal)
    .filter(({ labels }) => 'containerlab' in labels)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (format === 'json') printJson(terminal, rows);
  else if (format === 'csv') printCsv(terminal, rows);
  else if (rows.length === 0) info(terminal, 'no containers found');
  else for (const line of tableOf(terminal, rows, wide, all)) terminal.out(line);
  return 0;
}

function tableOf(terminal: Terminal, rows: readonly Container[], wide: boolean, all: boolean): string[] {
  const { lab } = terminal.context.lab;
  const beside = (...parts: string[]) => parts.join(wide ? ' ' : '\n');
  const first = rows[0];
  const columns: Column<Container>[] = [
    ...(all
      ? [
          {
            title: 'Topology',
            of: (row: Container) => (row === first ? lab.topologyFile : ''),
            merge: true as const,
          },
          {
            title: 'Lab Name',
            of: (row: Container) => (row === first ? lab.name : ''),
            merge: true as const,
          },
        ]
      : []),
    ...(wide ? [{ title: 'Owner', of: () => '' }] : []),
    { title: 'Name', of: ({ name }) => name },
    { title: 'Kind/Image', of: ({ labels, image }) => beside(labels['clab-node-kind'] ?? '', image) },
    { title: 'State', of: ({ state }) => (wide ? `${state} ` : state) },
    { title: 'IPv4/6 Address', of: row => beside(addressOf(row) ?? 'N/A', 'N/A') },
  ];
  return roundedTable(columns, rows, { separate: true });
}

/** As containerlab's JSON has them; the embedded lab has no IPv6 and no folders. */
function objectOf(terminal: Terminal, container: Container) {
  const { lab } = terminal.context.lab;
  const length = lab.network.prefix.split('/')[1];
  const address = addressOf(container);
  return {
    lab_name: lab.name,
    labPath: lab.topologyFile,
    name: container.name,
    container_id: container.id.slice(0, 12),
    image: container.image,
    kind: container.labels['clab-node-kind'] ?? '',
    state: container.state,
    status: statusText(container, terminal.context.world.now()),
    ipv4_address: address === undefined ? 'N/A' : `${address}/${length}`,
    ipv6_address: 'N/A',
  };
}

function printJson(terminal: Terminal, rows: readonly Container[]): void {
  const objects = rows.map(row => objectOf(terminal, row));
  const all = objects.length === 0 ? {} : { [terminal.context.lab.lab.name]: objects };
  terminal.out(JSON.stringify(all, undefined, 2));
}

function printCsv(terminal: Terminal, rows: readonly Container[]): void {
  terminal.out(
    'lab_name,labPath,absLabPath,name,container_id,image,kind,state,status,ipv4_address,ipv6_address,owner',
  );
  for (const row of rows) {
    const one = objectOf(terminal, row);
    terminal.out(
      [
        one.lab_name,
        one.labPath,
        one.labPath,
        one.name,
        one.container_id,
        one.image,
        one.kind,
        one.state,
        one.status,
        one.ipv4_address,
        one.ipv6_address,
        '',
      ].join(','),
    );
  }
}

function addressOf({ state, address }: Container): string | undefined {
  return state === 'exited' ? undefined : address;
}
