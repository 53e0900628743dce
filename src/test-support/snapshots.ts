import type { ClusterState } from '../lab/cluster-state.ts';
import type { LabEvent } from '../lab/event.ts';
import type {
  BgpPath,
  BgpRow,
  EvpnRow,
  FlowRow,
  ForwardingRow,
  LinkState,
  NodeState,
  RouteRow,
  SessionRow,
  Snapshot,
} from '../lab/snapshot.ts';
import type { StageState } from '../lab/stage.ts';
import { noTraffic, type Share, type TrafficState } from '../lab/traffic-state.ts';
import { labOfTheTalk } from './lab-of-the-talk.ts';

/*
 * Three moments of the talk's lab, written down by hand for whoever draws snapshots: nothing built, everything
 * built with clients asking, LEAF-DC-1 stopped. Numbers are plausible, not computed: no test of the network's
 * behaviour may stand on them.
 */

const VIP = '10.254.254.240';
const clusterListRule = { name: 'cluster-list', section: 'RFC 4456 section 9' };
const peerRule = { name: 'peer-ip', section: 'RFC 4271 section 9.1.2.2 (g)' };

export const nothingBuilt: Snapshot = {
  at: 0,
  stages: stages(0),
  nodes: labOfTheTalk.nodes.map(node => ({ name: node.name, state: 'absent' })),
  links: labOfTheTalk.links.map(link => ({ id: link.id, state: 'absent', rateAToB: 0, rateBToA: 0 })),
  faults: [],
  clusters: labOfTheTalk.clusters.map(cluster => ({
    name: cluster.name,
    state: 'absent',
    nodes: [],
    pods: [],
    services: [],
    announcements: [],
  })),
  traffic: noTraffic,
  tables: new Map(),
};

export const everythingUp: Snapshot = {
  at: 192_400,
  stages: stages(9),
  nodes: nodeStates(),
  links: linkStates(),
  faults: [],
  clusters: clusters(true),
  traffic: traffic(),
  tables: new Map<string, Snapshot['tables'] extends ReadonlyMap<string, infer T> ? T : never>([
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
  ]),
};

export const leafStopped: Snapshot = {
  ...everythingUp,
  at: 201_640,
  nodes: nodeStates('LEAF-DC-1'),
  links: linkStates('LEAF-DC-1'),
  clusters: clusters(false),
  faults: [
    {
      id: 'node-stopped LEAF-DC-1',
      fault: { kind: 'node-stopped', node: 'LEAF-DC-1' },
      since: 200_000,
      event: 1,
    },
  ],
  traffic: {
    ...traffic(),
    totals: { sent: 9_240, answered: 9_129, lost: 104, reset: 7 },
    byLeaf: [{ name: 'LEAF-DC-2', count: 1_000 }],
    byNode: [{ name: 'datacenter-worker2', count: 1_000 }],
  },
};

