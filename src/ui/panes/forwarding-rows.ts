import type { ForwardingMember, ForwardingRow } from '../../lab/snapshot.ts';
import { line, span } from '../cells/line.ts';
import { percentText } from '../wording/amount.ts';
import { portText } from '../wording/names.ts';
import { bar } from './bar.ts';
import type { Table } from './table.ts';

/** One member of a group: the unit the forwarding pane shows. */
export type GroupMember = {
  readonly row: ForwardingRow;
  readonly member?: ForwardingMember;
  readonly index: number;
};

export function groupMembers(rows: readonly ForwardingRow[]): GroupMember[] {
  return rows.flatMap((row): GroupMember[] =>
    row.members.length === 0
      ? [{ row, index: 0 }]
      : row.members.map((member, index) => ({ row, member, index })),
  );
}

export function forwardingTable(): Table<GroupMember> {
  return {
    keyOf: ({ row, member }) => `${row.prefix} ${member?.label ?? 'none'}`,
    columns: [
      {
        id: 'prefix',
        title: 'prefix',
        priority: 0,
        cell: ({ row, index }) => line(span(row.prefix, index > 0 ? 'dim' : 'plain')),
      },
      {
        id: 'member',
        title: 'sent to',
        priority: 0,
        least: 9,
        cell: ({ member }) =>
          member === undefined
            ? line(span('✘ nothing: dropped', 'down'))
            : line(member.node ?? portText(member.label)),
      },
      {
        id: 'how',
        title: 'how',
        priority: 2,
        cell: ({ member }) =>
          line(
            span(
              member?.vtep !== undefined
                ? `VXLAN to ${member.vtep}, VNI ${member.vni ?? '?'}`
                : member?.port !== undefined
                  ? `${portText(member.port)}${member.nextHop === undefined ? '' : ` to ${member.nextHop}`}`
                  : '',
              'dim',
            ),
          ),
      },
      {
        id: 'share',
        title: 'share',
        align: 'right',
        priority: 1,
        sortBy: ({ member }) => member?.share ?? 0,
        cell: ({ member }) => line(percentText(member?.share ?? 0)),
      },
      {
        id: 'bar',
        title: '',
        priority: 5,
        cell: ({ row, member }) => (row.members.length > 1 ? bar(member?.share ?? 0, 16) : line()),
      },
      {
        id: 'group',
        title: 'group',
        align: 'right',
        priority: 4,
        sortBy: ({ row }) => row.group,
        cell: ({ row }) => line(span(`${row.group}`, 'dim')),
      },
      {
        id: 'algorithm',
        title: 'picks by',
        priority: 3,
        cell: ({ row }) => line(span(row.members.length > 1 ? row.algorithm : '', 'dim')),
      },
    ],
  };
}
