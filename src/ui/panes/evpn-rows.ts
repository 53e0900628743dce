import type { EvpnRow, PathStatus } from '../../lab/snapshot.ts';
import { type Line, line, span } from '../cells/line.ts';
import { invalidReasonText, ruleText } from '../wording/rule.ts';
import type { Table } from './table.ts';

export function evpnTable(): Table<EvpnRow> {
  return {
    keyOf: row => `${evpnIdentity(row)} ${row.path.peer ?? 'own'}`,
    columns: [
      { id: 'status', title: '', priority: 0, cell: statusMark },
      {
        id: 'type',
        title: 'type',
        priority: 0,
        sortBy: row => row.routeType,
        cell: row => line(`${row.routeType}`, span(` ${typeText(row.routeType)}`, 'dim')),
      },
      {
        id: 'content',
        title: 'what',
        priority: 0,
        least: 15,
        cell: row => line(row.prefix ?? row.address ?? row.mac ?? '–'),
      },
      {
        id: 'mac',
        title: 'MAC',
        priority: 6,
        cell: row => line(span(row.address === undefined ? '' : (row.mac ?? ''), 'dim')),
      },
      {
        id: 'nexthop',
        title: 'VTEP',
        priority: 1,
        cell: row => line(row.path.nextHop),
      },
      {
        id: 'vni',
        title: 'VNI',
        align: 'right',
        priority: 3,
        sortBy: row => row.vni,
        cell: row => line(`${row.vni}`),
      },
      {
        id: 'peer',
        title: 'heard from',
        priority: 2,
        cell: row =>
          row.path.peer === undefined
            ? line(span('itself', 'dim'))
            : line(row.path.peerNode ?? row.path.peer),
      },
      { id: 'localpref', title: 'LP', align: 'right', priority: 4, cell: localPreference },
      {
        id: 'aspath',
        title: 'AS path',
        priority: 5,
        cell: row => line(span(row.path.asPath.join(' '), 'dim')),
      },
      { id: 'rd', title: 'RD', priority: 6, cell: row => line(span(row.routeDistinguisher, 'dim')) },
      {
        id: 'targets',
        title: 'route targets',
        priority: 7,
        cell: row =>
          line(span(row.routeTargets.map(target => target.replace(/^target:/, '')).join(' '), 'dim')),
      },
      { id: 'why', title: 'why', priority: 8, least: 10, cell: whyCell },
    ],
  };
}

/** What tells an EVPN route from others, whoever it was heard from: paths of one identity compete. */
export function evpnIdentity(row: EvpnRow): string {
  return `${row.routeType} ${row.routeDistinguisher} ${row.ethernetTag} ${evpnContent(row)}`;
}

/** What the route is about: a MAC with its address, a router, a prefix. */
export function evpnContent(row: EvpnRow): string {
  if (row.prefix !== undefined) return row.prefix;
  return [row.mac, row.address].filter(part => part !== undefined).join(' ') || '–';
}

/** "u*>" as routers write it: used, valid, best. */
export function statusMark(status: PathStatus): Line {
  if (!status.valid) return line(span('x  ', 'down'));
  const used = status.used ? 'u' : ' ';
  return line(span(`${used}*${status.best ? '>' : ' '}`, status.used ? 'chosen' : 'dim'));
}

export function whyCell(status: PathStatus): Line {
  if (!status.valid) return line(span(invalidReasonText(status.invalidReason ?? 'not valid'), 'down'));
  if (status.rule === undefined) return line();
  return line(span(status.best ? ruleText(status.rule.name) : `lost: ${ruleText(status.rule.name)}`, 'dim'));
}

export function localPreference(row: { readonly path: { readonly localPreference?: number } }): Line {
  return line(row.path.localPreference === undefined ? span('–', 'dim') : `${row.path.localPreference}`);
}

function typeText(type: EvpnRow['routeType']): string {
  return type === 2 ? 'MAC/IP' : type === 3 ? 'multicast' : 'prefix';
}