/** What happened when LEAF-DC-1 stopped, with causes. */
export const leafStoppedEvents: readonly LabEvent[] = [
  { id: 1, at: 200_000, type: 'fault-injected', fault: { kind: 'node-stopped', node: 'LEAF-DC-1' } },
  { id: 2, at: 200_000, cause: 1, type: 'node-stopped', node: 'LEAF-DC-1' },
  { id: 3, at: 200_000, cause: 2, type: 'link-went-down', link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1' },
  { id: 4, at: 200_000, cause: 3, type: 'port-went-down', node: 'SPINE-DC-1', port: 'ethernet-1/1' },
  {
    id: 5,
    at: 200_001,
    cause: 4,
    type: 'session-changed',
    node: 'SPINE-DC-1',
    instance: 'default',
    peer: '10.1.1.1',
    from: 'established',
    to: 'idle',
    because: 'interface down',
  },
  {
    id: 6,
    at: 200_001,
    cause: 5,
    type: 'route-lost',
    node: 'SPINE-DC-1',
    instance: 'default',
    prefix: '1.1.1.1/32',
    previously: ['10.1.1.1'],
  },
  {
    id: 7,
    at: 200_090,
    cause: 6,
    type: 'update-sent',
    node: 'SPINE-DC-1',
    instance: 'default',
    peer: '10.1.10.1',
    family: 'ipv4-unicast',
    announced: [],
    withdrawn: ['1.1.1.1/32'],
    announcedCount: 0,
    withdrawnCount: 1,
  },
  {
    id: 8,
    at: 200_100,
    cause: 2,
    type: 'request-lost',
    client: 'client-10-1-4-20',
    flow: {
      sourceAddress: '10.1.4.20',
      destinationAddress: VIP,
      protocol: 6,
      sourcePort: 41_007,
      destinationPort: 8080,
    },
    lostAt: 'SPINE-DC-1',
    because: 'no route to 1.1.1.1',
  },
  {
    id: 9,
    at: 200_132,
    cause: 7,
    type: 'route-chosen',
    node: 'BORDER-DC',
    instance: 'kube-ipvrf',
    prefix: `${VIP}/32`,
    nextHops: ['1.1.1.2'],
    previously: ['1.1.1.1', '1.1.1.2'],
    owner: 'bgp-evpn',
    decidedBy: 'next-hop-unresolved',
  },
  {
    id: 10,
    at: 200_133,
    cause: 9,
    type: 'forwarding-changed',
    node: 'BORDER-DC',
    instance: 'kube-ipvrf',
    prefix: `${VIP}/32`,
    members: ['1.1.1.2'],
    previously: ['1.1.1.1', '1.1.1.2'],
  },
  { id: 11, at: 200_210, cause: 10, type: 'requests-recovered', lost: 14, reset: 0, gapMs: 132 },
];

function stages(done: number): StageState[] {
  const real: Record<string, string> = { fabric: '2–5 min', clusters: '1–3 min', images: '1–10 min' };
  return labOfTheTalk.stages.map((plan, index) => {
    const progress = index < done ? 'done' : index === done && done > 0 ? 'running' : 'waiting';
    return {
      id: plan.id,
      title: plan.title,
      progress,
      tasks: tasksOf(plan.id, progress === 'done' ? 'done' : 'waiting'),
      ...(progress === 'done' ? { startedAt: index * 8_000, finishedAt: index * 8_000 + 6_500 } : {}),
      ...(progress === 'running' ? { startedAt: index * 8_000 } : {}),
      ...(real[plan.id] === undefined ? {} : { realDuration: real[plan.id] as string }),
    };
  });
}

function tasksOf(stage: string, progress: 'done' | 'waiting') {
  const commands: Record<string, string[]> = {
    network: ['docker network create kind --subnet 172.18.0.0/16'],
    fabric: ['containerlab deploy -t topo.yml'],
    clusters: [
      'kind create cluster --config kind/client.yml',
      'kind create cluster --config kind/datacenter.yml',
    ],
    links: ['containerlab tools veth create -a container:datacenter-worker:e1-1 -b LEAF-DC-1:e1-10'],
    metallb: ['kubectl apply -f metallb/native.yaml', 'kubectl apply -f metallb/config.yaml'],
  };
  return (commands[stage] ?? [`kubectl apply -f app/${stage}.yaml`]).map((commandLine, index) => ({
    id: `${stage}-${index}`,
    title: commandLine.split(' ').slice(0, 3).join(' '),
    commandLine,
    progress,
  }));
}

function nodeStates(stopped?: string): NodeState[] {
  const configured: Record<string, number> = {
    'LEAF-DC-1': 5,
    'LEAF-DC-2': 5,
    'SPINE-DC-1': 6,
    'SPINE-DC-2': 6,
    'BORDER-DC': 4,
  };
  return labOfTheTalk.nodes.map(node => {
    const state = node.name === stopped ? 'stopped' : 'running';
    const sessions = configured[node.name];
    if (sessions === undefined || state === 'stopped') return { name: node.name, state };
    const lost = stopped === undefined ? 0 : node.name.startsWith('SPINE') ? 2 : 0;
    return { name: node.name, state, sessions: { established: sessions - lost, configured: sessions } };
  });
}

function linkStates(stopped?: string): LinkState[] {
  const rates = [31, 22, 27, 29, 55, 50, 52, 48, 100];
  return labOfTheTalk.links.map((link, index): LinkState => {
    if (stopped !== undefined && (link.a.node === stopped || link.b.node === stopped))
      return { id: link.id, state: 'down', bgp: 'down', rateAToB: 0, rateBToA: 0 };
    const rate = rates[index] ?? 0;
    return { id: link.id, state: 'up', bgp: 'up', rateAToB: rate, rateBToA: rate };
  });
}

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

function clusters(leafUp: boolean): ClusterState[] {
  const pod = (name: string, node: string, address: string, labels: Record<string, string>) => ({
    namespace: 'default',
    name,
    node,
    address,
    phase: 'Running' as const,
    ready: true,
    restarts: 0,
    since: 128_000,
    labels,
  });
  return [
    {
      name: 'client',
      state: 'running',
      nodes: [
        {
          name: 'client-control-plane',
          role: 'control-plane',
          ready: true,
          schedulable: true,
          address: '172.18.0.2',
          fabricAddress: '10.1.4.10',
        },
      ],
      pods: Array.from({ length: 10 }, (_, index) => ({
        ...pod(`client-${index}`, 'client-control-plane', `10.244.0.${10 + index}`, { app: 'client' }),
        fabricAddress: `10.1.4.${20 + index}`,
      })),
      services: [],
      announcements: [],
    },
    {
      name: 'datacenter',
      state: 'running',
      nodes: [
        {
          name: 'datacenter-control-plane',
          role: 'control-plane',
          ready: true,
          schedulable: false,
          address: '172.18.0.3',
        },
        {
          name: 'datacenter-worker',
          role: 'worker',
          ready: true,
          schedulable: true,
          address: '172.18.0.4',
          fabricAddress: '192.168.101.101',
        },
        {
          name: 'datacenter-worker2',
          role: 'worker',
          ready: true,
          schedulable: true,
          address: '172.18.0.5',
          fabricAddress: '192.168.101.102',
        },
      ],
      pods: [
        pod('hello-6d5f7c-2xk8p', 'datacenter-worker', '10.244.1.5', { app: 'hello' }),
        pod('hello-6d5f7c-7rmqd', 'datacenter-worker', '10.244.1.6', { app: 'hello' }),
        pod('hello-6d5f7c-9qvwz', 'datacenter-worker2', '10.244.2.4', { app: 'hello' }),
        {
          ...pod('hello-6d5f7c-tb5zn', 'datacenter-worker2', '10.244.2.5', { app: 'hello' }),
          ready: false,
          restarts: 1,
        },
      ],
      services: [
        {
          namespace: 'default',
          name: 'hello-lb',
          type: 'LoadBalancer',
          clusterIp: '10.96.14.7',
          externalIp: VIP,
          ports: [{ port: 8080, targetPort: 8080, nodePort: 31_840, protocol: 'TCP' }],
          externalTrafficPolicy: 'Local',
          endpoints: [
            {
              address: '10.244.1.5',
              node: 'datacenter-worker',
              pod: 'hello-6d5f7c-2xk8p',
              ready: true,
            },
            {
              address: '10.244.1.6',
              node: 'datacenter-worker',
              pod: 'hello-6d5f7c-7rmqd',
              ready: true,
            },
            {
              address: '10.244.2.4',
              node: 'datacenter-worker2',
              pod: 'hello-6d5f7c-9qvwz',
              ready: true,
            },
            {
              address: '10.244.2.5',
              node: 'datacenter-worker2',
              pod: 'hello-6d5f7c-tb5zn',
              ready: false,
            },
          ],
        },
      ],
      announcements: [
        {
          service: 'hello-lb',
          node: 'datacenter-control-plane',
          announced: false,
          reason: 'noLocalEndpoints',
        },
        { service: 'hello-lb', node: 'datacenter-worker', announced: leafUp },
        { service: 'hello-lb', node: 'datacenter-worker2', announced: true },
      ],
    },
  ];
}

function traffic(): TrafficState {
  const share = (name: string, count: number): Share => ({ name, count });
  return {
    on: true,
    clients: Array.from({ length: 10 }, (_, index) => ({
      name: `client-${index}`,
      address: `10.1.4.${20 + index}`,
    })),
    destination: { address: VIP, port: 8080 },
    rate: 100,
    totals: { sent: 8_240, answered: 8_233, lost: 7, reset: 0 },
    samples: Array.from({ length: 80 }, (_, index) => {
      const lost = index >= 60 && index < 63 ? 6 : 0;
      return {
        at: 172_400 + index * 250,
        latencyMs: 0.8 + ((index * 7) % 10) / 20,
        sent: 25,
        answered: 25 - lost,
        lost,
        reset: 0,
      };
    }),
    byLeaf: [share('LEAF-DC-1', 523), share('LEAF-DC-2', 477)],
    bySpine: [share('SPINE-DC-1', 541), share('SPINE-DC-2', 459)],
    byNode: [share('datacenter-worker', 523), share('datacenter-worker2', 477)],
    byPod: [
      share('hello-6d5f7c-2xk8p', 266),
      share('hello-6d5f7c-7rmqd', 257),
      share('hello-6d5f7c-9qvwz', 477),
    ],
    recent: [
      {
        at: 192_390,
        client: 'client-3',
        flow: {
          sourceAddress: '10.1.4.23',
          destinationAddress: VIP,
          protocol: 6,
          sourcePort: 40_012,
          destinationPort: 8080,
        },
        outcome: 'answered',
        answer: 'datacenter-worker hello-6d5f7c-2xk8p',
        latencyMs: 0.9,
        via: ['BORDER-DC', 'SPINE-DC-1', 'LEAF-DC-1', 'datacenter-worker'],
      },
    ],
  };
}
