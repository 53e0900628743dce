import type { NextHopRow, RouteRow } from '../../../../lab/snapshot.ts';
import { isIpv4 } from '../../../../net/address.ts';
import { containsAddress, isPrefix } from '../../../../net/prefix.ts';
import { showNextHopGroups, showNextHops } from './show-next-hops.ts';
import { duration, type View } from './view.ts';

/** `show network-instance [<name>] summary`. */
export function showNetworkInstances(view: View, only?: string): true {
  const instances = (view.config?.networkInstances ?? []).filter(
    ({ name }) => only === undefined || name === only,
  );
  return view.table(
    ['Network instances'],
    [
      { title: 'Name', of: one => one.name },
      { title: 'Type', of: one => one.type },
      { title: 'Admin state', of: one => (one.adminState ? 'enable' : 'disable') },
      { title: 'Oper state', of: one => (one.adminState ? 'up' : 'down') },
      { title: 'Router id', of: one => one.bgp?.routerId ?? one.routerId ?? '' },
      {
        title: 'Interfaces',
        of: one =>
          [...one.interfaces, ...(one.vxlanInterface === undefined ? [] : [one.vxlanInterface])].join('\n'),
      },
    ],
    instances,
  );
}

/** `show network-instance <name> route-table [ipv4-unicast] [summary | prefix <prefix> [detail]]`. */
export function showRouteTable(view: View, instance: string, words: readonly string[]): boolean {
  if (words[0] === 'next-hop') return showNextHops(view, instance, words.slice(1));
  if (words[0] === 'next-hop-group') return showNextHopGroups(view, instance, words.slice(1));
  const rest = words[0] === 'ipv4-unicast' || words[0] === 'all' ? words.slice(1) : words;
  const rows = view.rows({ name: 'routes', node: view.node.name, instance });
  if (rows === undefined) return view.refuse(`Error: network-instance "${instance}" has no route table`);
  if (rest[0] === 'prefix' || rest[0] === 'route') return onePrefix(view, instance, rows, rest.slice(1));
  if (rest[0] !== undefined && rest[0] !== 'summary')
    return view.unknown(rest[0], [
      'all',
      'ipv4-unicast summary',
      'ipv4-unicast prefix <prefix> [detail]',
      'next-hop [<index>]',
      'next-hop-group [<index>]',
    ]);
  return listed(view, instance, rows);
}

function onePrefix(
  view: View,
  instance: string,
  rows: readonly RouteRow[],
  words: readonly string[],
): boolean {
  const wanted = words[0] ?? '';
  if (!isPrefix(wanted) && !isIpv4(wanted)) {
    return view.refuse(
      `Error: '${wanted}' is neither prefix nor address; expected something like 10.254.254.240/32`,
    );
  }
  const found = rows.filter(row =>
    isPrefix(wanted) ? row.prefix === wanted : containsAddress(row.prefix, wanted),
  );
  if (found.length === 0) return view.lines([`No route to ${wanted} in network-instance "${instance}"`]);
  if (!words.includes('detail')) return listed(view, instance, found);
  return view.lines(found.flatMap(row => detail(view, instance, row)));
}

function listed(view: View, instance: string, rows: readonly RouteRow[]): true {
  const active = rows.filter(row => row.active);
  const ecmp = active.filter(row => row.nextHops.length > 1).length;
  return view.table(
    [`IPv4 unicast route table of network instance ${instance}`],
    [
      { title: 'Prefix', of: row => row.prefix },
      { title: 'Route Type', of: routeType },
      { title: 'Route Owner', of: routeOwner },
      { title: 'Active', of: row => (row.active ? 'True' : 'False') },
      { title: 'Metric', of: row => `${row.metric}`, align: 'right' },
      { title: 'Pref', of: row => `${row.preference}`, align: 'right' },
      { title: 'Next-hop (Type)', of: row => row.nextHops.map(hopText).join('\n') },
      {
        title: 'Next-hop Interface',
        of: row =>
          row.nextHops
            .map(hop => hop.interface ?? '')
            .join('\n')
            .trimEnd(),
      },
    ],
    rows,
    [
      `IPv4 routes total                    : ${rows.length}`,
      `IPv4 prefixes with active routes     : ${active.length}`,
      `IPv4 prefixes with active ECMP routes: ${ecmp}`,
    ],
  );
}

function detail(view: View, instance: string, row: RouteRow): string[] {
  const lines = [
    '-'.repeat(72),
    `Destination   : ${row.prefix}`,
    `Instance      : ${instance}`,
    `Route Type    : ${routeType(row)}`,
    `Route Owner   : ${routeOwner(row)}`,
    `Active        : ${row.active ? 'True' : 'False'}`,
    `Metric        : ${row.metric}`,
    `Preference    : ${row.preference}`,
    `Last Change   : ${duration(view.now - row.since)} ago`,
    `Next hops: ${row.nextHops.length} entries`,
  ];
  for (const hop of row.nextHops) {
    const owner = hop.node === undefined ? '' : ` ${hop.node}`;
    lines.push(
      `  ${hopText(hop)}${hop.vni === undefined ? '' : ` vni ${hop.vni}`}${hop.interface === undefined ? '' : ` via ${hop.interface}`}${owner}`,
    );
  }
  return [...lines, '-'.repeat(72)];
}

const OWNERS = {
  local: 'net_inst_mgr',
  host: 'net_inst_mgr',
  static: 'static_route_mgr',
  bgp: 'bgp_mgr',
  'bgp-evpn': 'bgp_evpn_mgr',
  'arp-nd': 'arp_nd_mgr',
} as const;

function routeOwner(row: RouteRow): string {
  return OWNERS[row.owner];
}

function routeType(row: RouteRow): string {
  return row.owner;
}

/** "10.1.1.0/31 (direct)", "1.1.1.2/32 (indirect/vxlan)". */
function hopText(hop: NextHopRow): string {
  const type = hop.type === 'vxlan' ? 'indirect/vxlan' : hop.type;
  return hop.address === undefined
    ? `(${type})`
    : `${hop.address}${hop.type === 'vxlan' || hop.type === 'indirect' ? '/32' : ''} (${type})`;
}
