import { INTERRUPTED, NOT_FOUND } from '../../../../lab/exit-code.ts';
import type { LabLink } from '../../../../lab/lab.ts';
import type { PacketRow } from '../../../../lab/packet-row.ts';
import type { TableRef } from '../../../../lab/snapshot.ts';
import type { Command, Terminal } from '../command.ts';
import { labRows } from '../lab-rows.ts';
import { flag, readOptions, valued } from '../options.ts';

/** It stops by itself after this much lab time: a lesson's command has nobody who presses Ctrl-C. */
const LONGEST = 120_000;
const LOOK_EVERY = 100;

/** `tcpdump -i <port> [-c count]`: BGP's packets as they cross a port of a switch or a Kubernetes node. */
export const tcpdump: Command = {
  name: 'tcpdump',
  summary: 'BGP packets as they pass: tcpdump -i e1-1 -c 10',
  async run(words, terminal) {
    const asked = read(words);
    if (typeof asked === 'string') {
      terminal.err(`tcpdump: ${asked}`);
      return 1;
    }
    const { world, lab } = terminal.context;
    const node = terminal.host ?? '';
    if (world.device(node) === undefined) {
      terminal.err(`tcpdump: the embedded lab answers this on switches and Kubernetes nodes`);
      return NOT_FOUND;
    }
    const ports = lab.lab.links.flatMap(link => portOf(link, node));
    const link = ports.find(({ port }) => samePort(port, asked.port));
    if (asked.port !== 'any' && link === undefined) {
      terminal.err(`tcpdump: ${asked.port}: No such device exists`);
      terminal.err(
        `(${node} is on the fabric with ${ports.map(({ port }) => short(port)).join(', ')}, or any)`,
      );
      return 1;
    }
    const ref: TableRef & { readonly name: 'packets' } =
      link === undefined ? { name: 'packets', node } : { name: 'packets', link: link.id };
    terminal.err(`listening on ${asked.port}, BGP only, ${asked.count ?? 'all'} packets`);
    const printed = await follow(terminal, ref, asked.count);
    terminal.err(`${printed.count} packets captured`);
    return printed.interrupted ? INTERRUPTED : 0;
  },
};

async function follow(
  terminal: Terminal,
  ref: TableRef & { readonly name: 'packets' },
  most: number | undefined,
): Promise<{ readonly count: number; readonly interrupted: boolean }> {
  const { world } = terminal.context;
  const look = () => labRows(terminal, ref) ?? [];
  const started = world.now();
  const seen = new Set(look().map(({ id }) => id));
  let count = 0;
  while (world.now() - started < LONGEST) {
    if (!(await terminal.wait(LOOK_EVERY))) return { count, interrupted: true };
    for (const row of look()) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      terminal.out(lineOf(row));
      if (++count === most) return { count, interrupted: false };
    }
  }
  return { count, interrupted: false };
}

type Asked = { readonly port: string; readonly count: number | undefined };

const known = [
  valued('interface', 'i'),
  valued('count', 'c'),
  valued('write', 'w'),
  valued('snaplen', 's'),
  ...[...'nvelqtUXAS'].map(letter => flag(letter, letter)),
];

function read(words: readonly string[]): Asked | string {
  const reading = readOptions(words, known);
  if (reading.outcome === 'refused') return `${reading.because}; -i, -c and -n are answered here`;
  const { options } = reading;
  if (options.has('write'))
    return 'no file is written here: "srklab-tutor capture -o FILE" writes one for Wireshark';
  const odd = options.words.find(word => !FILTER.has(word));
  if (odd !== undefined)
    return `"${odd}" is not answered here: only BGP is captured, "tcp port 179" or "port bgp" may stand behind`;
  const count = options.has('count') ? Number(options.value('count')) : undefined;
  if (count !== undefined && (!Number.isInteger(count) || count < 1))
    return `invalid packet count ${options.value('count')}`;
  const port = options.value('interface');
  return port === undefined ? 'on which port? -i e1-1, or -i any' : { port, count };
}

/** A filter that says what is shown anyway. */
const FILTER = new Set(['tcp', 'port', '179', 'bgp', 'and']);

function portOf(link: LabLink, node: string): { readonly id: string; readonly port: string }[] {
  return [link.a, link.b].filter(end => end.node === node).map(({ port }) => ({ id: link.id, port }));
}

function samePort(port: string, written: string): boolean {
  return port === written || short(port) === written;
}

/** "ethernet-1/10" is "e1-10" inside a container. */
function short(port: string): string {
  return port.replace(/^ethernet-(\d+)\/(\d+)$/, 'e$1-$2');
}

/** As tcpdump prints it, with what BGP says behind. */
function lineOf(row: PacketRow): string {
  const { flow, kind } = row;
  const ends = `${flow.sourceAddress}.${flow.sourcePort} > ${flow.destinationAddress}.${flow.destinationPort}`;
  const sequence =
    row.length === 0 ? `seq ${row.sequence}` : `seq ${row.sequence}:${row.sequence + row.length}`;
  const ack = kind === 'SYN' ? '' : `, ack ${row.acknowledgment}`;
  const bgp = row.length === 0 ? '' : `: BGP ${kind}${row.summary === '' ? '' : ` ${row.summary}`}`;
  return `${clock(row.at)} IP ${ends}: Flags [${FLAGS[kind] ?? 'P.'}], ${sequence}${ack}, length ${row.length}${bgp}`;
}

const FLAGS: Readonly<Partial<Record<PacketRow['kind'], string>>> = {
  SYN: 'S',
  'SYN-ACK': 'S.',
  ACK: '.',
  FIN: 'F.',
  RST: 'R.',
};

/** Lab time as a time of day: "00:00:17.942000". */
function clock(at: number): string {
  return new Date(Math.floor(at + 0.0005))
    .toISOString()
    .slice(11, 23)
    .concat(`${Math.round(at * 1000) % 1000}`.padStart(3, '0'));
}
