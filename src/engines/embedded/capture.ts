import type { Message } from '../../bgp/message.ts';
import { messageSummary } from '../../bgp/message-summary.ts';
import { encodeMessage } from '../../bgp/wire/encode.ts';
import { messageFields } from '../../bgp/wire/message-fields.ts';
import type { PacketField, PacketKind, PacketRow } from '../../lab/packet-row.ts';
import { type FiveTuple, flowText, reversed } from '../../net/flow.ts';

/** A segment as the transport sent it and the other end got it. */
export type Captured = {
  readonly at: number;
  /** When the other end had it. */
  readonly arrival: number;
  readonly flow: FiveTuple;
  readonly ttl: number;
  /** A message, or the kind of a segment without one. */
  readonly content: Message | 'SYN' | 'SYN-ACK' | 'ACK' | 'FIN' | 'RST';
  readonly nodes: readonly string[];
  readonly links: readonly string[];
};

/** How much is kept: KEEPALIVEs apart, since they would soon push out everything else. */
export type Kept = { readonly messages: number; readonly keepalives: number };

export const usuallyKept: Kept = { messages: 1500, keepalives: 500 };

type Entry = { readonly id: number; readonly captured: Captured; row?: PacketRow };

/**
 * The newest segments of all BGP connections of a lab. Keeping one costs an object: octets, numbers and fields are made
 * when somebody looks.
 */
export class Capture {
  private readonly messages: Ring<Entry>;
  private readonly keepalives: Ring<Entry>;
  private readonly streams = new Map<string, Stream>();
  private lastId = 0;

  constructor(kept: Kept = usuallyKept) {
    this.messages = new Ring(kept.messages);
    this.keepalives = new Ring(kept.keepalives);
  }

  add(captured: Captured): void {
    const ring = kindOf(captured) === 'KEEPALIVE' ? this.keepalives : this.messages;
    ring.push({ id: ++this.lastId, captured });
  }

  /** Oldest first: all of them, or those that a node sent, took or passed on, or that crossed a link. */
  rows(of: { readonly node?: string; readonly link?: string }): PacketRow[] {
    return this.numbered().filter(
      ({ nodes, links }) =>
        (of.node === undefined || nodes.includes(of.node)) &&
        (of.link === undefined || links.includes(of.link)),
    );
  }

  /** Everything kept, with TCP's numbers as they run on from what was looked at before. */
  private numbered(): PacketRow[] {
    return merged(this.messages.all(), this.keepalives.all())
      .map(entry => {
        if (entry.row === undefined) entry.row = this.rowOf(entry);
        return entry.row;
      })
      .sort((a, b) => a.at - b.at);
  }

  private rowOf({ id, captured }: Entry): PacketRow {
    const { at, arrival, flow, ttl, content, nodes, links } = captured;
    const stream = this.streamOf(flow);
    const kind = kindOf(captured);
    if (kind === 'SYN') stream.restart();
    const octets = typeof content === 'string' ? NOTHING : octetsOf(content);
    const acknowledgment = kind === 'SYN' ? 0 : this.streamOf(reversed(flow)).arrivedBy(at);
    const sequence = stream.next;
    stream.send(octets.length + (kind === 'SYN' || kind === 'SYN-ACK' || kind === 'FIN' ? 1 : 0), arrival);
    let fields: readonly PacketField[] | undefined;
    return {
      id,
      at,
      from: nodes[0] ?? '',
      to: nodes.at(-1) ?? '',
      flow,
      ttl,
      kind,
      summary: typeof content === 'string' ? '' : messageSummary(content),
      sequence,
      acknowledgment,
      length: octets.length,
      octets: hexOf(octets),
      // Of two thousand messages a reader opens one.
      get fields() {
        fields ??= fieldsOf(octets);
        return fields;
      },
      nodes,
      links,
    };
  }

  private streamOf(flow: FiveTuple): Stream {
    const key = flowText(flow);
    let stream = this.streams.get(key);
    if (stream === undefined) {
      stream = new Stream();
      this.streams.set(key, stream);
    }
    return stream;
  }
}

/** All speakers of the lab offer four-octet AS numbers (RFC 6793). */
const session = { fourOctetAs: true, internal: false };

const NOTHING = new Uint8Array(0);

/** Mostly one message; an Update with more routes than fit is several, in one segment. */
function octetsOf(message: Message): Uint8Array {
  const parts = encodeMessage(message, session);
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function fieldsOf(octets: Uint8Array): PacketField[] {
  const messages: PacketField[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = (octets[at + 16] ?? 0) * 256 + (octets[at + 17] ?? 0);
    const fields = messageFields(octets.subarray(at, at + length), session);
    if (length === octets.length) return fields;
    const from = at;
    at += length;
    const name = `Message ${messages.length + 1}`;
    messages.push({ name, value: `${length} octets`, from, to: at, fields: fields.map(by(from)) });
  }
  return messages;
}

/** The field counted from another first octet. */
function by(offset: number): (field: PacketField) => PacketField {
  return ({ fields, ...field }) => ({
    ...field,
    from: field.from + offset,
    to: field.to + offset,
    ...(fields === undefined ? {} : { fields: fields.map(by(offset)) }),
  });
}

function kindOf({ content }: Captured): PacketKind {
  return typeof content === 'string' ? content : KINDS[content.type];
}

const KINDS: Readonly<Record<Message['type'], PacketKind>> = {
  open: 'OPEN',
  update: 'UPDATE',
  notification: 'NOTIFICATION',
  keepalive: 'KEEPALIVE',
  'route-refresh': 'ROUTE-REFRESH',
};

function hexOf(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += HEX[octet];
  return text;
}

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Lab time is whole microseconds; sums of delays miss them by a little. */
const HALF_A_MICROSECOND = 0.0005;

/** One direction of a connection: what was sent, and when it had arrived. */
class Stream {
  next = 0;
  private arrived: { readonly upTo: number; readonly at: number }[] = [];
  private known = 0;

  restart(): void {
    this.next = 0;
    this.arrived = [];
    this.known = 0;
  }

  send(length: number, arrival: number): void {
    this.next += length;
    if (length > 0) this.arrived.push({ upTo: this.next, at: arrival });
  }

  /** The number of the next octet that the other end waits for at that time. */
  arrivedBy(at: number): number {
    let first = this.arrived[0];
    while (first !== undefined && first.at <= at + HALF_A_MICROSECOND) {
      this.known = first.upTo;
      this.arrived.shift();
      first = this.arrived[0];
    }
    return this.known;
  }
}

/** The newest of what was pushed, at most so many. */
class Ring<T> {
  private readonly most: number;
  private items: T[] = [];

  constructor(most: number) {
    this.most = most;
  }

  push(item: T): void {
    this.items.push(item);
    // Cut rarely: each costs a copy.
    if (this.items.length >= this.most * 2) this.items = this.items.slice(-this.most);
  }

  all(): readonly T[] {
    return this.items.length > this.most ? this.items.slice(-this.most) : this.items;
  }
}

function merged(a: readonly Entry[], b: readonly Entry[]): Entry[] {
  const all: Entry[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const one = a[i];
    const other = b[j];
    if (one !== undefined && (other === undefined || one.id < other.id)) {
      all.push(one);
      i++;
    } else if (other !== undefined) {
      all.push(other);
      j++;
    }
  }
  return all;
}
