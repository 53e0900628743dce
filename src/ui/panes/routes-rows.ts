import type { BgpRow, NextHopRow, RouteRow } from '../../lab/snapshot.ts';
import { type Line, line, span } from '../cells/line.ts';
import { durationText } from '../wording/amount.ts';
import { portText } from '../wording/names.ts';
import { ruleText } from '../wording/rule.ts';
import type { Table } from './table.ts';

/** One next hop of a route: the unit the routes pane shows, so that ECMP is seen as lines. */
export type RouteHop = {
  readonly route: RouteRow;
  readonly hop?: NextHopRow;
  readonly index: number;
  /** The best path of the BGP table, where that made the route. */
  readonly best?: BgpRow;
};

export function routeHops(routes: readonly RouteRow[], bgp: readonly BgpRow[] = []): RouteHop[] {
  const best = new Map(bgp.filter(row => row.best).map(row => [row.prefix, row]));
  return routes.flatMap((route): RouteHop[] => {
    const why = route.owner.startsWith('bgp') ? best.get(route.prefix) : undefined;
    const common = { route, ...(why !== undefined && { best: why }) };
    return route.nextHops.length === 0
      ? [{ ...common, index: 0 }]
      : route.nextHops.map((hop, index) => ({ ...common, hop, index }));
  });
}

export function routesTable(at: number): Table<RouteHop> {
  return {
    keyOf: ({ route, hop, index }) =>
      `${route.prefix} ${route.owner} ${hop?.address ?? hop?.interface ?? index}`,
    columns: [
      {
        id: 'prefix',
        title: 'prefix',
        priority: 0,
        sortBy: ({ route }) => route.prefix,
        cell: ({ route, index }) => line(span(route.prefix, index > 0 || !route.active ? 'dim' : 'plain')),
      },
      { id: 'nexthop', title: 'next hop', priority: 0, cell: ({ hop }) => nextHop(hop) },
      {
        id: 'address',
        title: 'address',
        priority: 5,
        cell: ({ hop }) => line(span(hop?.node === undefined ? '' : (hop.address ?? ''), 'dim')),
      },
      { id: 'via', title: 'via', priority: 3, cell: ({ hop }) => via(hop) },
      {
        id: 'owner',
        title: 'learnt by',
        priority: 2,
        cell: ({ route }) =>
          route.active
            ? line(ownerText(route.owner))
            : line(span(`${ownerText(route.owner)}, unused`, 'dim')),
      },
      {
        id: 'localpref',
        volatile: true,
        title: 'LP',
        align: 'right',
        priority: 4,
        cell: ({ best }) => line(span(`${best?.path.localPreference ?? ''}`, 'dim')),
      },
      {
        id: 'aspath',
        volatile: true,
        title: 'AS path',
        priority: 6,
        cell: ({ best }) => line(span(best?.path.asPath.join(' ') ?? '', 'dim')),
      },
      {
        id: 'why',
        volatile: true,
        title: 'best by',
        priority: 7,
        least: 10,
        cell: ({ best, index }) =>
          line(span(index > 0 ? '' : best?.rule === undefined ? '' : ruleText(best.rule.name), 'dim')),
      },
      {
        id: 'preference',
        title: 'pref',
        align: 'right',
        priority: 5,
        sortBy: ({ route }) => route.preference,
        cell: ({ route }) => line(span(`${route.preference}`, 'dim')),
      },
      {
        id: 'metric',
        title: 'metric',
        align: 'right',
        priority: 8,
        sortBy: ({ route }) => route.metric,
        cell: ({ route }) => line(span(`${route.metric}`, 'dim')),
      },
      {
        id: 'age',
        title: 'for',
        align: 'right',
        priority: 4,
        volatile: true,
        sortBy: ({ route }) => at - route.since,
        cell: ({ route }) => line(span(durationText(at - route.since), 'dim')),
      },
    ],
  };
}

function nextHop(hop: NextHopRow | undefined): Line {
  if (hop?.address === undefined)
    return line(span(hop?.type === 'extract' ? 'this switch' : 'attached', 'dim'));
  return line(hop.node ?? hop.address);
}

function via(hop: NextHopRow | undefined): Line {
  if (hop?.type === 'vxlan') return line(span(`VXLAN, VNI ${hop.vni ?? '?'}`, 'plain'));
  if (hop?.interface !== undefined) return line(span(portText(hop.interface), 'dim'));
  return line(span(hop?.type === 'indirect' ? 'resolved by another route' : '', 'dim'));
}

function ownerText(owner: RouteRow['owner']): string {
  switch (owner) {
    case 'bgp-evpn':
      return 'EVPN';
    case 'bgp':
      return 'BGP';
    case 'arp-nd':
      return 'ARP';
    default:
      return owner;
  }
}
