import { describe, expect, test } from 'vitest';
import type { BgpConfig, SwitchConfig } from '../../switch-config.ts';
import { parseSwitchConfig } from './parse-switch-config.ts';

function configOf(...lines: string[]): SwitchConfig {
  return parseSwitchConfig(lines.map(line => `set / ${line}`).join('\n'), 'a.cfg').config;
}

function bgpOf(...lines: string[]): BgpConfig {
  const { networkInstances } = configOf(
    'network-instance default protocols bgp autonomous-system 65001',
    'network-instance default protocols bgp router-id 1.1.1.1',
    ...lines.map(line => `network-instance default protocols bgp ${line}`),
  );
  const bgp = networkInstances[0]?.bgp;
  if (bgp === undefined) throw new Error('no BGP came out of the lines');
  return bgp;
}

test('an empty configuration hashes by the 5-tuple with a seed of the switch’s own', () => {
  expect(configOf()).toEqual({
    interfaces: [],
    vxlanInterfaces: [],
    networkInstances: [],
    prefixSets: [],
    policies: [],
    bfd: [],
    hash: {
      sourceAddress: true,
      destinationAddress: true,
      sourcePort: true,
      destinationPort: true,
      protocol: true,
    },
  });
});

describe('Interfaces', () => {
  test('are enabled by default, but their IPv4 is not', () => {
    const [port] = configOf('interface ethernet-1/1 subinterface 0 ipv4 address 10.0.0.0/31').interfaces;
    expect(port).toEqual({
      name: 'ethernet-1/1',
      adminState: true,
      vlanTagging: false,
      subinterfaces: [
        {
          name: 'ethernet-1/1.0',
          index: 0,
          type: 'routed',
          adminState: true,
          addresses: [],
          arp: { learnUnsolicited: false, hostRoutePopulate: [], evpnAdvertise: [] },
        },
      ],
    });
  });

  test('an anycast gateway has the MAC of its virtual router id', () => {
    const lines = [
      'interface irb0 subinterface 0 ipv4 admin-state enable',
      'interface irb0 subinterface 0 ipv4 address 192.168.101.1/24 anycast-gw true',
    ];
    const mac = (...more: string[]) =>
      configOf(...lines, ...more).interfaces[0]?.subinterfaces[0]?.anycastGatewayMac;
    expect(mac()).toBe('00:00:5e:00:01:01');
    expect(mac('interface irb0 subinterface 0 anycast-gw virtual-router-id 20')).toBe('00:00:5e:00:01:14');
    expect(mac('interface irb0 subinterface 0 anycast-gw anycast-gw-mac 02:00:00:00:00:AA')).toBe(
      '02:00:00:00:00:aa',
    );
  });

  test('BFD counts microseconds in the file and milliseconds in the lab', () => {
    expect(
      configOf(
        'bfd subinterface lo1.0 admin-state enable',
        'bfd subinterface ethernet-1/1.0 desired-minimum-transmit-interval 300000',
      ).bfd,
    ).toEqual([
      {
        subinterface: 'lo1.0',
        adminState: true,
        desiredMinimumTransmit: 1000,
        requiredMinimumReceive: 1000,
        detectionMultiplier: 3,
      },
      {
        subinterface: 'ethernet-1/1.0',
        adminState: false,
        desiredMinimumTransmit: 300,
        requiredMinimumReceive: 1000,
        detectionMultiplier: 3,
      },
    ]);
  });
});

