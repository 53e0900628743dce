import type { ForwardingMember, ForwardingRow } from '../../../../lab/snapshot.ts';
import type { View } from './view.ts';

/** `show network-instance <name> route-table next-hop [<index>]`: what groups resolve to, each once. */
export function showNextHops(view: View, instance: string, words: readonly string[]): boolean {
  const groups = groupsOf(view, instance);
  if (groups === undefined) return view.refuse(`Error: network-instance "${instance}" has no route table`);
  const members = membersOf(groups);
  const shown = members
    .map((member, at) => ({ member, index: at + 1 }))
    .filter(one => wanted(words, one.index));
  if (shown.length === 0)
    return view.refuse(`Error: there is no next-hop '${words[0] ?? ''}' in network-instance "${instance}"`);
  return view.table(
    [`Next-hops of network instance ${instance}`],
    [
      { title: 'Index', of: one => `${one.index}`, align: 'right' },
      {
        title: 'Type',
        of: ({ member }) =>
          member.vtep !== undefined ? 'vxlan' : member.nextHop === undefined ? 'local' : 'direct',
      },
      { title: 'Next-hop', of: ({ member }) => member.vtep ?? member.nextHop ?? '' },
      {
        title: 'Interface / VNI',
        of: ({ member }) => (member.vni === undefined ? (member.port ?? member.label) : `vni ${member.vni}`),
      },
      { title: 'Node', of: ({ member }) => member.node ?? '' },
      {
        title: 'Groups',
        of: ({ member }) =>
          groups
            .filter(group => group.members.some(each => keyOf(each) === keyOf(member)))
            .map(({ group }) => group)
            .join(' '),
      },
    ],
    shown,
    [`${members.length} next-hops`],
  );
}

/** `show network-instance <name> route-table next-hop-group [<index>]`. */
export function showNextHopGroups(view: View, instance: string, words: readonly string[]): boolean {
  const groups = groupsOf(view, instance);
  if (groups === undefined) return view.refuse(`Error: network-instance "${instance}" has no route table`);
  const members = membersOf(groups).map(keyOf);
  const routes = view.rows({ name: 'forwarding', node: view.node.name, instance }) ?? [];
  const shown = groups.filter(({ group }) => wanted(words, group));
  if (shown.length === 0)
    return view.refuse(
      `Error: there is no next-hop-group '${words[0] ?? ''}' in network-instance "${instance}"`,
    );
  return view.table(
    [`Next-hop-groups of network instance ${instance}`],
    [
      { title: 'Group', of: one => `${one.group}`, align: 'right' },
      { title: 'Hashing', of: one => one.algorithm },
      {
        title: 'Next-hop',
        of: one => one.members.map(member => `${members.indexOf(keyOf(member)) + 1}`).join('\n'),
        align: 'right',
      },
      {
        title: 'To',
        of: one => one.members.map(member => member.vtep ?? member.nextHop ?? member.label).join('\n'),
      },
      {
        title: 'Share',
        of: one => one.members.map(member => `${Math.round(member.share * 100)} %`).join('\n'),
        align: 'right',
      },
      {
        title: 'Routes',
        of: one => `${routes.filter(row => row.group === one.group).length}`,
        align: 'right',
      },
    ],
    shown,
    [`${groups.length} next-hop-groups`],
  );
}

/** Each group once, by its number. */
function groupsOf(view: View, instance: string): ForwardingRow[] | undefined {
  const rows = view.rows({ name: 'forwarding', node: view.node.name, instance });
  if (rows === undefined) return undefined;
  return [...new Map(rows.map(row => [row.group, row])).values()].sort((a, b) => a.group - b.group);
}

function membersOf(groups: readonly ForwardingRow[]): ForwardingMember[] {
  return [
    ...new Map(groups.flatMap(({ members }) => members).map(member => [keyOf(member), member])).values(),
  ];
}

function keyOf({ label, nextHop, vtep, vni }: ForwardingMember): string {
  return `${label} ${nextHop ?? ''} ${vtep ?? ''} ${vni ?? ''}`;
}

function wanted(words: readonly string[], index: number): boolean {
  return words[0] === undefined || words[0] === '*' || words[0] === 'all' || words[0] === `${index}`;
}
