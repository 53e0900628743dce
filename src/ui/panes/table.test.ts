import { describe, expect, it } from 'vitest';
import { line, lineText } from '../cells/line.ts';
import { matches, showTable, type Table } from './table.ts';

type Peer = { readonly name: string; readonly as: number; readonly age: number };

const peers: readonly Peer[] = [
  { name: 'SPINE-DC-1', as: 64999, age: 12 },
  { name: 'datacenter-worker', as: 65201, age: 3 },
  { name: 'SPINE-DC-2', as: 64999, age: 100 },
];

const table: Table<Peer> = {
  keyOf: peer => peer.name,
  columns: [
    { id: 'name', title: 'peer', priority: 0, least: 8, cell: peer => line(peer.name) },
    {
      id: 'as',
      title: 'AS',
      align: 'right',
      priority: 1,
      sortBy: peer => peer.as,
      cell: peer => line(`${peer.as}`),
    },
    {
      id: 'age',
      title: 'for',
      align: 'right',
      priority: 2,
      volatile: true,
      sortBy: peer => peer.age,
      cell: peer => line(`${peer.age} s`),
    },
  ],
};

function shown(width: number, options: Partial<Parameters<typeof showTable>[2]> = {}): string[] {
  const { header, rows } = showTable(table, peers, { width, ...options });
  return [header, ...rows.map(row => row.line)].map(lineText);
}

describe('a table', () => {
  it('is as wide as it needs, numbers right-aligned', () => {
    expect(shown(40)).toEqual([
      'peer                  AS    for',
      'SPINE-DC-1         64999   12 s',
      'datacenter-worker  65201    3 s',
      'SPINE-DC-2         64999  100 s',
    ]);
  });

  it('shrinks what may shrink before it drops a column', () => {
    expect(shown(24)).toEqual([
      'peer           AS    for',
      'SPINE-DC-1  64999   12 s',
      'datacente…  65201    3 s',
      'SPINE-DC-2  64999  100 s',
    ]);
  });

  it('drops the least important columns first, never the first', () => {
    expect(shown(18)).toEqual([
      'peer            AS',
      'SPINE-DC-1   64999',
      'datacenter…  65201',
      'SPINE-DC-2   64999',
    ]);
    expect(shown(10)).toEqual(['peer      ', 'SPINE-DC-1', 'datacente…', 'SPINE-DC-2']);
  });

  it('sorts by numbers as numbers and says so in the title', () => {
    expect(shown(40, { order: { column: 'age', descending: true } })).toEqual([
      'peer                  AS   for↓',
      'SPINE-DC-2         64999  100 s',
      'SPINE-DC-1         64999   12 s',
      'datacenter-worker  65201    3 s',
    ]);
  });

  it('filters by any column, also one that dropped out', () => {
    expect(shown(10, { filter: '65201' })).toEqual(['peer      ', 'datacente…']);
  });

  it('does not call a row changed because its age did', () => {
    const [row] = showTable(table, peers, { width: 40 }).rows;
    expect(row?.says).toBe('SPINE-DC-1 64999');
  });
});

describe('a filter', () => {
  it('wants every word, in any order and case', () => {
    expect(matches('LEAF-DC-1 established EVPN', 'evpn leaf')).toBe(true);
    expect(matches('LEAF-DC-1 established EVPN', 'evpn spine')).toBe(false);
  });

  it('excludes words with an exclamation mark', () => {
    expect(matches('LEAF-DC-1 established', '!established')).toBe(false);
    expect(matches('LEAF-DC-1 active', '!established')).toBe(true);
    expect(matches('LEAF-DC-1 active', '!')).toBe(true);
  });
});
