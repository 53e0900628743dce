import type { BgpPath, BgpRow, EvpnRow, PathStatus, SessionRow } from '../../../../lab/snapshot.ts';
import { isPrefix } from '../../../../net/prefix.ts';
import type { Column } from '../text-table.ts';
import { duration, type View } from './view.ts';

/** `show network-instance <name> protocols bgp …`. */
export function showBgp(view: View, instance: string, words: readonly string[]): boolean {
  const [topic, ...rest] = words;
  if (topic === 'neighbor' || topic === 'summary' || topic === undefined)
    return neighbors(view, instance, rest);
  if (topic !== 'routes') return view.unknown(topic, ['neighbor', 'summary', 'routes ipv4', 'routes evpn']);
  if (rest[0] === 'ipv4') return ipv4Routes(view, instance, rest.slice(1));
  if (rest[0] === 'evpn') return evpnRoutes(view, instance, rest.slice(1));
  return view.unknown(rest[0] ?? '', ['ipv4', 'evpn']);
}

function neighbors(view: View, instance: string, words: readonly string[]): boolean {
  const all = (view.rows({ name: 'sessions', node: view.node.name }) ?? []).filter(
    row => row.instance === instance,
  );
  const [peer, topic] = words[0] === 'detail' ? [undefined, 'detail'] : words;
  const rows = peer === undefined ? all : all.filter(row => row.peer === peer);
  if (peer !== undefined && rows.length === 0) {
    return view.refuse(`Error: there is no neighbor ${peer} in network-instance "${instance}"`);
  }
  if (topic === 'received-routes') return receivedRoutes(view, instance, peer ?? '', words[2] ?? 'ipv4');
  if (topic === 'advertised-routes') {
    return view.refuse(
      'Error: the embedded lab does not keep a list of advertised routes to show; look at received-routes on the other side',
    );
  }
  if (topic === 'detail') return view.lines(rows.flatMap(row => detail(row, view.now)));
  const established = all.filter(({ state }) => state === 'established').length;
  const dynamic = all.filter(row => row.dynamic).length;
  return view.table(
    [
      `BGP neighbor summary for network-instance "${instance}"`,
      'Flags: S static, D dynamic, L discovered by LLDP, B BFD enabled, - disabled, * slow',
    ],
    neighborColumns(instance, view.now),
    rows,
    [
      'Summary:',
      `${all.length - dynamic} configured neighbors, ${established} sessions are established, 0 disabled peers`,
      `${dynamic} dynamic peers`,
    ],
  );
}

function neighborColumns(instance: string, now: number): Column<SessionRow>[] {
  return [
    { title: 'Net-Inst', of: () => instance },
    { title: 'Peer', of: row => row.peer },
    { title: 'Group', of: row => row.group ?? '' },
    { title: 'Flags', of: row => `${row.dynamic ? 'D' : 'S'}${row.bfd === 'off' ? '' : 'B'}` },
    { title: 'Peer-AS', of: row => (row.peerAs === 0 ? '' : `${row.peerAs}`), align: 'right' },
    { title: 'State', of: row => row.state },
    { title: 'Uptime', of: row => (row.state === 'established' ? duration(now - row.since) : '-') },
    { title: 'AFI/SAFI', of: row => row.families.map(family => family.name).join('\n') },
    {
      title: '[Rx/Active/Tx]',
      of: row =>
        row.state === 'established'
          ? row.families.map(({ received, active, sent }) => `[${received}/${active}/${sent}]`).join('\n')
          : '',
    },
  ];
}

function detail(row: SessionRow, now: number): string[] {
  const lines = [
    `Peer : ${row.peer}, remote AS: ${row.peerAs}, local AS: ${row.localAs}`,
    `  Type : ${row.dynamic ? 'dynamic' : 'static'}, group ${row.group ?? '-'}${row.peerNode === undefined ? '' : ` (${row.peerNode})`}`,
    `  Local address : ${row.localAddress ?? '-'}`,
    `  State : ${row.state}, for ${duration(now - row.since)}`,
    `  BFD : ${row.bfd}`,
  ];
  if (row.holdTime !== undefined)
    lines.push(`  Hold-time : ${row.holdTime / 1000} s, keepalive ${(row.keepalive ?? 0) / 1000} s`);
  if (row.lastError !== undefined) lines.push(`  Last error : ${row.lastError}`);
  for (const { name, received, active, sent } of row.families) {
    lines.push(`  ${name} : received ${received}, active ${active}, sent ${sent}`);
  }
  return lines;
}

function receivedRoutes(view: View, instance: string, peer: string, family: string): boolean {
  if (family === 'ipv4') {
    const rows = (view.rows({ name: 'bgp', node: view.node.name, instance }) ?? []).filter(
      row => row.path.peer === peer,
    );
    return view.table(
      [`Routes received from ${peer} in network-instance "${instance}"`, LEGEND],
      ipv4Columns,
      rows,
      [`${rows.length} received BGP routes`],
    );
  }
  if (family === 'evpn') {
    const rows = (view.rows({ name: 'evpn', node: view.node.name }) ?? []).filter(
      row => row.path.peer === peer,
    );
    return view.table([`EVPN routes received from ${peer}`, LEGEND], evpnColumns, rows, [
      `${rows.length} received EVPN routes`,
    ]);
  }
  return view.unknown(family, ['ipv4', 'evpn']);
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

const LEGEND = 'Status codes: u=used, *=valid, >=best, x=stale';

const TYPE_NAMES = { 2: 'mac-ip-route', 3: 'imet-route', 5: 'ip-prefix-route' } as const;

/** "u*>" as SR Linux marks a route. */
function status({ used, valid, best }: PathStatus): string {
  return `${used ? 'u' : ''}${valid ? '*' : ''}${best ? '>' : ''}`;
}

const ipv4Columns: readonly Column<BgpRow>[] = [
  { title: 'Status', of: status },
  { title: 'Network', of: row => row.prefix },
  { title: 'Next Hop', of: row => row.path.nextHop },
  { title: 'MED', of: row => number(row.path.med), align: 'right' },
  { title: 'LocPref', of: row => number(row.path.localPreference), align: 'right' },
  { title: 'Path Val', of: row => pathText(row.path) },
];

const evpnColumns: readonly Column<EvpnRow>[] = [
  { title: 'Status', of: status },
  { title: 'Route-distinguisher', of: row => row.routeDistinguisher },
  { title: 'Tag-ID', of: row => `${row.ethernetTag}`, align: 'right' },
  { title: 'Route', of: routeText },
  { title: 'Neighbor', of: row => row.path.peer ?? '' },
  { title: 'Next-Hop', of: row => row.path.nextHop },
  { title: 'VNI', of: row => `${row.vni}`, align: 'right' },
  { title: 'LocPref', of: row => number(row.path.localPreference), align: 'right' },
  { title: 'Path', of: row => pathText(row.path) },
];

function routeText(row: EvpnRow): string {
  if (row.routeType === 5) return row.prefix ?? '';
  return row.routeType === 3 ? (row.address ?? '') : `${row.mac ?? ''} ${row.address ?? ''}`.trim();
}

function pathText({ asPath, origin }: BgpPath): string {
  return `${asPath.length === 0 ? '' : `[${asPath.join(' ')}] `}${ORIGINS[origin]}`;
}

const ORIGINS = { igp: 'i', egp: 'e', incomplete: '?' } as const;

function number(value: number | undefined): string {
  return value === undefined ? '-' : `${value}`;
}

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
