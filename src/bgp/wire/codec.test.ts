import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromNumber } from '../../net/address.ts';
import { networkOf } from '../../net/prefix.ts';
import { inclusiveMulticastRoute, ipPrefixRoute, macIpRoute } from '../evpn.ts';
import type { Message, Update } from '../message.ts';
import { originAttributes, type PathAttributes } from '../route.ts';
import { toHex } from './bytes.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage, MAXIMUM_SIZE } from './encode.ts';
import type { WireSession } from './read-attributes.ts';
import { MessageStream } from './stream.ts';

const internal: WireSession = { fourOctetAs: true, internal: true };
const external: WireSession = { fourOctetAs: true, internal: false };

function hex(message: Message, session = internal): string[] {
  return encodeMessage(message, session).map(toHex);
}

function read(message: Message, session = internal): Message[] {
  return encodeMessage(message, session).flatMap(bytes => {
    const decoded = decodeMessage(bytes, session);
    if (decoded.outcome === 'error') throw new Error(JSON.stringify(decoded.notification));
    expect(decoded.findings).toEqual([]);
    return decoded.messages;
  });
}

describe('a BGP message on the wire', () => {
  it('is a KEEPALIVE of 19 octets', () => {
    expect(hex({ type: 'keepalive' })).toEqual([`0x${'ff'.repeat(16)}001304`]);
  });

  it('is an OPEN with its capabilities, a large AS hidden behind AS_TRANS', () => {
    const open: Message = {
      type: 'open',
      version: 4,
      myAutonomousSystem: 4200000001,
      holdTime: 90,
      bgpIdentifier: '1.1.1.1',
      capabilities: [
        { type: 'multiprotocol', family: 'evpn' },
        { type: 'route-refresh' },
        { type: 'four-octet-as', asn: 4200000001 },
      ],
    };
    expect(hex(open)).toEqual([
      `0x${'ff'.repeat(16)}0031` +
        '01' +
        '04' +
        '5ba0' +
        '005a' +
        '01010101' +
        '14' +
        '0206010400190046' +
        '02020200' +
        '02064104fa56ea01',
    ]);
    expect(read(open)).toEqual([open]);
  });

  it('is an UPDATE for the service address as a leaf receives it', () => {
    const update: Update = {
      type: 'update',
      family: 'ipv4-unicast',
      withdrawn: [],
      announced: ['10.254.254.240/32'],
      nextHop: '192.168.101.101',
      attributes: { ...originAttributes, asPath: [65201] },
    };
    expect(hex(update, external)).toEqual([
      `0x${'ff'.repeat(16)}0030` +
        '02' +
        '0000' +
        '0014' +
        '40010100' +
        '400206020100' +
        '00feb1' +
        '400304c0a86565' +
        '20' +
        '0afefef0',
    ]);
    expect(read(update, external)).toEqual([update]);
  });

  it('tells End-of-RIB of either family', () => {
    for (const family of ['ipv4-unicast', 'evpn'] as const) {
      const marker: Update = { type: 'update', family, withdrawn: [], announced: [] };
      expect(read(marker)).toEqual([marker]);
    }
  });

  it('carries a shutdown communication of whole characters only', () => {
    const text = 'é'.repeat(200);
    const [message] = read({ type: 'notification', errorCode: 6, errorSubcode: 2, data: text });
    expect(message).toEqual({ type: 'notification', errorCode: 6, errorSubcode: 2, data: 'é'.repeat(127) });
  });

  it('splits an update that does not fit into messages of at most 4096 octets', () => {
    const announced = Array.from({ length: 5000 }, (_, i) => `${fromNumber(0x0a000000 + i * 256)}/24`);
    const update: Update = {
      type: 'update',
      family: 'ipv4-unicast',
      withdrawn: announced,
      announced,
      nextHop: '10.0.0.1',
      attributes: originAttributes,
    };
    const parts = encodeMessage(update, external);
    expect(Math.max(...parts.map(part => part.length))).toBeLessThanOrEqual(MAXIMUM_SIZE);
    const messages = read(update, external) as Update[];
    expect(messages.flatMap(part => part.withdrawn)).toEqual(announced);
    expect(messages.flatMap(part => part.announced)).toEqual(announced);
  });
});

describe('a speaker without four-octet AS numbers', () => {
  it('still learns the true path from AS4_PATH (RFC 6793)', () => {
    const old: WireSession = { fourOctetAs: false, internal: false };
    const update: Update = {
      type: 'update',
      family: 'ipv4-unicast',
      withdrawn: [],
      announced: ['10.0.0.0/8'],
      nextHop: '10.0.0.1',
      attributes: { ...originAttributes, asPath: [65001, 4200000001, 65002] },
    };
    expect(read(update, old)).toEqual([update]);
  });
});

