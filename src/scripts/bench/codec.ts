import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, Open, Update } from '../../bgp/message.ts';
import { originAttributes } from '../../bgp/route.ts';
import * as bgp from '../../bgp/speaker.ts';
import { decodeMessage } from '../../bgp/wire/decode.ts';
import { encodeMessage } from '../../bgp/wire/encode.ts';
import { type Daemon, startFrr, startGobgp, us } from '../../test-support/bgp-daemons.ts';
import { neighbor, speakerConfig } from '../../test-support/speaker-network.ts';
import { TcpSpeaker } from '../../test-support/tcp-speaker.ts';
import { milliseconds, printTable, type Row, times } from './report.ts';
import { interleaved, median } from './sample.ts';

const ROUTES = 100_000;
const ROUTES_PER_UPDATE = 10;
/** A daemon that takes longer has lost something. */
const LONGEST = 30_000;
const session = { fourOctetAs: true, internal: false };

/** What the speaker takes for a feed of 100,000 routes: to write, read and decide it, and on loopback beside GoBGP and FRR. */
export async function benchCodec(rounds: number): Promise<void> {
  const updates = feed();
  const octets = updates.map(update => encoded([update]));
  const text = updates.map(update => JSON.stringify(update));
  const samples = await interleaved(rounds, {
    encoding: async () => took(updates, update => encodeMessage(update, session)),
    decoding: async () => took(octets, one => decodeMessage(one, session)),
    deciding: async () => decided(updates),
    stringify: async () => took(updates, update => JSON.stringify(update)),
    parse: async () => took(text, one => JSON.parse(one)),
  });
  const row = (what: string, sample: readonly number[], baseline: readonly number[], name: string): Row => ({
    what: `${updates.length.toLocaleString('en')} updates ${what}`,
    value: milliseconds(median(sample)),
    ratio: `${Math.round(updates.length / (median(sample) / 1000)).toLocaleString('en')} a second, ${times(median(sample), median(baseline), name)}`,
  });
  printTable(`BGP messages: a feed of ${ROUTES.toLocaleString('en')} routes, medians of ${rounds}`, [
    row('encoded', samples.encoding, samples.stringify, 'JSON.stringify'),
    row('decoded', samples.decoding, samples.parse, 'JSON.parse'),
    row('decided', samples.deciding, samples.decoding, 'decoding'),
    ...(await onLoopback(encoded(updates))),
  ]);
}

/** Ten routes share a path, as in a table of the Internet. */
function feed(): Update[] {
  return Array.from({ length: ROUTES / ROUTES_PER_UPDATE }, (_, index) => ({
    type: 'update',
    family: 'ipv4-unicast',
    withdrawn: [],
    announced: Array.from({ length: ROUTES_PER_UPDATE }, (_, inside) => {
      const number = index * ROUTES_PER_UPDATE + inside;
      return `${20 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}.0/24`;
    }),
    nextHop: '10.0.0.1',
    attributes: { ...originAttributes, asPath: [us.asn, 3000 + (index % 500), 64_000 + (index % 900)] },
  }));
}

function encoded(messages: readonly Message[]): Buffer {
  return Buffer.concat(messages.flatMap(message => encodeMessage(message, session)));
}

/** Milliseconds in which a speaker puts the feed into its tables. */
function decided(updates: readonly Update[]): number {
  const speaker = bgp.createSpeaker(config('9.9.9.9', 9), () => ({ cost: 0 }), 0);
  bgp.wake(speaker, 0);
  const { connection } = bgp.connectionArrived(
    speaker,
    { localAddress: '10.0.0.9', peerAddress: us.address },
    0,
  );
  if (connection === undefined) throw new Error('the speaker takes no connection');
  bgp.receive(speaker, connection, open, 0);
  bgp.receive(speaker, connection, { type: 'keepalive' }, 0);
  const spent = took(updates, update => bgp.receive(speaker, connection, update, 1));
  const known = bgp.ribKeys(speaker, 'ipv4-unicast').length;
  if (known !== ROUTES) throw new Error(`${known} routes instead of ${ROUTES}`);
  return spent;
}

/** The same octets over TCP to our speaker, to GoBGP and to FRR, where they are installed: until the table holds them all. */
async function onLoopback(octets: Buffer): Promise<Row[]> {
  const speaker = new TcpSpeaker({
    config: config('9.9.9.9', 9),
    address: '127.0.0.9',
    port: 1791,
    ports: {},
  });
  await speaker.start();
  const ours = await received('127.0.0.9', 1791, octets, () =>
    speaker.until('the whole feed', () => speaker.changes.length >= ROUTES),
  );
  await speaker.stop();
  const what = (name: string) => `${name} receives them all over loopback`;
  const rows: Row[] = [{ what: what('the speaker'), value: milliseconds(ours) }];
  for (const start of [startGobgp, startFrr]) {
    const daemon = start();
    if (daemon === undefined) continue;
    try {
      await answering(daemon);
      const theirs = await received(daemon.address, daemon.port, octets, () => whole(daemon));
      rows.push({
        what: what(daemon.name),
        value: milliseconds(theirs),
        ratio: `the speaker: ${times(ours, theirs, daemon.name)}`,
      });
    } finally {
      await daemon.stop();
    }
  }
  return rows;
}

/** Until the daemon says that it has all of them. */
async function whole(daemon: Daemon): Promise<void> {
  const giveUp = performance.now() + LONGEST;
  for (;;) {
    const count = (await daemon.count?.()) ?? 0;
    if (count === ROUTES) return;
    if (performance.now() > giveUp) throw new Error(`${daemon.name} has ${count} routes`);
    await sleep(50);
  }
}

async function answering(daemon: Daemon): Promise<void> {
  const giveUp = performance.now() + LONGEST;
  for (;;) {
    const answer = await daemon.count?.().catch(() => undefined);
    if (answer !== undefined) return;
    if (performance.now() > giveUp) throw new Error(`${daemon.name} does not answer`);
    await sleep(50);
  }
}

async function received(
  address: string,
  port: number,
  octets: Buffer,
  whole: () => Promise<void>,
): Promise<number> {
  const socket = connect({ host: address, port, localAddress: us.address });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.write(encoded([open]));
  await new Promise<void>(resolve => socket.once('data', () => resolve()));
  socket.resume();
  socket.write(encoded([{ type: 'keepalive' }]));
  await sleep(500);
  const began = performance.now();
  socket.write(octets);
  await whole();
  const spent = performance.now() - began;
  socket.destroy();
  return spent;
}

const open: Open = {
  type: 'open',
  version: 4,
  myAutonomousSystem: us.asn,
  holdTime: 90,
  bgpIdentifier: '1.2.3.4',
  capabilities: [
    { type: 'multiprotocol', family: 'ipv4-unicast' },
    { type: 'four-octet-as', asn: us.asn },
  ],
};

function config(routerId: string, asn: number) {
  return speakerConfig({
    autonomousSystem: asn,
    routerId,
    neighbors: [neighbor({ peerAddress: us.address, peerAs: us.asn, localAs: asn, passive: true })],
  });
}

function took<T>(all: readonly T[], work: (one: T) => unknown): number {
  const began = performance.now();
  for (const one of all) work(one);
  return performance.now() - began;
}
