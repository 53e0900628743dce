import type { ForwardingMember, ForwardingRow } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Member } from '../switch/next-hop.ts';
import type { NextHopGroup } from '../switch/next-hop-group.ts';
import type { RouteTable } from '../switch/route-table.ts';
import type { World } from '../world.ts';

/** What the data plane uses: prefix → group → members. */
export function forwardingRows(world: World, table: RouteTable): ForwardingRow[] {
  const rows: ForwardingRow[] = [];
  for (const [prefix, group] of table.forwarding.sorted()) {
    const members: ForwardingMember[] = [];
    for (const member of group.members) members.push(memberRow(world, group, member));
    rows.push({ prefix, group: group.id, algorithm: group.algorithm, members });
  }
  return rows;
}

function memberRow(world: World, group: NextHopGroup, member: Member): ForwardingMember {
  const share =
    group.members.length > 1 && group.buckets !== undefined
      ? group.buckets.share(member.key)
      : 1 / group.members.length;
  switch (member.type) {
    case 'extract':
      return { label: member.label, share };
    case 'vxlan':
      return {
        label: member.label,
        share,
        vtep: member.vtep,
        vni: member.vni,
        ...named(world.nodeOwning(member.vtep)),
      };
    case 'subinterface': {
      const { port } = member.subinterface;
      const node = ownerOf(world, member.via) ?? port?.peer?.device.name;
      return {
        label: member.label,
        share,
        ...(member.via === undefined ? {} : { nextHop: member.via }),
        port: port?.name ?? member.subinterface.name,
        ...named(node),
      };
    }
  }
}

function ownerOf(world: World, address: Ipv4 | undefined): string | undefined {
  return address === undefined ? undefined : world.nodeOwning(address);
}

function named(node: string | undefined): { readonly node?: string } {
  return node === undefined ? {} : { node };
}
