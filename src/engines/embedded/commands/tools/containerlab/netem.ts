import { readGoDuration } from '../../../../../kube/go-duration.ts';
import { faultId, type LinkImpaired } from '../../../../../lab/fault.ts';
import type { LabLink } from '../../../../../lab/lab.ts';
import type { Terminal } from '../../command.ts';
import { valued } from '../../options.ts';
import { roundedTable } from '../../text-table.ts';
import { containerNamed } from '../containers.ts';
import { noSuchContainer } from '../docker/refuse.ts';
import { fail, optionsFor } from './topology.ts';

/** `containerlab tools netem set | show | reset`: what one end of a link sends is late, unevenly late or lost. */
export function netem(terminal: Terminal, verb: string, words: readonly string[]): number {
  switch (verb) {
    case 'set':
      return set(terminal, words);
    case 'show':
      return show(terminal, words);
    case 'reset':
      return reset(terminal, words);
    default:
      return fail(terminal, `containerlab tools netem: "${verb}" is none of set, show and reset`);
  }
}

function set(terminal: Terminal, words: readonly string[]): number {
  const options = optionsFor(terminal, 'tools netem set', words, [
    valued('node', 'n'),
    valued('interface', 'i'),
    valued('delay'),
    valued('jitter'),
    valued('loss'),
    valued('rate'),
    valued('corruption'),
  ]);
  if (typeof options === 'number') return options;
  const missing = ['interface', 'node'].filter(name => options.value(name) === undefined);
  if (missing.length > 0) return fail(terminal, `required flag(s) "${missing.join('", "')}" not set`);
  for (const name of ['rate', 'corruption'])
    if (Number(options.value(name) ?? 0) !== 0)
      return fail(
        terminal,
        `--${name} is not modelled: links of the embedded lab have no bandwidth and change no packet; --delay, --jitter and --loss work`,
      );
  const [delayMs, jitterMs] = [
    readGoDuration(options.value('delay') ?? '0s'),
    readGoDuration(options.value('jitter') ?? '0s'),
  ];
  const lossPercent = Number(options.value('loss') ?? 0);
  if (typeof delayMs === 'string')
    return fail(terminal, `invalid argument "${options.value('delay')}" for "--delay" flag: ${delayMs}`);
  if (typeof jitterMs === 'string')
    return fail(terminal, `invalid argument "${options.value('jitter')}" for "--jitter" flag: ${jitterMs}`);
  if (Number.isNaN(lossPercent))
    return fail(
      terminal,
      `invalid argument "${options.value('loss')}" for "--loss" flag: a number in percent is expected`,
    );
  if (lossPercent < 0 || lossPercent > 100)
    return fail(terminal, 'packet loss must be in the range between 0 and 100');
  if (jitterMs !== 0 && delayMs === 0) return fail(terminal, 'jitter cannot be set without setting delay');
  const end = endOf(terminal, options.value('node') ?? '', options.value('interface') ?? '');
  if (typeof end === 'number') return end;
  const fault: LinkImpaired = { kind: 'link-impaired', ...end, delayMs, jitterMs, lossPercent };
  const { faults } = terminal.context.lab;
  faults.heal(faultId(fault));
  if (delayMs > 0 || lossPercent > 0) {
    const result = faults.break(fault);
    if (result.outcome === 'refused') return fail(terminal, result.because);
  }
  print(terminal, [[options.value('interface') ?? '', fault]]);
  return 0;
}

