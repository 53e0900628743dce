import type { LabEvent } from '../lab/event.ts';
import { FIRST_PORT } from '../lab/measurement.ts';
import type { FlowRow, NextHopRow, RequestCounts, Snapshot, TableRef, TableRows } from '../lab/snapshot.ts';
import { rowsOf } from '../lab/snapshot.ts';
import { flowText } from '../net/flow.ts';

/** A table that `show` can print: what it needs of the lab, and its rows. */
export type ShownTable = {
  readonly name: string;
  /** Also found under these names: those of the panes. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly header: readonly string[];
  /** Whether it is one of a node, or of a node's network-instance. */
  readonly of?: 'node' | 'instance' | 'maybe-node';
  /** The clients ask for ten seconds before the look. */
  readonly needsTraffic?: boolean;
  readonly refs: (subject: Subject, overview: Snapshot) => readonly TableRef[];
  readonly rows: (seen: Seen) => readonly (readonly (string | number)[])[];
  /** What --json prints; default: objects made of header and rows. */
  readonly json?: (seen: Seen) => unknown;
};

export type Subject = { readonly node?: string; readonly instance?: string };
export type Seen = {
  readonly snapshot: Snapshot;
  readonly events: readonly LabEvent[];
  readonly refs: readonly TableRef[];
};

const nothing = () => [];

export const shownTables: readonly ShownTable[] = [
  {
    name: 'topology',
    summary: 'nodes and links with their state',
    header: ['kind', 'name', 'state', 'bgp', 'detail'],
    refs: nothing,
    rows: ({ snapshot }) => [
      ...snapshot.nodes.map(node => [
        'node',
        node.name,
        node.state,
        node.sessions === undefined ? '' : `${node.sessions.established}/${node.sessions.configured}`,
        '',
      ]),
      ...snapshot.links.map(link => [
        'link',
        link.id,
        link.state,
        link.bgp ?? '',
        rates(link.rateAToB, link.rateBToA),
      ]),
      ...snapshot.faults.map(active => ['fault', active.id, 'active', '', `since ${seconds(active.since)}`]),
    ],
    json: ({ snapshot: { nodes, links, faults } }) => ({ nodes, links, faults }),
  },
  table('sessions', 'BGP sessions', 'maybe-node', {
    node: row => row.node,
    instance: row => row.instance,
    peer: row => row.peerNode ?? row.peer,
    address: row => row.peer,
    as: row => row.peerAs,
    state: row => row.state,
    since: row => seconds(row.since),
    'rx/act/tx': row =>
      row.families
        .map(family => `${family.name} ${family.received}/${family.active}/${family.sent}`)
        .join(' '),
    bfd: row => row.bfd,
  }),
  table('bfd', 'BFD sessions', 'maybe-node', {
    node: row => row.node,
    instance: row => row.instance,
    local: row => row.localAddress,
    peer: row => row.peer,
    state: row => row.state,
    'interval ms': row => row.transmitInterval,
    'detection ms': row => row.detectionTime,
  }),
  table('interfaces', 'interfaces of a switch', 'node', {
    name: row => row.name,
    admin: row => row.adminState,
    oper: row => row.operState,
    instance: row => row.instance ?? '',
    addresses: row => row.addresses.join(' '),
    in: row => row.inPackets,
    out: row => row.outPackets,
  }),
  table('routes', 'route table of a network-instance', 'instance', {
    prefix: row => row.prefix,
    owner: row => row.owner,
    active: row => (row.active ? 'yes' : 'no'),
    preference: row => row.preference,
    metric: row => row.metric,
    'next hops': row => row.nextHops.map(nextHop).join(', '),
  }),
  table('bgp', 'BGP routes with losers and reasons', 'instance', {
    prefix: row => row.prefix,
    'next hop': row => row.path.nextHop,
    from: row => row.path.peerNode ?? row.path.peer ?? 'itself',
    'as path': row => row.path.asPath.join(' '),
    used: row => (row.used ? (row.best ? 'best' : 'multipath') : 'no'),
    because: row => row.invalidReason ?? row.rule?.name ?? '',
  }),
  table('evpn', 'EVPN routes of a switch', 'node', {
    type: row => row.routeType,
    rd: row => row.routeDistinguisher,
    route: row => row.prefix ?? [row.mac, row.address].filter(part => part !== undefined).join(' '),
    vni: row => row.vni,
    'next hop': row => row.path.nextHop,
    from: row => row.path.peerNode ?? row.path.peer ?? 'itself',
    used: row => (row.used ? 'yes' : 'no'),
    because: row => row.invalidReason ?? row.rule?.name ?? '',
  }),
  table('forwarding', 'what the data plane uses: groups and members', 'instance', {
    prefix: row => row.prefix,
    group: row => row.group,
    algorithm: row => row.algorithm,
    members: row =>
      row.members
        .map(member => `${member.label}${member.node === undefined ? '' : ` (${member.node})`}`)
        .join(', '),
  }),
  {
    name: 'flows',
    aliases: ['ecmp'],
    summary: 'the way of 16 new flows from a client to the service',
    header: ['flow', 'outcome', 'path', 'node', 'pod'],
    refs: (_, overview) => flowRefs(overview),
    rows: seen =>
      flowRows(seen).map(row => [
        flowText(row.flow),
        row.outcome,
        row.hops.map(hop => hop.node).join(' → '),
        row.node ?? '',
        row.pod ?? row.because ?? '',
      ]),
    json: flowRows,
  },
  table('macs', 'MAC table of a bridge domain', 'instance', {
    mac: row => row.mac,
    address: row => row.address ?? '',
    type: row => row.type,
    destination: row => row.destination,
    node: row => row.node ?? '',
  }),
  {
    name: 'cluster',
    summary: 'Kubernetes: nodes, pods, services, announcements',
    header: ['cluster', 'kind', 'name', 'state', 'node', 'address'],
    refs: nothing,
    rows: ({ snapshot }) => snapshot.clusters.flatMap(clusterRows),
    json: ({ snapshot }) => snapshot.clusters,
  },
  {
    name: 'traffic',
    summary: 'ten seconds of client requests',
    header: ['what', 'name', 'count'],
    needsTraffic: true,
    refs: nothing,
    rows: ({ snapshot: { traffic } }) => [
      ...(['sent', 'answered', 'lost', 'reset'] as const satisfies readonly (keyof RequestCounts)[]).map(
        name => ['requests', name, traffic.totals[name]],
      ),
      ...traffic.byLeaf.map(share => ['leaf', share.name, share.count]),
      ...traffic.bySpine.map(share => ['spine', share.name, share.count]),
      ...traffic.byNode.map(share => ['node', share.name, share.count]),
      ...traffic.byPod.map(share => ['pod', share.name, share.count]),
    ],
    json: ({ snapshot }) => snapshot.traffic,
  },
  {
    name: 'timeline',
    summary: 'everything that happened, with causes',
    header: ['id', 'at', 'cause', 'event', 'what'],
    refs: nothing,
    rows: ({ events }) =>
      events.map(({ id, at, cause, type, ...rest }) => [id, seconds(at), cause ?? '', type, facts(rest)]),
    json: ({ events }) => events,
  },
  {
    name: 'build',
    aliases: ['stages'],
    summary: 'the stages of the lab',
    header: ['stage', 'title', 'state', 'took', 'real lab', 'tasks'],
    refs: nothing,
    rows: ({ snapshot }) =>
      snapshot.stages.map(stage => [
        stage.id,
        stage.title,
        stage.progress,
        stage.startedAt === undefined || stage.finishedAt === undefined
          ? ''
          : seconds(stage.finishedAt - stage.startedAt),
        stage.realDuration ?? '',
        stage.tasks.length,
      ]),
    json: ({ snapshot }) => snapshot.stages,
  },
];