describe('a malformed update (RFC 7606)', () => {
  const good: Update = {
    type: 'update',
    family: 'ipv4-unicast',
    withdrawn: [],
    announced: ['10.0.0.0/8'],
    nextHop: '10.0.0.1',
    attributes: { ...originAttributes, asPath: [65001], med: 5, communities: ['65001:1'] },
  };
  /** The good update with one attribute's octets changed by `change`. */
  function broken(change: (hex: string) => string): ReturnType<typeof decodeMessage> {
    const [text = ''] = hex(good, external);
    const changed = change(text.slice(2));
    const bytes = Uint8Array.from({ length: changed.length / 2 }, (_, i) =>
      Number.parseInt(changed.slice(i * 2, i * 2 + 2), 16),
    );
    new DataView(bytes.buffer).setUint16(16, bytes.length);
    return decodeMessage(bytes, external);
  }

  it('with an unknown ORIGIN withdraws its routes', () => {
    expect(broken(text => text.replace('40010100', '40010107'))).toEqual({
      outcome: 'messages',
      messages: [{ type: 'update', family: 'ipv4-unicast', withdrawn: ['10.0.0.0/8'], announced: [] }],
      findings: [
        { treatment: 'treat-as-withdraw', attribute: 1, because: 'is neither IGP, EGP nor INCOMPLETE' },
      ],
    });
  });

  it('with an AS_SET withdraws its routes (RFC 9774)', () => {
    const decoded = broken(text => text.replace('40020602010000fde9', '40020601010000fde9'));
    expect(decoded).toMatchObject({
      outcome: 'messages',
      findings: [{ treatment: 'treat-as-withdraw', attribute: 2 }],
    });
  });

  it('with LOCAL_PREF from an external peer loses just that attribute', () => {
    const withPreference: Update = {
      ...good,
      attributes: { ...originAttributes, asPath: [65001], localPref: 300 },
    };
    const decoded = decodeMessage(encodeMessage(withPreference, internal)[0] as Uint8Array, external);
    expect(decoded).toMatchObject({
      outcome: 'messages',
      messages: [{ announced: ['10.0.0.0/8'] }],
      findings: [{ treatment: 'attribute-discard', attribute: 5, because: 'came from an external peer' }],
    });
  });

  it('with a prefix length above 32 ends the session: 3/10, Invalid Network Field', () => {
    expect(broken(text => text.replace(/080a$/, '210a'))).toEqual({
      outcome: 'error',
      notification: { type: 'notification', errorCode: 3, errorSubcode: 10 },
    });
  });

  it('with an unknown well-known attribute ends the session: 3/2', () => {
    expect(broken(text => text.replace('40010100', '40630100'))).toMatchObject({
      outcome: 'error',
      notification: { errorCode: 3, errorSubcode: 2 },
    });
  });

  it('without a mandatory attribute withdraws its routes', () => {
    const text = '0000' + '0007' + '4003040a000001' + '080a';
    const bytes = Uint8Array.from({ length: 19 + text.length / 2 }, (_, i) =>
      i < 16 ? 255 : i >= 19 ? Number.parseInt(text.slice((i - 19) * 2, (i - 19) * 2 + 2), 16) : 0,
    );
    bytes.set([0, bytes.length, 2], 16);
    expect(decodeMessage(bytes, external)).toMatchObject({
      messages: [{ withdrawn: ['10.0.0.0/8'], announced: [] }],
      findings: [{ because: 'a mandatory attribute is missing' }],
    });
  });
});

describe('the stream', () => {
  it('gives the same messages however the octets are cut', () => {
    const bytes = [{ type: 'keepalive' } as const, good(), { type: 'keepalive' } as const].flatMap(message =>
      encodeMessage(message, external),
    );
    const all = Uint8Array.from(bytes.flatMap(part => [...part]));
    const whole = new MessageStream().push(all, () => external);
    const stream = new MessageStream();
    const single = [...all].flatMap(byte => stream.push(Uint8Array.of(byte), () => external));
    expect(single).toEqual(whole);
    expect(whole).toHaveLength(3);
  });

  it('stops for good at a header without its marker: 1/1, Connection Not Synchronized', () => {
    const stream = new MessageStream();
    const noise = new Uint8Array(19);
    expect(stream.push(noise, () => external)).toEqual([
      { outcome: 'error', notification: { type: 'notification', errorCode: 1, errorSubcode: 1 } },
    ]);
    expect(
      stream.push(encodeMessage({ type: 'keepalive' }, external)[0] as Uint8Array, () => external),
    ).toEqual([]);
  });

  function good(): Update {
    return {
      type: 'update',
      family: 'ipv4-unicast',
      withdrawn: [],
      announced: ['10.0.0.0/8'],
      nextHop: '10.0.0.1',
      attributes: originAttributes,
    };
  }
});

// whatever we can say, we read back; whatever anybody sends, we survive

const address = fc.nat(0xffffffff).map(fromNumber);
const prefix = fc
  .tuple(address, fc.integer({ min: 0, max: 32 }))
  .map(([at, length]) => networkOf(`${at}/${length}`));