function show(terminal: Terminal, words: readonly string[]): number {
  const options = optionsFor(terminal, 'tools netem show', words, [
    valued('node', 'n'),
    valued('format', 'f'),
  ]);
  if (typeof options === 'number') return options;
  const name = options.value('node') ?? '';
  const container = containerNamed(terminal, name);
  if (container === undefined) return noSuchContainer(terminal, name);
  const { world } = terminal.context;
  const node = container.node.name;
  const fabric = [...world.wires.values()].flatMap(({ id }) =>
    id.split(' ').flatMap((end, at): [string, LinkImpaired | undefined][] => {
      if (!end.startsWith(`${node}:`)) return [];
      const direction = at === 0 ? 'a-to-b' : 'b-to-a';
      return [[end.slice(node.length + 1), impairmentAt(terminal, id, direction)]];
    }),
  );
  const rows: [string, LinkImpaired | undefined][] = [['lo', undefined], ['eth0', undefined], ...fabric];
  const format = options.value('format') ?? 'table';
  if (format === 'json') {
    const objects = rows.map(([port, fault]) => ({
      interface: port,
      delay: fault === undefined || fault.delayMs === 0 ? '' : durationText(fault.delayMs),
      jitter: fault === undefined || fault.jitterMs === 0 ? '' : durationText(fault.jitterMs),
      packet_loss: fault?.lossPercent ?? 0,
      rate: 0,
      corruption: 0,
    }));
    terminal.out(JSON.stringify({ [container.name]: objects }, undefined, 2));
  } else if (format === 'table') print(terminal, rows);
  else return fail(terminal, `output format "${format}" is none of table and json`);
  return 0;
}

function reset(terminal: Terminal, words: readonly string[]): number {
  const options = optionsFor(terminal, 'tools netem reset', words, [
    valued('node', 'n'),
    valued('interface', 'i'),
  ]);
  if (typeof options === 'number') return options;
  const node = options.value('node') ?? '';
  const port = options.value('interface') ?? '';
  const end = endOf(terminal, node, port);
  if (typeof end === 'number') return end;
  terminal.context.lab.faults.heal(
    faultId({ kind: 'link-impaired', ...end, delayMs: 0, jitterMs: 0, lossPercent: 0 }),
  );
  terminal.out(`Reset impairments on node "${node}", interface "${port}"`);
  return 0;
}

/** The end of a link that a node's interface is; prints and gives an exit code where none is plugged in. */
function endOf(
  terminal: Terminal,
  name: string,
  port: string,
): Pick<LinkImpaired, 'link' | 'direction'> | number {
  const container = containerNamed(terminal, name);
  if (container === undefined) return noSuchContainer(terminal, name);
  const end = `${container.node.name}:${port}`;
  const links: LabLink[] = terminal.context.lab.lab.links.filter(({ id }) =>
    terminal.context.world.wires.has(id),
  );
  const link = links.find(({ id }) => id.split(' ').includes(end));
  if (link === undefined) {
    const known = links.flatMap(({ id }) =>
      id.split(' ').filter(one => one.startsWith(`${container.node.name}:`)),
    );
    const ports = known.map(one => one.slice(container.node.name.length + 1)).join(', ');
    return fail(terminal, `Link not found (cables of ${container.name}: ${ports || 'none'})`);
  }
  return { link: link.id, direction: link.id.startsWith(`${end} `) ? 'a-to-b' : 'b-to-a' };
}

function impairmentAt(
  terminal: Terminal,
  link: string,
  direction: LinkImpaired['direction'],
): LinkImpaired | undefined {
  for (const { fault } of terminal.context.world.faults.values())
    if (fault.kind === 'link-impaired' && fault.link === link && fault.direction === direction) return fault;
  return undefined;
}

function print(terminal: Terminal, rows: readonly (readonly [string, LinkImpaired | undefined])[]): void {
  const cell =
    (text: (fault: LinkImpaired) => string) => (row: readonly [string, LinkImpaired | undefined]) =>
      row[1] === undefined ? 'N/A' : text(row[1]);
  const columns = [
    { title: 'Interface', of: (row: readonly [string, LinkImpaired | undefined]) => row[0] },
    { title: 'Delay', of: cell(({ delayMs }) => durationText(delayMs)) },
    { title: 'Jitter', of: cell(({ jitterMs }) => durationText(jitterMs)) },
    { title: 'Packet Loss', of: cell(({ lossPercent }) => `${lossPercent.toFixed(2)}%`) },
    { title: 'Rate (Kbit)', of: cell(() => '0') },
    { title: 'Corruption', of: cell(() => '0.00%') },
  ];
  for (const line of roundedTable(columns, rows)) terminal.out(line);
}

/** As Go prints a duration: "0s", "100ms", "1.5s", "1m0s". */
function durationText(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds < 1) return `${milliseconds * 1000}µs`;
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
