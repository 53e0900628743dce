import { beforeAll, describe, expect, it } from 'vitest';
import { decodeMessage } from '../../bgp/wire/decode.ts';
import type { PacketRow } from '../../lab/packet-row.ts';
import { rowsOf, type TableRef } from '../../lab/snapshot.ts';
import { flowText } from '../../net/flow.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { createEmbeddedEngine, type EmbeddedEngine } from './embedded-engine.ts';

describe('the packets of the fabric', () => {
  let engine: EmbeddedEngine;
  let rows: readonly PacketRow[];
  beforeAll(async () => {
    engine = createEmbeddedEngine(talkLab());
    await engine.perform({ type: 'restore', stage: 'fabric' });
    rows = await packets(engine);
  });

  it('begin with the handshake of RFC 9293, then an OPEN each way', () => {
    const [first] = rows;
    const ends = new Set([first?.from, first?.to]);
    const conversation = rows.filter(({ from, to }) => ends.has(from) && ends.has(to));
    expect(conversation.slice(0, 4).map(({ kind }) => kind)).toEqual(['SYN', 'SYN-ACK', 'ACK', 'OPEN']);
    expect(conversation.filter(({ kind }) => kind === 'OPEN').length).toBeGreaterThanOrEqual(2);
  });

  it('are numbered without a gap, each way, and acknowledge nothing that had not arrived', () => {
    const sent = new Map<string, number>();
    for (const row of rows) {
      const key = flowText(row.flow);
      expect(row.sequence).toBe(sent.get(key) ?? 0);
      sent.set(key, row.sequence + (/^(SYN|FIN)/.test(row.kind) ? 1 : row.length));
      const { sourceAddress, sourcePort, destinationAddress, destinationPort, protocol } = row.flow;
      const back = flowText({
        sourceAddress: destinationAddress,
        sourcePort: destinationPort,
        destinationAddress: sourceAddress,
        destinationPort: sourcePort,
        protocol,
      });
      expect(row.acknowledgment).toBeLessThanOrEqual(sent.get(back) ?? 0);
    }
  });

  it('hold octets that our own decoder reads as what they are', () => {
    const messages = rows.filter(row => row.length > 0);
    expect(messages.length).toBeGreaterThan(50);
    for (const row of messages) {
      const octets = Uint8Array.from(row.octets.match(/../g) ?? [], octet => Number.parseInt(octet, 16));
      const decoded = decodeMessage(octets, { fourOctetAs: true, internal: true });
      expect(decoded).toMatchObject({
        outcome: 'messages',
        messages: [{ type: row.kind.toLowerCase() }],
        findings: [],
      });
    }
  });

  it('are those that crossed a link, when a link is asked for', async () => {
    const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';
    const crossed = await packets(engine, { name: 'packets', link });
    expect(crossed).toEqual(rows.filter(({ links }) => links.includes(link)));
    expect(crossed.length).toBeGreaterThan(10);
    expect(crossed.every(({ nodes }) => nodes.includes('LEAF-DC-1') && nodes.includes('SPINE-DC-1'))).toBe(
      true,
    );
  });

  it('stay what they are while more come', async () => {
    engine.clock.advance(60_000);
    const later = await packets(engine);
    expect(later.slice(0, rows.length)).toEqual(rows);
    expect(later.slice(rows.length).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['KEEPALIVE']));
  });
});

it('the newest are kept, KEEPALIVEs apart from what they would push out', async () => {
  const engine = createEmbeddedEngine(talkLab(), { keptPackets: { messages: 30, keepalives: 5 } });
  await engine.perform({ type: 'restore', stage: 'fabric' });
  engine.clock.advance(300_000);
  const rows = await packets(engine);
  expect(rows.filter(({ kind }) => kind === 'KEEPALIVE')).toHaveLength(5);
  expect(rows).toHaveLength(35);
});

it('a link that is cut ends connections with what could still travel', async () => {
  const engine = createEmbeddedEngine(talkLab());
  await engine.perform({ type: 'restore', stage: 'fabric' });
  const before = (await packets(engine)).at(-1)?.id ?? 0;
  const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';
  await engine.perform({ type: 'break', fault: { kind: 'link-cut', link } });
  engine.clock.advance(5_000);
  const after = (await packets(engine)).filter(({ id }) => id > before);
  expect(after.some(({ kind, summary }) => kind === 'UPDATE' && summary.startsWith('withdraws '))).toBe(true);
  expect(after.filter(({ links }) => links.includes(link))).toEqual([]);
});

async function packets(
  engine: EmbeddedEngine,
  ref: TableRef & { readonly name: 'packets' } = { name: 'packets' },
): Promise<readonly PacketRow[]> {
  return rowsOf(await engine.snapshot([ref]), ref) ?? [];
}
