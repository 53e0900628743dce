import { addressPlus, type Ipv4 } from '../../../net/address.ts';
import { addressOf, type Ipv4Prefix } from '../../../net/prefix.ts';
import type { NodeDevice } from './node-device.ts';

/** Containers on the lab's Docker network, by address. */
export class DockerNetwork {
  readonly members = new Map<Ipv4, NodeDevice>();
  private readonly first: Ipv4;
  private readonly taken = new Set<Ipv4>();

  constructor(prefix: Ipv4Prefix) {
    this.first = addressOf(prefix);
  }

  /** The lowest free address, as Docker gives them out. */
  takeAddress(): Ipv4 {
    let last = 2;
    while (this.taken.has(addressPlus(this.first, last))) last++;
    const address = addressPlus(this.first, last);
    this.taken.add(address);
    return address;
  }

  /** The container there is gone. */
  leave(address: Ipv4): void {
    this.taken.delete(address);
    this.members.delete(address);
  }
}
