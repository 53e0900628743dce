import { expect, it } from 'vitest';
import { inclusiveMulticastRoute, ipPrefixRoute, macIpRoute } from '../../bgp/evpn.ts';
import type { Message } from '../../bgp/message.ts';
import { originAttributes, type PathAttributes } from '../../bgp/route.ts';
import { decodeMessage } from '../../bgp/wire/decode.ts';
import { encodeMessage } from '../../bgp/wire/encode.ts';
import { messageFields } from '../../bgp/wire/message-fields.ts';
import { MessageStream } from '../../bgp/wire/stream.ts';

const MUTATIONS = 1_000_000;
/** No message may take longer: one that does is a hang in the making. */
const LONGEST_MS = 1_000;

/** SRKLAB_FUZZ_SEED repeats a run. */
const seed = Number(process.env['SRKLAB_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

it(`a million mutated messages neither crash nor hang the codec (seed ${seed})`, () => {
  process.stdout.write(`codec fuzz: SRKLAB_FUZZ_SEED=${seed}\n`);
  const random = numbers(seed);
  const seeds = messages.flatMap(message => encodeMessage(message, sessions[0]));
  let stream = new MessageStream();
  let slowest = 0;
  for (let count = 0; count < MUTATIONS; count++) {
    const octets = mutated(seeds, random);
    const session = sessions[count & 1] ?? sessions[0];
    const before = performance.now();
    try {
      const decoded = decodeMessage(octets, session);
      // What was read must be writable again: a message that cannot be passed on would end the speaker later.
      if (decoded.outcome === 'messages')
        for (const message of decoded.messages) encodeMessage(message, session);
      messageFields(octets, session);
      // A stream that met a header error stays silent: begin another.
      if (stream.push(octets, () => session).some(({ outcome }) => outcome === 'error'))
        stream = new MessageStream();
    } catch (error) {
      throw new Error(`seed ${seed}, mutation ${count}: ${hex(octets)}`, { cause: error });
    }
    slowest = Math.max(slowest, performance.now() - before);
  }
  expect(slowest).toBeLessThan(LONGEST_MS);
}, 900_000);

const sessions = [
  { fourOctetAs: true, internal: true },
  { fourOctetAs: false, internal: false },
] as const;

const attributes: PathAttributes = {
  ...originAttributes,
  asPath: [65001, 4_200_000_001, 65002],
  med: 10,
  localPref: 200,
  communities: ['65001:100', '65535:65281'],
  originatorId: '1.1.1.1',
  clusterList: ['1.1.1.11', '1.1.1.12'],
  extendedCommunities: [
    { type: 'route-target', target: 'target:65123:4' },
    { type: 'encapsulation', tunnelType: 'vxlan' },
    { type: 'router-mac', mac: '02:00:00:00:00:01' },
    { type: 'mac-mobility', sequence: 3, sticky: false },
  ],
  unrecognized: [{ code: 99, bytes: '0xdeadbeef' }],
};
const routeDistinguisher = '1.1.1.1:4';

const messages: readonly Message[] = [
  {
    type: 'open',
    version: 4,
    myAutonomousSystem: 4_200_000_001,
    holdTime: 90,
    bgpIdentifier: '1.1.1.1',
    capabilities: [
      { type: 'multiprotocol', family: 'ipv4-unicast' },
      { type: 'multiprotocol', family: 'evpn' },
      { type: 'route-refresh' },
      { type: 'four-octet-as', asn: 4_200_000_001 },
    ],
  },
  { type: 'keepalive' },
  { type: 'route-refresh', family: 'evpn' },
  { type: 'notification', errorCode: 6, errorSubcode: 2, data: 'maintenance' },
  { type: 'notification', errorCode: 3, errorSubcode: 4, data: '0x0102' },
  {
    type: 'update',
    family: 'ipv4-unicast',
    withdrawn: ['10.9.0.0/16', '0.0.0.0/0'],
    announced: ['10.254.254.240/32', '192.168.0.0/23'],
    nextHop: '10.0.0.1',
    attributes,
  },
  {
    type: 'update',
    family: 'evpn',
    withdrawn: [
      ipPrefixRoute({
        routeDistinguisher,
        ethernetTag: 0,
        prefix: '10.1.0.0/16',
        gateway: '0.0.0.0',
        vni: 4,
      }),
    ],
    announced: [
      macIpRoute({ routeDistinguisher, ethernetTag: 0, mac: '02:00:00:00:00:02', ip: '10.0.0.9', vni: 1 }),
      macIpRoute({ routeDistinguisher, ethernetTag: 0, mac: '02:00:00:00:00:03', vni: 1, vni2: 4 }),
      inclusiveMulticastRoute({ routeDistinguisher, ethernetTag: 0, originatingRouter: '1.1.1.1', vni: 1 }),
      ipPrefixRoute({
        routeDistinguisher,
        ethernetTag: 0,
        prefix: '10.254.254.240/32',
        gateway: '0.0.0.0',
        vni: 4,
      }),
    ],
    nextHop: '1.1.1.1',
    attributes,
  },
];

type Numbers = (below: number) => number;

/** The same numbers for the same seed. */
function numbers(from: number): Numbers {
  let state = from >>> 0 || 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A valid message after one to eight changes: octets set, bits turned, pieces cut out, doubled or taken from another message. */
function mutated(seeds: readonly Uint8Array[], random: Numbers): Uint8Array {
  const pick = () => seeds[random(seeds.length)] ?? new Uint8Array(0);
  let octets = Uint8Array.from(pick());
  for (let changes = 1 + random(8); changes > 0; changes--) {
    // Mostly behind the marker: in front of it nothing else is looked at.
    const at = random(8) === 0 ? random(octets.length + 1) : 16 + random(Math.max(1, octets.length - 15));
    switch (random(6)) {
      case 0:
        octets[at] = random(256);
        break;
      case 1:
        octets[at] = (octets[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        octets[at] = [0, 1, 127, 128, 254, 255][random(6)] ?? 0;
        break;
      case 3:
        octets = joined(octets.subarray(0, at), octets.subarray(at + random(12)));
        break;
      case 4:
        octets = joined(octets.subarray(0, at), octets.subarray(at - random(Math.min(at, 24) + 1)));
        break;
      case 5: {
        const other = pick();
        const from = random(other.length);
        octets = joined(octets.subarray(0, at), other.subarray(from, from + random(40)), octets.subarray(at));
      }
    }
  }
  // Most with a length that is right again, or nothing behind the header would ever be read.
  if (octets.length >= 18 && random(10) > 0) {
    octets[16] = octets.length >>> 8;
    octets[17] = octets.length & 255;
  }
  return octets;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function hex(octets: Uint8Array): string {
  return Array.from(octets, octet => octet.toString(16).padStart(2, '0')).join('');
}