export function tableNamed(name: string): ShownTable | undefined {
  return shownTables.find(entry => entry.name === name || entry.aliases?.includes(name));
}

type RowTable = Exclude<TableRef['name'], 'flows'>;

/** A table whose rows are one of the snapshot's. */
function table<Name extends RowTable>(
  name: Name,
  summary: string,
  of: 'node' | 'instance' | 'maybe-node',
  columns: Readonly<Record<string, (row: TableRows[Name][number]) => string | number>>,
): ShownTable {
  type Row = TableRows[Name][number];
  const found = ({ snapshot, refs }: Seen) =>
    refs.flatMap((ref): Row[] => [...((rowsOf(snapshot, ref) ?? []) as Iterable<unknown> as Iterable<Row>)]);
  return {
    name,
    summary,
    header: Object.keys(columns),
    of,
    refs: ({ node, instance }) => [
      { name, ...(node !== undefined && { node }), ...(instance !== undefined && { instance }) } as TableRef,
    ],
    rows: seen => found(seen).map(row => Object.values(columns).map(column => column(row))),
    json: found,
  };
}

function flowRefs({ traffic, clusters }: Snapshot): TableRef[] {
  const client = traffic.clients[0];
  const services = clusters.flatMap(cluster => cluster.services);
  const service = services.find(entry => entry.externalIp !== undefined);
  const address = traffic.destination?.address ?? service?.externalIp;
  const port = traffic.destination?.port ?? service?.ports[0]?.port;
  if (client === undefined || address === undefined || port === undefined) return [];
  return [
    { name: 'flows', client: client.name, destination: address, port, firstPort: FIRST_PORT, count: 16 },
  ];
}

function flowRows({ snapshot, refs }: Seen): FlowRow[] {
  return refs.flatMap(ref => (ref.name === 'flows' ? [...(rowsOf(snapshot, ref) ?? [])] : []));
}

function clusterRows(cluster: Snapshot['clusters'][number]): string[][] {
  return [
    ...cluster.nodes.map(node => [
      cluster.name,
      'node',
      node.name,
      node.ready ? 'Ready' : 'NotReady',
      '',
      node.fabricAddress ?? node.address,
    ]),
    ...cluster.pods.map(pod => [
      cluster.name,
      'pod',
      `${pod.namespace}/${pod.name}`,
      pod.ready ? `${pod.phase}, ready` : pod.phase,
      pod.node ?? '',
      pod.fabricAddress ?? pod.address ?? '',
    ]),
    ...cluster.services.map(service => [
      cluster.name,
      'service',
      `${service.namespace}/${service.name}`,
      `${service.type} ${service.externalTrafficPolicy}`,
      '',
      service.externalIp ?? (service.type === 'LoadBalancer' ? '<pending>' : service.clusterIp),
    ]),
    ...cluster.announcements.map(entry => [
      cluster.name,
      'announced',
      entry.service,
      entry.announced ? 'yes' : `no: ${entry.reason ?? ''}`,
      entry.node,
      '',
    ]),
  ];
}

function nextHop(hop: NextHopRow): string {
  return [hop.address, hop.interface, hop.vni === undefined ? undefined : `vni ${hop.vni}`, hop.node]
    .filter(part => part !== undefined)
    .join(' ');
}

function facts(rest: Readonly<Record<string, unknown>>): string {
  return Object.entries(rest)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}

function rates(aToB: number, bToA: number): string {
  return aToB + bToA === 0 ? '' : `${Math.round(aToB)}/${Math.round(bToA)} packets/s`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)} s`;
}
