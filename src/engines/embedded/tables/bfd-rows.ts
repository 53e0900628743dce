import type { BfdRow } from '../../../lab/snapshot.ts';
import type { Bfd } from '../bfd.ts';
import type { World } from '../world.ts';

/** BFD sessions of one node or of the lab, in the order of the lab's nodes, then by peer as they came. */
export function bfdRows(world: World, bfd: Bfd, node: string | undefined): BfdRow[] {
  const rows: BfdRow[] = [];
  for (const device of world.devices.values()) {
    if (node !== undefined && device.name !== node) continue;
    for (const end of bfd.of(device)) {
      const { instance, localAddress, peer, multihop } = end.options;
      rows.push({
        node: device.name,
        instance,
        localAddress,
        peer,
        state: end.state,
        since: end.since,
        multihop,
        transmitInterval: bfd.transmitInterval(end),
        detectionTime: bfd.detectionTime(end),
      });
    }
  }
  return rows;
}
