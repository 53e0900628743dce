import type { Packet } from '../packet.ts';
import type { DataPlane } from './data-plane.ts';
import { hashedFields, hashFlow } from './flow-hash.ts';
import { type Choice, chooseByModulo, chooseByThreshold } from './hash-algorithms.ts';
import type { Member } from './next-hop.ts';
import type { NextHopGroup } from './next-hop-group.ts';

export type Chosen = { readonly member: Member; readonly hash: number; readonly choice: Choice | undefined };

/** The member of a group that a packet goes to; undefined when the group has none. */
export function chooseMember(plane: DataPlane, group: NextHopGroup, packet: Packet): Chosen | undefined {
  const { members } = group;
  const only = members[0];
  if (only === undefined) return undefined;
  if (members.length === 1) return { member: only, hash: 0, choice: undefined };
  const hash = hashFlow(packet.flow, plane.hash, plane.hashSeed);
  const choice =
    group.algorithm === 'resilient' && group.buckets !== undefined
      ? group.buckets.choose(
          hash,
          members.map(member => member.key),
        )
      : group.algorithm === 'modulo'
        ? chooseByModulo(hash, members.length)
        : chooseByThreshold(hash, members.length);
  return { member: members[choice.member] ?? only, hash, choice };
}

/** The choice as a flow's hop shows it. */
export function explainChoice(plane: DataPlane, group: NextHopGroup, packet: Packet, chosen: Chosen) {
  return {
    algorithm: group.algorithm,
    fields: hashedFields(packet.flow, plane.hash),
    seed: plane.hashSeed,
    hash: chosen.hash,
    bucket: chosen.choice?.bucket ?? 0,
    buckets: chosen.choice?.buckets ?? 1,
    members: group.labels,
    chosen: chosen.member.label,
  };
}
