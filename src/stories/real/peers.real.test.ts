import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inclusiveMulticastRoute, ipPrefixRoute, macIpRoute } from '../../bgp/evpn.ts';
import type { PolicyConfig } from '../../bgp/policy.ts';
import { originAttributes, type PathAttributes } from '../../bgp/route.ts';
import { encodeMessage } from '../../bgp/wire/encode.ts';
import {
  type Daemon,
  startBird,
  startExabgp,
  startFrr,
  startGobgp,
  us,
} from '../../test-support/bgp-daemons.ts';
import { neighbor, speakerConfig } from '../../test-support/speaker-network.ts';
import { TcpSpeaker } from '../../test-support/tcp-speaker.ts';

/** Our speaker on 127.0.0.1 beside each implementation on an address of its own; nothing leaves loopback. */
const implementations: readonly {
  name: string;
  start: () => Daemon | undefined;
  own: string;
  evpn: boolean;
}[] = [
  { name: 'FRR', start: startFrr, own: '10.2.0.0/24', evpn: true },
  { name: 'GoBGP', start: startGobgp, own: '10.4.0.0/24', evpn: true },
  { name: 'BIRD', start: startBird, own: '10.3.0.0/24', evpn: false },
  { name: 'ExaBGP', start: startExabgp, own: '10.5.0.0/24', evpn: true },
];

/** Others refuse a next hop on loopback, and rightly so. */
const NEXT_HOP = '10.0.0.1';

const withNextHop: PolicyConfig = {
  name: 'all',
  defaultResult: 'accept',
  statements: [{ name: '10', match: {}, result: 'accept', set: { nextHop: NEXT_HOP } }],
};

const tenant: PathAttributes = {
  ...originAttributes,
  extendedCommunities: [
    { type: 'route-target', target: 'target:65123:4' },
    { type: 'encapsulation', tunnelType: 'vxlan' },
    { type: 'router-mac', mac: 'aa:bb:cc:00:00:01' },
  ],
};

describe.each(implementations)('our speaker and $name', ({ name, start, own, evpn }) => {
  let daemon: Daemon;
  let speaker: TcpSpeaker;

  beforeEach(async () => {
    const started = start();
    if (started === undefined)
      throw new Error(`${name} is not installed: run the preparation of the real tests first`);
    daemon = started;
    const peer = neighbor({
      peerAddress: daemon.address,
      peerAs: daemon.asn,
      localAs: us.asn,
      localAddress: us.address,
      families: evpn ? ['ipv4-unicast', 'evpn'] : ['ipv4-unicast'],
      timers: { connectRetry: 300, holdTime: 9000, keepaliveInterval: 3000, minimumAdvertisementInterval: 0 },
    });
    speaker = new TcpSpeaker({
      config: speakerConfig({
        autonomousSystem: us.asn,
        routerId: '1.1.1.1',
        policies: [withNextHop],
        neighbors: [{ ...peer, exportPolicies: ['all'], importPolicies: ['all'] }],
      }),
      address: us.address,
      port: us.port,
      ports: { [daemon.address]: daemon.port },
    });
    await speaker.start();
  });

  afterEach(async () => {
    await speaker.stop();
    await daemon.stop();
  });

  const established = () =>
    speaker.until('established', () => speaker.state(daemon.address) === 'established');

  /** Asks the daemon until it says so. */
  async function itKnows(text: string): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if ((await daemon.routes()).includes(text)) return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(await daemon.routes()).toContain(text);
  }

  it('exchange IPv4 routes both ways', async () => {
    await established();
    speaker.originate('ipv4-unicast', [
      {
        nlri: '10.254.254.240/32',
        protocol: 'local',
        attributes: { ...originAttributes, communities: ['65001:100'], med: 7 },
        nextHop: NEXT_HOP,
      },
    ]);
    await speaker.until('its route', () => speaker.routes('ipv4-unicast').includes(own));
    await itKnows('10.254.254.240');
  });

  it.runIf(evpn)('exchange EVPN routes of types 2, 3 and 5', async () => {
    await established();
    const rd = '1.1.1.1:4';
    speaker.originate('evpn', [
      {
        nlri: ipPrefixRoute({
          routeDistinguisher: rd,
          ethernetTag: 0,
          prefix: '10.1.4.0/24',
          gateway: '0.0.0.0',
          vni: 4,
        }),
        protocol: 'local',
        attributes: tenant,
        nextHop: NEXT_HOP,
      },
      {
        nlri: macIpRoute({
          routeDistinguisher: '1.1.1.1:1',
          ethernetTag: 0,
          mac: '02:00:00:00:01:01',
          ip: '192.168.101.101',
          vni: 1,
        }),
        protocol: 'local',
        attributes: tenant,
        nextHop: NEXT_HOP,
      },
      {
        nlri: inclusiveMulticastRoute({
          routeDistinguisher: '1.1.1.1:1',
          ethernetTag: 0,
          originatingRouter: us.address,
          vni: 1,
        }),
        protocol: 'local',
        attributes: tenant,
        nextHop: NEXT_HOP,
      },
    ]);
    await itKnows('10.1.4.0');
    await itKnows('02:00:00:00:01:01');
    if (name === 'GoBGP') {
      await speaker.until('its type 5 route', () =>
        speaker.routes('evpn').some(key => key.includes('10.44.0.0')),
      );
    }
  });

  it('survive a malformed update as RFC 7606 says: the route goes, the session stays', async () => {
    await established();
    const [good = new Uint8Array(0)] = encodeMessage(
      {
        type: 'update',
        family: 'ipv4-unicast',
        withdrawn: [],
        announced: ['10.99.0.0/24'],
        nextHop: NEXT_HOP,
        attributes: { ...originAttributes, asPath: [us.asn] },
      },
      { fourOctetAs: true, internal: false },
    );
    speaker.sendRaw(daemon.address, good);
    await itKnows('10.99.0.0');
    // ORIGIN with the value 7: well formed, impossible.
    const bad = good.slice();
    const origin = bad.findIndex((byte, at) => byte === 0x40 && bad[at + 1] === 1 && bad[at + 2] === 1);
    bad[origin + 3] = 7;
    speaker.sendRaw(daemon.address, bad);
    const before = speaker.events.length;
    await new Promise(resolve => setTimeout(resolve, 1000));
    const since = speaker.events.slice(before);
    // ExaBGP and older implementations reset the session here; those that know RFC 7606 do not.
    if (name !== 'ExaBGP') expect(since.filter(event => event.type === 'session-changed')).toEqual([]);
    if (name === 'FRR') expect(await daemon.routes()).not.toContain('10.99.0.0');
  });

  it('end and come back after a header that cannot be read', async () => {
    await established();
    speaker.sendRaw(daemon.address, new Uint8Array(19));
    await speaker.until('a notification', () =>
      speaker.events.some(event => event.type === 'notification-received' && event.code === 1),
    );
    await established();
    expect(
      speaker.events.filter(event => event.type === 'session-changed' && event.to === 'established').length,
    ).toBeGreaterThanOrEqual(1);
  }, 60_000);
});
