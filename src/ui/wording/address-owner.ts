import type { Lab } from '../../lab/lab.ts';
import type { Ipv4 } from '../../net/address.ts';
import { addressOf } from '../../net/prefix.ts';
import { derived } from '../../values/derived.ts';

/** Names the node that owns an address; the address itself where nobody (or, anycast, everybody) does. */
export type NameAddress = (address: Ipv4) => string;

export function addressNamer(lab: Lab): NameAddress {
  const owners = addressOwners(lab);
  return address => owners.get(address) ?? address;
}

const addressOwners = derived((lab: Lab): ReadonlyMap<Ipv4, string> => {
  const owners = new Map<Ipv4, string>();
  for (const node of lab.nodes) {
    if (node.kind === 'switch') {
      for (const { subinterfaces } of node.config.interfaces)
        for (const { addresses } of subinterfaces)
          for (const { address, anycastGateway } of addresses)
            if (!anycastGateway) owners.set(addressOf(address), node.name);
    } else if (node.kind === 'cluster-node') {
      for (const { address } of node.attachments) owners.set(addressOf(address), node.name);
    }
  }
  return owners;
});
