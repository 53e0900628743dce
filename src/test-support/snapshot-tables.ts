import type {
  BgpPath,
  BgpRow,
  EvpnRow,
  FlowRow,
  ForwardingRow,
  RouteRow,
  SessionRow,
  Snapshot,
  TableRef,
  TableRows,
} from '../lab/snapshot.ts';
import { VIP } from './lab-of-the-talk.ts';

const clusterListRule = { name: 'cluster-list', section: 'RFC 4456 section 9' };
const peerRule = { name: 'peer-ip', section: 'RFC 4271 section 9.1.2.2 (g)' };

/** What tables show when everything is built. */
export const tablesOfEverythingUp: Snapshot['tables'] = new Map<string, TableRows[TableRef['name']]>([
  ['sessions', sessions()],
  ['sessions BORDER-DC', sessions().filter(row => row.node === 'BORDER-DC')],
  ['bfd', []],
  ['routes BORDER-DC kube-ipvrf', borderRoutes()],
  ['bgp BORDER-DC kube-ipvrf', borderBgp()],
  ['evpn BORDER-DC', evpnRoutes()],
  ['forwarding BORDER-DC kube-ipvrf', borderForwarding()],
  [
    'macs LEAF-DC-1 kube_macvrf',
    [
      {
        mac: '02:42:ac:12:00:05',
        address: '192.168.101.101',
        type: 'learnt',
        destination: 'ethernet-1/10.0',
        node: 'datacenter-worker',
      },
      {
        mac: '02:42:ac:12:00:06',
        address: '192.168.101.102',
        type: 'evpn',
        destination: 'vxlan1.1 vtep 1.1.1.2',
        node: 'LEAF-DC-2',
      },
    ],
  ],
  [`flows client-10-1-4-20 ${VIP}:8080 40000+8`, flows()],
]);

function session(
  node: string,
  instance: string,
  peer: string,
  peerNode: string,
  localAs: number,
  peerAs: number,
  extra: Partial<SessionRow> = {},
): SessionRow {
  return {
    node,
    instance,
    peer,
    peerNode,
    localAs,
    peerAs,
    dynamic: false,
    state: 'established',
    since: 14_200,
    families: [{ name: 'ipv4-unicast', received: 4, active: 4, sent: 3 }],
    holdTime: 90_000,
    keepalive: 30_000,
    bfd: 'up',
    ...extra,
  };
}

function sessions(): SessionRow[] {
  const evpn: Partial<SessionRow> = {
    group: 'overlay',
    bfd: 'off',
    since: 15_050,
    families: [{ name: 'evpn', received: 12, active: 10, sent: 6 }],
  };
  const metallb: Partial<SessionRow> = {
    group: 'metallb',
    dynamic: true,
    since: 121_300,
    families: [{ name: 'ipv4-unicast', received: 1, active: 1, sent: 0 }],
  };
  return [
    session('BORDER-DC', 'default', '10.1.10.0', 'SPINE-DC-1', 65010, 64999, { group: 'underlay' }),
    session('BORDER-DC', 'default', '10.2.10.0', 'SPINE-DC-2', 65010, 64999, { group: 'underlay' }),
    session('BORDER-DC', 'default', '1.1.1.11', 'SPINE-DC-1', 65123, 65123, evpn),
    session('BORDER-DC', 'default', '1.1.1.12', 'SPINE-DC-2', 65123, 65123, evpn),
    session('LEAF-DC-1', 'default', '10.1.1.0', 'SPINE-DC-1', 65001, 64999, { group: 'underlay' }),
    session('LEAF-DC-1', 'default', '10.2.1.0', 'SPINE-DC-2', 65001, 64999, { group: 'underlay' }),
    session('LEAF-DC-1', 'default', '1.1.1.11', 'SPINE-DC-1', 65123, 65123, evpn),
    session('LEAF-DC-1', 'default', '1.1.1.12', 'SPINE-DC-2', 65123, 65123, evpn),
    session('LEAF-DC-1', 'kube-ipvrf', '192.168.101.101', 'datacenter-worker', 65301, 65201, metallb),
    session('LEAF-DC-2', 'default', '10.1.2.0', 'SPINE-DC-1', 65002, 64999, { group: 'underlay' }),
    session('LEAF-DC-2', 'default', '10.2.2.0', 'SPINE-DC-2', 65002, 64999, {
      group: 'underlay',
      state: 'active',
      since: 188_000,
      bfd: 'down',
      lastError: 'Hold Timer Expired',
    }),
    session('LEAF-DC-2', 'default', '1.1.1.11', 'SPINE-DC-1', 65123, 65123, evpn),
    session('LEAF-DC-2', 'kube-ipvrf', '192.168.101.102', 'datacenter-worker2', 65302, 65201, metallb),
  ];
}