describe('A BGP session', () => {
  const session = ['group g peer-as 65002', 'neighbor 10.0.0.1 peer-group g'];

  test('without settings has SR Linux’s defaults', () => {
    expect(bgpOf('afi-safi ipv4-unicast admin-state enable', ...session)).toEqual({
      adminState: true,
      autonomousSystem: 65001,
      routerId: '1.1.1.1',
      preference: { ebgp: 170, ibgp: 170 },
      ebgpDefaultPolicy: { importRejectAll: true, exportRejectAll: true },
      families: [
        {
          name: 'ipv4-unicast',
          adminState: true,
          multipath: { ebgp: 1, ibgp: 1, allowMultipleAs: true },
        },
        { name: 'evpn', adminState: false, multipath: { ebgp: 1, ibgp: 1, allowMultipleAs: true } },
      ],
      rapidWithdrawal: false,
      neighbors: [
        {
          peerAddress: '10.0.0.1',
          peerAs: 65002,
          group: 'g',
          adminState: true,
          localAs: 65001,
          families: ['ipv4-unicast'],
          importPolicies: [],
          exportPolicies: [],
          nextHopSelf: false,
          sendDefaultRoute: false,
          ttl: 1,
          bfd: false,
          fastFailover: true,
          timers: {
            connectRetry: 120_000,
            holdTime: 90_000,
            keepaliveInterval: 30_000,
            minimumAdvertisementInterval: 5_000,
          },
          passive: false,
          routeReflectorClient: false,
        },
      ],
      dynamicNeighbors: [],
    });
  });

  test('takes from the neighbour before the group, and from the group before the instance', () => {
    const [neighbor] = bgpOf(
      ...session,
      'import-policy a',
      'export-policy a',
      'group g export-policy b',
      'group g timers hold-time 9',
      'neighbor 10.0.0.1 timers minimum-advertisement-interval 1',
      'failure-detection enable-bfd true',
    ).neighbors;
    expect(neighbor).toMatchObject({
      importPolicies: ['a'],
      exportPolicies: ['b'],
      bfd: true,
      timers: { holdTime: 9000, keepaliveInterval: 3000, minimumAdvertisementInterval: 1000 },
    });
  });

  test('keeps three keepalives in a hold time, whatever the interval says', () => {
    const timers = (...lines: string[]) => bgpOf(...session, ...lines).neighbors[0]?.timers.keepaliveInterval;
    expect(timers('group g timers keepalive-interval 60')).toBe(30_000);
    expect(timers('group g timers keepalive-interval 2')).toBe(2_000);
  });

  test('is internal by the local AS, and then its packets travel further', () => {
    const [neighbor] = bgpOf(...session, 'group g local-as as-number 65002').neighbors;
    expect(neighbor).toMatchObject({ localAs: 65002, peerAs: 65002, ttl: 64 });
  });

  test('goes over several hops only when both leaves of multihop are there', () => {
    const ttl = (...lines: string[]) => bgpOf(...session, ...lines).neighbors[0]?.ttl;
    expect(ttl('group g multihop admin-state enable')).toBe(1);
    expect(ttl('group g multihop maximum-hops 5')).toBe(1);
    expect(ttl('group g multihop admin-state enable', 'group g multihop maximum-hops 5')).toBe(5);
  });

  test('speaks a family when its group or the instance enables it', () => {
    const families = (...lines: string[]) => bgpOf(...session, ...lines).neighbors[0]?.families;
    expect(
      families('afi-safi ipv4-unicast admin-state enable', 'group g afi-safi evpn admin-state enable'),
    ).toEqual(['ipv4-unicast', 'evpn']);
    expect(
      families(
        'afi-safi ipv4-unicast admin-state enable',
        'group g afi-safi ipv4-unicast admin-state disable',
        'group g afi-safi evpn admin-state enable',
      ),
    ).toEqual(['evpn']);
  });

  test('is down when its group is', () => {
    expect(bgpOf(...session, 'group g admin-state disable').neighbors[0]?.adminState).toBe(false);
  });

  test('may be accepted from a prefix, for some AS numbers', () => {
    const { dynamicNeighbors } = bgpOf(
      'group g multihop admin-state enable',
      'group g multihop maximum-hops 2',
      'dynamic-neighbors accept match 192.168.101.0/24 peer-group g',
      'dynamic-neighbors accept match 192.168.101.0/24 allowed-peer-as [ 65201 65210..65219 ]',
      'dynamic-neighbors accept max-sessions 3',
    );
    expect(dynamicNeighbors).toMatchObject([
      {
        prefix: '192.168.101.0/24',
        group: 'g',
        ttl: 2,
        maxSessions: 3,
        allowedPeerAs: [
          { from: 65201, to: 65201 },
          { from: 65210, to: 65219 },
        ],
      },
    ]);
  });
});

test('policies keep their statements in the order they were written', () => {
  const { policies, prefixSets } = configOf(
    'routing-policy prefix-set pool prefix 10.254.254.240/28 mask-length-range 28..32',
    'routing-policy prefix-set pool prefix 10.0.0.0/8 mask-length-range exact',
    'routing-policy policy p default-action policy-result reject',
    'routing-policy policy p statement 20 match protocol bgp',
    'routing-policy policy p statement 20 match bgp evpn route-type [ 5 ]',
    'routing-policy policy p statement 20 action policy-result accept',
    'routing-policy policy p statement 20 action bgp local-preference set 300',
    'routing-policy policy p statement 20 action bgp as-path prepend as-number 65001',
    'routing-policy policy p statement 20 action bgp as-path prepend repeat-n 2',
    'routing-policy policy p statement 10 match prefix prefix-set pool',
    'routing-policy policy p statement 10 match family [ ipv4-unicast evpn ]',
  );
  expect(prefixSets).toEqual([
    {
      name: 'pool',
      entries: [
        { prefix: '10.254.254.240/28', from: 28, to: 32 },
        { prefix: '10.0.0.0/8', from: 8, to: 8 },
      ],
    },
  ]);
  expect(policies).toEqual([
    {
      name: 'p',
      defaultResult: 'reject',
      statements: [
        {
          name: '20',
          match: { protocol: 'bgp', evpnRouteTypes: [5] },
          result: 'accept',
          set: { localPreference: 300, asPathPrepend: { asn: 65001, times: 2 } },
        },
        {
          name: '10',
          match: { prefixSet: 'pool', family: ['ipv4-unicast', 'evpn'] },
          result: undefined,
          set: {},
        },
      ],
    },
  ]);
});

test('static routes find their next hops, and resilient hashing its prefix', () => {
  const instance = 'network-instance a';
  const [config] = configOf(
    `${instance} type ip-vrf`,
    `${instance} next-hop-groups group g nexthop 0 ip-address 10.0.0.1`,
    `${instance} next-hop-groups group g nexthop 1 ip-address 10.0.0.2`,
    `${instance} next-hop-groups group g nexthop 1 admin-state disable`,
    `${instance} static-routes route 0.0.0.0/0 next-hop-group g`,
    `${instance} static-routes route 10.9.0.0/16 admin-state disable`,
    `${instance} ip-load-balancing resilient-hash-prefix 10.254.254.240/28 hash-buckets-per-path 4`,
    `${instance} ip-load-balancing resilient-hash-prefix 10.254.254.240/28 max-paths 6`,
  ).networkInstances;
  expect(config?.staticRoutes).toEqual([{ prefix: '0.0.0.0/0', nextHops: ['10.0.0.1'], preference: 5 }]);
  expect(config?.resilientHash).toEqual([{ prefix: '10.254.254.240/28', bucketsPerPath: 4, maxPaths: 6 }]);
});
