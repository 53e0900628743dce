import type { BgpPath, EvpnRow, PathStatus } from '../../../../lab/snapshot.ts';
import type { Column } from '../text-table.ts';

export const LEGEND = 'Status codes: u=used, *=valid, >=best, x=stale';

export const ORIGINS = { igp: 'i', egp: 'e', incomplete: '?' } as const;

/** "u*>" as SR Linux marks a route. */
export function status({ used, valid, best }: PathStatus): string {
  return `${used ? 'u' : ''}${valid ? '*' : ''}${best ? '>' : ''}`;
}

export function number(value: number | undefined): string {
  return value === undefined ? '-' : `${value}`;
}

export function pathText({ asPath, origin }: BgpPath): string {
  return `${asPath.length === 0 ? '' : `[${asPath.join(' ')}] `}${ORIGINS[origin]}`;
}

export function routeText(row: EvpnRow): string {
  if (row.routeType === 5) return row.prefix ?? '';
  return row.routeType === 3 ? (row.address ?? '') : `${row.mac ?? ''} ${row.address ?? ''}`.trim();
}

export const evpnColumns: readonly Column<EvpnRow>[] = [
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