const asn = fc.integer({ min: 1, max: 4294967295 });
const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map(bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join(':'));
const vni = fc.nat(0xffffff);
const routeDistinguisher = fc.oneof(
  fc.tuple(fc.nat(0xffff), fc.nat(0xffffffff)).map(([a, n]) => `${a}:${n}`),
  fc.tuple(address, fc.nat(0xffff)).map(([a, n]) => `${a}:${n}`),
  fc.tuple(fc.integer({ min: 65536, max: 4294967295 }), fc.nat(0xffff)).map(([a, n]) => `${a}:${n}`),
);
const evpn = fc.oneof(
  fc
    .record({
      routeDistinguisher,
      ethernetTag: fc.nat(0xffffffff),
      mac,
      vni,
      ip: fc.option(address, { nil: undefined }),
      vni2: fc.option(vni, { nil: undefined }),
    })
    .map(({ ip, vni2, ...rest }) =>
      macIpRoute({ ...rest, ...(ip !== undefined && { ip }), ...(vni2 !== undefined && { vni2 }) }),
    ),
  fc
    .record({ routeDistinguisher, ethernetTag: fc.nat(0xffffffff), originatingRouter: address, vni })
    .map(inclusiveMulticastRoute),
  fc
    .record({ routeDistinguisher, ethernetTag: fc.nat(0xffffffff), prefix, gateway: address, vni })
    .map(ipPrefixRoute),
);
const community = fc.tuple(fc.nat(0xffff), fc.nat(0xffff)).map(([a, b]) => `${a}:${b}`);
const extendedCommunity = fc.oneof(
  fc
    .oneof(
      community,
      fc.tuple(address, fc.nat(0xffff)).map(([a, n]) => `${a}:${n}`),
    )
    .map(target => ({ type: 'route-target', target: `target:${target}` }) as const),
  fc.constant({ type: 'encapsulation', tunnelType: 'vxlan' } as const),
  fc.constant({ type: 'default-gateway' } as const),
  mac.map(of => ({ type: 'router-mac', mac: of }) as const),
  fc.record({
    type: fc.constant('mac-mobility' as const),
    sequence: fc.nat(0xffffffff),
    sticky: fc.boolean(),
  }),
);
const attributes: fc.Arbitrary<PathAttributes> = fc
  .record({
    origin: fc.constantFrom('igp', 'egp', 'incomplete'),
    asPath: fc.array(asn, { maxLength: 300 }),
    communities: fc.array(community),
    extendedCommunities: fc.array(extendedCommunity),
    clusterList: fc.array(address, { maxLength: 4 }),
    rest: fc.record(
      { med: fc.nat(0xffffffff), localPref: fc.nat(0xffffffff), originatorId: address },
      { requiredKeys: [] },
    ),
  })
  .map(({ rest, ...fixed }) => ({ ...fixed, ...rest }) as PathAttributes);
const update: fc.Arbitrary<Update> = fc
  .oneof(
    fc.record({
      family: fc.constant('ipv4-unicast' as const),
      withdrawn: fc.array(prefix),
      announced: fc.array(prefix, { minLength: 1 }),
    }),
    fc.record({
      family: fc.constant('evpn' as const),
      withdrawn: fc.array(evpn),
      announced: fc.array(evpn, { minLength: 1 }),
    }),
  )
  .chain(routes =>
    fc
      .record({ nextHop: address, attributes })
      .map(rest => ({ type: 'update' as const, ...routes, ...rest })),
  );

describe('whatever an update says', () => {
  it('is read back the same, in whole messages', () => {
    fc.assert(
      fc.property(update, wanted => {
        const messages = read(wanted, internal) as Update[];
        const announced = messages.flatMap(part => part.announced);
        const byKey = (routes: readonly Update['announced'][number][]) =>
          routes.map(route => JSON.stringify(route)).sort();
        expect(byKey(announced)).toEqual(byKey(wanted.announced));
        // VNIs are no part of a withdrawn type 3 route: they stand in the tunnel attribute.
        const keys = (routes: readonly Update['withdrawn'][number][]) =>
          routes.map(route => (typeof route === 'string' ? route : route.key)).sort();
        expect(keys(messages.flatMap(part => part.withdrawn))).toEqual(keys(wanted.withdrawn));
        for (const part of messages)
          if (part.announced.length > 0) expect(part.attributes).toEqual(wanted.attributes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('whatever octets arrive', () => {
  it('are no message when they are fewer or more than the header says: 1/2, Bad Message Length', () => {
    const [refresh = new Uint8Array(0)] = encodeMessage({ type: 'route-refresh', family: 'evpn' }, internal);
    for (const octets of [refresh.slice(0, -1), Uint8Array.of(...refresh, 0)])
      expect(decodeMessage(octets, internal)).toEqual({
        outcome: 'error',
        notification: { type: 'notification', errorCode: 1, errorSubcode: 2, data: '0x0017' },
      });
  });

  it('become messages or a notification, never an exception', () => {
    fc.assert(
      fc.property(
        update,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.boolean(),
        (message, changes, fourOctetAs) => {
          for (const bytes of encodeMessage(message, internal)) {
            for (const [at, value] of changes) bytes[19 + (at % (bytes.length - 19))] = value;
            const decoded = decodeMessage(bytes, { fourOctetAs, internal: false });
            expect(['messages', 'error']).toContain(decoded.outcome);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
