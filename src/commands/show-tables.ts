import { type NextHopRow, rowsOf } from '../lab/snapshot.ts';
import type { RequestCounts } from '../lab/traffic-state.ts';
import { flowText } from '../net/flow.ts';
import { addressNamer } from '../ui/wording/address-owner.ts';
import { eventWording } from '../ui/wording/event.ts';
import { failoverTable } from './show-failover.ts';
import { clusterRows, flowRefs, flowRows } from './show-rows.ts';
import { type ShownTable, table } from './shown-table.ts';

const nothing = () => [];

/** Everything that `show` can print: the tables of all panes. */
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
        node.unknown === undefined ? node.state : 'unknown',
        node.sessions === undefined ? '' : `${node.sessions.established}/${node.sessions.configured}`,
        node.unknown?.because ?? '',
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
  table('packets', 'BGP packets as they travelled', 'maybe-node', {
    at: row => seconds(row.at),
    from: row => row.from,
    to: row => row.to,
    kind: row => row.kind,
    octets: row => row.length,
    what: row => row.summary,
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
  failoverTable,
  {
    name: 'hash-comparison',
    aliases: ['compare'],
    summary: 'flows that move if a member of the service’s group leaves or joins, by each way of hashing',
    header: ['if', 'flows', 'modulo', 'hash-threshold', 'resilient'],
    of: 'instance',
    refs: ({ node = '', instance = '' }, overview) =>
      flowRefs(overview).flatMap(ref =>
        ref.name === 'flows'
          ? [
              {
                ...ref,
                name: 'hash-comparison' as const,
                node,
                instance,
                prefix: `${ref.destination}/32`,
                count: 1000,
              },
            ]
          : [],
      ),
    rows: ({ snapshot, refs }) =>
      refs
        .flatMap(ref => (ref.name === 'hash-comparison' ? [...(rowsOf(snapshot, ref) ?? [])] : []))
        .map(row => [
          row.change === 'joins' ? 'one more joins' : `${row.node ?? row.member ?? ''} leaves`,
          row.flows,
          ...(['modulo', 'hash-threshold', 'resilient'] as const).map(
            way => `${row.moved[way].moved} (${row.moved[way].needless} needless)`,
          ),
        ]),
  },
  {
    name: 'timeline',
    summary: 'everything that happened, with causes',
    header: ['id', 'at', 'cause', 'event', 'node', 'what'],
    refs: nothing,
    rows: ({ events, lab }) =>
      events.map(event => {
        const { who, what } = eventWording(event, addressNamer(lab));
        return [event.id, seconds(event.at), event.cause ?? '', event.type, who, what];
      }),
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

function nextHop(hop: NextHopRow): string {
  return [hop.address, hop.interface, hop.vni === undefined ? undefined : `vni ${hop.vni}`, hop.node]
    .filter(part => part !== undefined)
    .join(' ');
}

function rates(aToB: number, bToA: number): string {
  return aToB + bToA === 0 ? '' : `${Math.round(aToB)}/${Math.round(bToA)} packets/s`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)} s`;
}