function route(
  prefix: string,
  owner: RouteRow['owner'],
  preference: number,
  nextHops: RouteRow['nextHops'],
  since = 15_100,
): RouteRow {
  return { prefix, owner, active: true, preference, metric: 0, nextHops, since };
}

function borderRoutes(): RouteRow[] {
  const vtep = (address: string, node: string): RouteRow['nextHops'][number] => ({
    address,
    type: 'vxlan',
    vni: 4,
    node,
  });
  return [
    route('1.1.1.201/32', 'bgp-evpn', 170, [vtep('1.1.1.1', 'LEAF-DC-1')]),
    route('1.1.1.202/32', 'bgp-evpn', 170, [vtep('1.1.1.2', 'LEAF-DC-2')]),
    route('1.1.1.210/32', 'host', 0, [{ type: 'extract' }]),
    route('10.1.4.0/24', 'local', 0, [{ type: 'direct', interface: 'irb1.1001' }]),
    route('192.168.101.0/24', 'local', 0, [{ type: 'direct', interface: 'irb0.0' }]),
    route(
      `${VIP}/32`,
      'bgp-evpn',
      170,
      [vtep('1.1.1.1', 'LEAF-DC-1'), vtep('1.1.1.2', 'LEAF-DC-2')],
      131_870,
    ),
  ];
}

function path(nextHop: string, peer: string, peerNode: string, extra: Partial<BgpPath> = {}): BgpPath {
  return {
    peer,
    peerNode,
    nextHop,
    asPath: [65201],
    origin: 'igp',
    localPreference: 300,
    communities: [],
    originatorId: nextHop,
    clusterList: [peer],
    ...extra,
  };
}

function borderBgp(): BgpRow[] {
  const row = (nextHop: string, peer: string, peerNode: string, status: Partial<BgpRow>): BgpRow => ({
    prefix: `${VIP}/32`,
    path: path(nextHop, peer, peerNode),
    valid: true,
    best: false,
    used: false,
    ...status,
  });
  return [
    row('1.1.1.1', '1.1.1.11', 'SPINE-DC-1', { best: true, used: true, rule: peerRule }),
    row('1.1.1.1', '1.1.1.12', 'SPINE-DC-2', { rule: peerRule }),
    row('1.1.1.2', '1.1.1.11', 'SPINE-DC-1', { used: true, rule: clusterListRule }),
    row('1.1.1.2', '1.1.1.12', 'SPINE-DC-2', { valid: false, invalidReason: 'next-hop-unresolved' }),
  ];
}

