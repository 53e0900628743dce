import type { PaneKind } from '../../tutor/layout.ts';
import { evpnTable } from './evpn-rows.ts';
import { forwardingTable } from './forwarding-rows.ts';
import { routesTable } from './routes-rows.ts';
import { sessionsTable } from './sessions-rows.ts';

/** Columns a pane can be sorted by, in the order of the screen; empty for panes that keep their own order. */
export function sortableColumns(pane: PaneKind): readonly string[] {
  switch (pane) {
    case 'sessions':
      return ids(sessionsTable(0));
    case 'routes':
      return ids(routesTable(0));
    case 'evpn':
      return ids(evpnTable());
    case 'forwarding':
      return ids(forwardingTable());
    default:
      return [];
  }
}

function ids(table: { readonly columns: readonly { readonly id: string }[] }): string[] {
  return table.columns.map(column => column.id);
}
