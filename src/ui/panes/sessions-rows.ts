import type { SessionRow } from '../../lab/snapshot.ts';
import { line, span } from '../cells/line.ts';
import { durationText } from '../wording/amount.ts';
import { sessionStateMark } from '../wording/session-state.ts';
import type { Table } from './table.ts';

/** BGP sessions; `at` is the snapshot's time, for ages. Where all are of one node, the node needs no column. */
export function sessionsTable(at: number, ofOneNode = false): Table<SessionRow> {
  const table = allColumns(at);
  return ofOneNode ? { ...table, columns: table.columns.filter(column => column.id !== 'node') } : table;
}

function allColumns(at: number): Table<SessionRow> {
  return {
    keyOf: row => `${row.node} ${row.instance} ${row.peer}`,
    columns: [
      {
        id: 'state',
        title: '  state',
        priority: 0,
        sortBy: row => row.state,
        cell: row => {
          const { symbol, look } = sessionStateMark(row.state);
          return line(
            span(`${symbol} `, look),
            span(row.state, row.state === 'established' ? 'plain' : look),
          );
        },
      },
      { id: 'node', title: 'node', priority: 0, least: 9, cell: row => line(row.node) },
      { id: 'peer', title: 'peer', priority: 0, least: 9, cell: row => line(row.peerNode ?? row.peer) },
      {
        id: 'family',
        title: 'kind',
        priority: 2,
        cell: row => line(row.families.map(family => familyText(family.name)).join(' ')),
      },
      {
        id: 'address',
        title: 'address',
        priority: 6,
        cell: row => line(span(row.dynamic ? `${row.peer} dyn` : row.peer, 'dim')),
      },
      {
        id: 'instance',
        title: 'instance',
        priority: 7,
        cell: row => line(span(row.instance, 'dim')),
      },
      {
        id: 'as',
        title: 'AS',
        align: 'right',
        priority: 5,
        sortBy: row => row.peerAs,
        cell: row =>
          line(span(row.peerAs === 0 ? '?' : `${row.peerAs}`, row.peerAs === row.localAs ? 'dim' : 'plain')),
      },
      {
        id: 'routes',
        title: 'in/used/out',
        align: 'right',
        priority: 4,
        sortBy: row => row.families.reduce((sum, family) => sum + family.received, 0),
        cell: row =>
          row.state === 'established'
            ? line(
                row.families.map(({ received, active, sent }) => `${received}/${active}/${sent}`).join(' '),
              )
            : line(span('–', 'dim')),
      },
      {
        id: 'bfd',
        title: 'BFD',
        priority: 3,
        cell: row => line(span(row.bfd, row.bfd === 'up' ? 'up' : row.bfd === 'down' ? 'down' : 'dim')),
      },
      {
        id: 'age',
        title: 'for',
        align: 'right',
        priority: 1,
        volatile: true,
        sortBy: row => at - row.since,
        cell: row => line(durationText(at - row.since)),
      },
      {
        id: 'error',
        title: 'last error',
        priority: 8,
        least: 12,
        cell: row => line(span(row.lastError ?? '', row.state === 'established' ? 'dim' : 'down')),
      },
    ],
  };
}

function familyText(name: SessionRow['families'][number]['name']): string {
  return name === 'evpn' ? 'EVPN' : 'IPv4';
}