function evpnRoutes(): EvpnRow[] {
  const common = {
    ethernetTag: 0,
    valid: true,
    best: true,
    used: true,
    rule: peerRule,
  } as const;
  return [
    {
      ...common,
      routeType: 2,
      routeDistinguisher: '1.1.1.1:1',
      mac: '02:42:ac:12:00:05',
      address: '192.168.101.101',
      vni: 1,
      routeTargets: ['target:65123:1'],
      path: path('1.1.1.1', '1.1.1.11', 'SPINE-DC-1', { asPath: [], localPreference: 100 }),
    },
    {
      ...common,
      routeType: 3,
      routeDistinguisher: '1.1.1.2:1',
      address: '1.1.1.2',
      vni: 1,
      routeTargets: ['target:65123:1'],
      path: path('1.1.1.2', '1.1.1.11', 'SPINE-DC-1', { asPath: [], localPreference: 100 }),
    },
    {
      ...common,
      routeType: 5,
      routeDistinguisher: '1.1.1.1:4',
      prefix: `${VIP}/32`,
      vni: 4,
      routeTargets: ['target:65123:4'],
      path: path('1.1.1.1', '1.1.1.11', 'SPINE-DC-1'),
    },
    {
      ...common,
      best: false,
      used: false,
      routeType: 5,
      routeDistinguisher: '1.1.1.1:4',
      prefix: `${VIP}/32`,
      vni: 4,
      routeTargets: ['target:65123:4'],
      path: path('1.1.1.1', '1.1.1.12', 'SPINE-DC-2'),
    },
    {
      ...common,
      routeType: 5,
      routeDistinguisher: '1.1.1.2:4',
      prefix: `${VIP}/32`,
      vni: 4,
      routeTargets: ['target:65123:4'],
      path: path('1.1.1.2', '1.1.1.11', 'SPINE-DC-1'),
    },
  ];
}

function borderForwarding(): ForwardingRow[] {
  return [
    {
      prefix: `${VIP}/32`,
      group: 7,
      algorithm: 'hash-threshold',
      members: [
        { label: '1.1.1.1', vtep: '1.1.1.1', vni: 4, node: 'LEAF-DC-1', share: 0.5 },
        { label: '1.1.1.2', vtep: '1.1.1.2', vni: 4, node: 'LEAF-DC-2', share: 0.5 },
      ],
    },
    {
      prefix: '192.168.101.0/24',
      group: 2,
      algorithm: 'hash-threshold',
      members: [{ label: 'irb0.0', port: 'irb0.0', share: 1 }],
    },
  ];
}

function flows(): FlowRow[] {
  return Array.from({ length: 8 }, (_, index): FlowRow => {
    const first = index % 3 !== 0;
    const leaf = first ? 'LEAF-DC-1' : 'LEAF-DC-2';
    const spine = index % 2 === 0 ? 'SPINE-DC-1' : 'SPINE-DC-2';
    const worker = first ? 'datacenter-worker' : 'datacenter-worker2';
    const bucket = first ? 0 : 1;
    return {
      flow: {
        sourceAddress: '10.1.4.20',
        destinationAddress: VIP,
        protocol: 6,
        sourcePort: 40_000 + index,
        destinationPort: 8080,
      },
      outcome: 'answered',
      hops: [
        {
          node: 'BORDER-DC',
          instance: 'kube-ipvrf',
          prefix: `${VIP}/32`,
          choice: {
            algorithm: 'hash-threshold',
            fields: [
              'source=10.1.4.20',
              `destination=${VIP}`,
              `source-port=${40_000 + index}`,
              'destination-port=8080',
              'protocol=6',
            ],
            seed: 2_771,
            hash: first ? 0x3fa2 : 0xc01d,
            bucket,
            buckets: 2,
            members: ['1.1.1.1', '1.1.1.2'],
            chosen: first ? '1.1.1.1' : '1.1.1.2',
          },
          encapsulation: {
            vni: 4,
            from: '1.1.1.10',
            to: first ? '1.1.1.1' : '1.1.1.2',
            sourcePort: 51_200 + index,
          },
          outPort: index % 2 === 0 ? 'ethernet-1/1' : 'ethernet-1/2',
        },
        { node: spine, instance: 'default', outPort: first ? 'ethernet-1/1' : 'ethernet-1/2' },
        { node: leaf, instance: 'kube-ipvrf', prefix: `${VIP}/32`, outPort: 'ethernet-1/10' },
        { node: worker, note: 'DNAT to 10.244.1.5:8080' },
      ],
      reply: [],
      node: worker,
      pod: index % 2 === 0 ? 'hello-6d5f7c-2xk8p' : 'hello-6d5f7c-9qvwz',
      podNode: worker,
    };
  });
}
