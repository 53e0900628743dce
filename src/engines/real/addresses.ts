import type { Lab } from '../../lab/lab.ts';
import type { Ipv4 } from '../../net/address.ts';
import { addressOf } from '../../net/prefix.ts';

/** Which node owns an address: what the lab's files say. Anycast addresses belong to nobody. */
export function ownersOf(lab: Lab): ReadonlyMap<Ipv4, string> {
  const owners = new Map<Ipv4, string>();
  for (const node of lab.nodes) {
    if (node.kind === 'switch') {
      for (const { addresses } of node.config.interfaces.flatMap(each => each.subinterfaces)) {
        for (const { address, anycastGateway } of addresses)
          if (!anycastGateway) owners.set(addressOf(address), node.name);
      }
    } else if (node.kind === 'cluster-node') {
      for (const { address } of node.attachments) owners.set(addressOf(address), node.name);
    }
  }
  return owners;
}
