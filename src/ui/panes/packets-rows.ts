import type { PacketField, PacketKind, PacketRow } from '../../lab/packet-row.ts';
import { clipLine, type Line, type Look, line, span } from '../cells/line.ts';
import { momentText } from '../wording/amount.ts';
import type { Table } from './table.ts';

/** Sent every few seconds, or just part of a handshake: a filter finds them. */
export function isQuiet({ kind }: PacketRow): boolean {
  return kind === 'KEEPALIVE' || kind === 'ACK';
}

/** `name` makes node names short. */
export function packetsTable(name: (node: string) => string): Table<PacketRow> {
  return {
    keyOf: row => `${row.id}`,
    columns: [
      { id: 'at', title: 'at', priority: 4, cell: row => line(span(momentText(row.at), 'dim')) },
      {
        id: 'ends',
        title: 'from → to',
        priority: 0,
        least: 16,
        cell: row => line(span(name(row.from), 'strong'), span(' → ', 'dim'), name(row.to)),
      },
      { id: 'kind', title: 'message', priority: 0, cell: row => line(span(row.kind, lookOf(row.kind))) },
      {
        id: 'octets',
        title: 'octets',
        align: 'right',
        priority: 5,
        sortBy: row => row.length,
        cell: row => line(span(row.length === 0 ? '' : `${row.length}`, 'dim')),
      },
      { id: 'what', title: 'what it says', priority: 1, least: 12, cell: row => line(row.summary) },
    ],
  };
}

function lookOf(kind: PacketKind): Look {
  switch (kind) {
    case 'UPDATE':
      return 'accent';
    case 'OPEN':
      return 'up';
    case 'NOTIFICATION':
    case 'RST':
      return 'down';
    case 'FIN':
      return 'pending';
    default:
      return 'dim';
  }
}

/** What a message says, as deep as it fits into so many lines; what does not fit is counted. */
export function fieldLines(row: PacketRow, width: number, most: number): Line[] {
  if (most <= 0) return [];
  const fields = telling(row.fields);
  let lines = linesOf(fields, '', width, 1);
  for (let depth = 2; depth <= DEEPEST; depth++) {
    const deeper = linesOf(fields, '', width, depth);
    if (deeper.length > most) break;
    lines = deeper;
  }
  if (lines.length <= most) return lines;
  const left = lines.length - most + 1;
  return [...lines.slice(0, most - 1), line(span(`… ${left} more: Enter`, 'dim'))];
}

/** Without what only says how long something is, and attributes as if they were fields of the message. */
function telling(fields: readonly PacketField[]): PacketField[] {
  return fields.flatMap(field => {
    if (field.name === 'Path Attributes') return telling(field.fields ?? []);
    if (/^(Marker|Type)$|Length$/.test(field.name)) return [];
    const [name = '', ...rest] = field.value.split(': ');
    return field.name === 'Path Attribute' ? [{ ...field, name, value: rest.join(': ') }] : [field];
  });
}

/** All fields with the octets where they stand. */
export function allFieldLines(row: PacketRow, width: number): Line[] {
  return linesOf(row.fields, '', width, DEEPEST, true);
}

const DEEPEST = 8;

function linesOf(
  fields: readonly PacketField[],
  indent: string,
  width: number,
  depth: number,
  octets = false,
): Line[] {
  return fields.flatMap(field => {
    const place = octets ? placeText(field).padEnd(9) : '';
    const own = line(span(place, 'dim'), indent, span(`${field.name} `, 'dim'), field.value);
    const inside =
      depth > 1 && field.fields !== undefined
        ? linesOf(field.fields, `${indent}  `, width, depth - 1, octets)
        : [];
    return [clipLine(own, width), ...inside];
  });
}

/** "16–17"; "18" for one octet. */
function placeText({ from, to }: PacketField): string {
  return to - from <= 1 ? `${from}` : `${from}–${to - 1}`;
}
