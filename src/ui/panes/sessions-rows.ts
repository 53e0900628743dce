import type { SessionRow } from '../../lab/snapshot.ts';
import { line, span } from '../cells/line.ts';
import { durationText } from '../wording/amount.ts';
import { sessionStateMark } from '../wording/session-state.ts';
import type { Table } from './table.ts';

/** BGP sessions; `at` is the snapshot's time, for ages. */
export function sessionsTable(at: number): Table<SessionRow> {
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
        id: 'address',
        title: 'address',
        priority: 5,
        cell: row => line(span(row.dynamic ? `${row.peer} dyn` : row.peer, 'dim')),
      },
      {
        id: 'instance',
        title: 'instance',
        priority: 6,
        cell: row => line(span(row.instance, 'dim')),
      },
      {
        id: 'as',
        title: 'AS',
        align: 'right',
        priority: 4,
        sortBy: row => row.peerAs,
        cell: row =>
          line(span(row.peerAs === 0 ? '?' : `${row.peerAs}`, row.peerAs === row.localAs ? 'dim' : 'plain')),
      },
      {
        id: 'family',
        title: 'family',
        priority: 7,
        cell: row => line(span(row.families.map(family => family.name).join(' '), 'dim')),
      },
      {
        id: 'routes',
        title: 'in/used/out',
        align: 'right',
        priority: 3,
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
        priority: 2,
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
