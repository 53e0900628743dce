import type { BgpPath, BgpRow, EvpnRow, PathStatus } from '../../../../lab/snapshot.ts';
import { isPrefix } from '../../../../net/prefix.ts';
import type { Column } from '../text-table.ts';
import { evpnColumns, LEGEND, number, pathText, routeText, status } from './bgp-columns.ts';
import { showNeighbors } from './show-neighbors.ts';
import type { View } from './view.ts';

/** `show network-instance <name> protocols bgp …`. */
export function showBgp(view: View, instance: string, words: readonly string[]): boolean {
  const [topic, ...rest] = words;
  if (topic === 'neighbor' || topic === 'summary' || topic === undefined)
    return showNeighbors(view, instance, topic === 'summary' ? [] : rest);
  if (topic !== 'routes')
    return view.unknown(topic, ['neighbor', 'summary', 'routes ipv4 summary', 'routes evpn route-type']);
  if (rest[0] === 'ipv4') return ipv4Routes(view, instance, rest.slice(1));
  if (rest[0] === 'evpn') return evpnRoutes(view, instance, rest.slice(1));
  return view.unknown(rest[0] ?? '', ['ipv4', 'evpn']);
}

function ipv4Routes(view: View, instance: string, words: readonly string[]): boolean {
  const all = view.rows({ name: 'bgp', node: view.node.name, instance });
  if (all === undefined) return view.refuse(`Error: BGP does not run in network-instance "${instance}"`);
  if (words[0] === 'prefix') {
    const prefix = words[1] ?? '';
    if (!isPrefix(prefix))
      return view.refuse(`Error: '${prefix}' is no prefix; expected something like 10.254.254.240/32`);
    return view.lines(all.filter(row => row.prefix === prefix).flatMap(pathDetail));
  }
  const prefixes = new Set(all.map(row => row.prefix)).size;
  return view.table(
    [`Show report for the BGP route table of network-instance "${instance}"`, LEGEND],
    ipv4Columns,
    all,
    [
      `${all.length} received BGP routes: ${all.filter(row => row.used).length} used, ${all.filter(row => row.valid).length} valid`,
      `${prefixes} prefixes`,
    ],
  );
}

function evpnRoutes(view: View, instance: string, words: readonly string[]): boolean {
  const all = view.rows({ name: 'evpn', node: view.node.name });
  if (all === undefined || instance !== 'default') {
    return view.refuse('Error: EVPN routes are kept in network-instance "default"');
  }
  const type = words[0] === 'route-type' ? words[1] : undefined;
  if (type === undefined || type === 'summary') {
    return view.table(
      ['EVPN routes by type'],
      [
        { title: 'Route type', of: (row: readonly [string, number]) => row[0] },
        { title: 'Count', of: row => `${row[1]}`, align: 'right' },
      ],
      ([2, 3, 5] as const).map(
        one => [TYPE_NAMES[one], all.filter(row => row.routeType === one).length] as const,
      ),
    );
  }
  if (type !== '2' && type !== '3' && type !== '5') return view.unknown(type, ['2', '3', '5']);
  const rows = all.filter(row => `${row.routeType}` === type);
  if (words.includes('detail')) return view.lines(rows.flatMap(evpnDetail));
  return view.table(
    [`Show report for the EVPN routes of type ${type}, ${TYPE_NAMES[rows[0]?.routeType ?? 5]}`, LEGEND],
    evpnColumns,
    rows,
    [
      `${rows.length} routes: ${rows.filter(row => row.used).length} used, ${rows.filter(row => row.valid).length} valid`,
    ],
  );
}

const TYPE_NAMES = { 2: 'mac-ip-route', 3: 'imet-route', 5: 'ip-prefix-route' } as const;

const ipv4Columns: readonly Column<BgpRow>[] = [
  { title: 'Status', of: status },
  { title: 'Network', of: row => row.prefix },
  { title: 'Next Hop', of: row => row.path.nextHop },
  { title: 'MED', of: row => number(row.path.med), align: 'right' },
  { title: 'LocPref', of: row => number(row.path.localPreference), align: 'right' },
  { title: 'Path Val', of: row => pathText(row.path) },
];

function pathDetail(row: BgpRow): string[] {
  return [`Network: ${row.prefix}`, ...attributeLines(row, row.path)];
}

function evpnDetail(row: EvpnRow): string[] {
  return [
    `${TYPE_NAMES[row.routeType]} ${routeText(row)}, route distinguisher ${row.routeDistinguisher}, VNI ${row.vni}`,
    `    Route targets    : ${row.routeTargets.join(', ')}`,
    ...attributeLines(row, row.path),
  ];
}

function attributeLines(row: PathStatus, path: BgpPath): string[] {
  const lines = [
    `    Received from    : ${path.peer ?? 'this switch'}${path.peerNode === undefined ? '' : ` (${path.peerNode})`}`,
    `    Status           : ${status(row)}${row.invalidReason === undefined ? '' : ` invalid: ${row.invalidReason}`}`,
    `    Next hop         : ${path.nextHop}`,
    `    AS path          : ${pathText(path)}`,
    `    Local preference : ${number(path.localPreference)}`,
  ];
  if (path.communities.length > 0) lines.push(`    Communities      : ${path.communities.join(' ')}`);
  if (path.originatorId !== undefined) lines.push(`    Originator id    : ${path.originatorId}`);
  if (path.clusterList.length > 0) lines.push(`    Cluster list     : ${path.clusterList.join(' ')}`);
  if (row.rule !== undefined) {
    const verb = row.best ? 'Best because of' : row.used ? 'Shares because of' : 'Lost at';
    lines.push(`    ${verb.padEnd(17)}: ${row.rule.name} (${row.rule.section})`);
  }
  return lines;
}
