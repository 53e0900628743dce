import { routeTargetsOf } from '../../../../bgp/extended-community.ts';
import { adjRibOut } from '../../../../bgp/speaker.ts';
import type { SessionRow } from '../../../../lab/snapshot.ts';
import { Switch } from '../../switch/switch.ts';
import { type Column, openTable } from '../text-table.ts';
import { evpnColumns, LEGEND, number, ORIGINS, status } from './bgp-columns.ts';
import { duration, type View } from './view.ts';

/** `show network-instance <name> protocols bgp neighbor [<address>] [detail | received-routes … | advertised-routes …]`. */
export function showNeighbors(view: View, instance: string, words: readonly string[]): boolean {
  const all = (view.rows({ name: 'sessions', node: view.node.name }) ?? []).filter(
    row => row.instance === instance,
  );
  const [peer, topic, ...rest] = words[0] === 'detail' ? ['*', ...words] : words;
  if (peer === '?') return view.unknown('?', ['<address>', '* detail']);
  const rows = peer === undefined || peer === '*' ? all : all.filter(row => row.peer === peer);
  if (peer !== undefined && peer !== '*' && rows.length === 0) {
    const known = all.map(row => row.peer).join("', '");
    return view.refuse(
      `Error: there is no neighbor ${peer} in network-instance "${instance}". There are ['${known}']`,
    );
  }
  switch (topic) {
    case undefined:
      return summary(view, instance, all, rows);
    case 'detail':
      return view.lines(rows.flatMap(row => detail(row, view.now)));
    case 'received-routes':
      return rows.every(row => received(view, row, rest[0] ?? 'ipv4'));
    case 'advertised-routes':
      return rows.every(row => advertised(view, row, rest[0] ?? 'ipv4'));
    default:
      return view.unknown(topic, ['detail', 'received-routes ipv4|evpn', 'advertised-routes ipv4|evpn']);
  }
}

function summary(
  view: View,
  instance: string,
  all: readonly SessionRow[],
  rows: readonly SessionRow[],
): true {
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
          ? row.families.map(({ received: rx, active, sent }) => `[${rx}/${active}/${sent}]`).join('\n')
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
  for (const { name, received: rx, active, sent } of row.families) {
    lines.push(`  ${name} : received ${rx}, active ${active}, sent ${sent}`);
  }
  return lines;
}

/** What stands above the routes of one neighbor. */
function heading({ peer, peerAs, localAs, dynamic, group }: SessionRow): string[] {
  return [
    `Peer        : ${peer}, remote AS: ${peerAs}, local AS: ${localAs}`,
    `Type        : ${dynamic ? 'dynamic' : 'static'}`,
    'Description : None',
    `Group       : ${group ?? 'None'}`,
  ];
}

function received(view: View, row: SessionRow, family: string): boolean {
  if (family === 'evpn') {
    const rows = (view.rows({ name: 'evpn', node: view.node.name }) ?? []).filter(
      one => one.path.peer === row.peer,
    );
    return view.table([...heading(row), LEGEND], evpnColumns, rows, counts(rows));
  }
  if (family !== 'ipv4') return view.unknown(family, ['ipv4', 'evpn']);
  const rows = (view.rows({ name: 'bgp', node: view.node.name, instance: row.instance }) ?? []).filter(
    one => one.path.peer === row.peer,
  );
  const columns: Column<(typeof rows)[number]>[] = [
    { title: 'Status', of: status },
    { title: 'Network', of: one => one.prefix },
    { title: 'Path-id', of: () => '0' },
    { title: 'Next Hop', of: one => one.path.nextHop },
    { title: 'MED', of: one => number(one.path.med) },
    { title: 'LocPref', of: one => number(one.path.localPreference) },
    { title: 'AsPath', of: one => asPathText(one.path.asPath) },
    { title: 'Origin', of: one => ORIGINS[one.path.origin] },
  ];
  return framed(view, [...heading(row)], [LEGEND, ORIGIN_CODES], columns, rows, counts(rows));
}

function counts(rows: readonly { readonly used: boolean; readonly valid: boolean }[]): string[] {
  const used = rows.filter(one => one.used).length;
  const valid = rows.filter(one => one.valid).length;
  return [`${rows.length} received BGP routes : ${used} used ${valid} valid`];
}

/** From the speaker's Adj-RIB-Out: what this neighbor holds from us. */
function advertised(view: View, row: SessionRow, family: string): boolean {
  if (family !== 'ipv4' && family !== 'evpn') return view.unknown(family, ['ipv4', 'evpn']);
  const device = view.terminal.context.world.device(view.node.name);
  const speaker = device instanceof Switch ? device.instances.get(row.instance)?.process?.speaker : undefined;
  const rows =
    speaker === undefined ? [] : adjRibOut(speaker, row.peer, family === 'ipv4' ? 'ipv4-unicast' : 'evpn');
  type Sent = (typeof rows)[number];
  const common: Column<Sent>[] = [
    { title: 'Next Hop', of: one => one.nextHop },
    { title: 'MED', of: one => number(one.attributes.med) },
    { title: 'LocPref', of: one => number(one.attributes.localPref) },
    { title: 'AsPath', of: one => asPathText(one.attributes.asPath) },
    { title: 'Origin', of: one => ORIGINS[one.attributes.origin] },
  ];
  const closing = [`${rows.length} advertised BGP routes`];
  if (family === 'ipv4') {
    const columns: Column<Sent>[] = [
      { title: 'Network', of: one => String(one.nlri) },
      { title: 'Path-id', of: () => '0' },
      ...common,
    ];
    return framed(view, heading(row), [ORIGIN_CODES], columns, rows, closing);
  }
  const columns: Column<Sent>[] = [
    { title: 'Type', of: one => (typeof one.nlri === 'string' ? '' : `${one.nlri.routeType}`) },
    {
      title: 'Route-distinguisher',
      of: one => (typeof one.nlri === 'string' ? '' : one.nlri.routeDistinguisher),
    },
    { title: 'Route', of: one => evpnRouteText(one.nlri) },
    { title: 'VNI', of: one => (typeof one.nlri === 'string' ? '' : `${one.nlri.vni}`), align: 'right' },
    { title: 'Route-target', of: one => routeTargetsOf(one.attributes).join(' ') },
    ...common,
  ];
  return view.table([...heading(row), ORIGIN_CODES], columns, rows, closing);
}

function evpnRouteText(nlri: ReturnType<typeof adjRibOut>[number]['nlri']): string {
  if (typeof nlri === 'string') return nlri;
  if (nlri.routeType === 5) return nlri.prefix;
  return nlri.routeType === 3 ? nlri.originatingRouter : `${nlri.mac} ${nlri.ip ?? ''}`.trim();
}

function framed<Row>(
  view: View,
  above: readonly string[],
  legends: readonly string[],
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  closing: readonly string[],
): true {
  if (view.form === 'json') return view.table([], columns, rows);
  const table = openTable(columns, rows);
  const rule = '-'.repeat(table[0]?.length ?? 0);
  return view.lines([rule, ...above, rule, ...legends, ...table, rule, ...closing, rule]);
}

const ORIGIN_CODES = 'Origin codes: i=IGP, e=EGP, ?=incomplete';

function asPathText(asPath: readonly number[]): string {
  return `[${asPath.join(', ')}]`;
}
