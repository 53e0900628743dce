import { type Ipv4, toNumber } from '../../../net/address.ts';
import { addressOf, type Ipv4Prefix, lengthOf, maskOf } from '../../../net/prefix.ts';

/** A route of a Linux host: "10.1.4.0/24 via 192.168.101.1 dev e1-1". */
export type HostRoute = {
  readonly prefix: Ipv4Prefix;
  /** Undefined: on the link. */
  readonly via: Ipv4 | undefined;
  readonly device: string;
  /** The source address the stack prefers. */
  readonly source?: Ipv4;
};

/** The few routes of a host, longest prefix first. */
export class RouteList {
  private entries: readonly (HostRoute & { readonly network: number; readonly mask: number })[] = [];

  set(routes: readonly HostRoute[]): void {
    this.entries = routes
      .map(route => ({
        ...route,
        network: toNumber(addressOf(route.prefix)),
        mask: maskOf(lengthOf(route.prefix)),
      }))
      .sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  }

  all(): readonly HostRoute[] {
    return this.entries;
  }

  lookUp(address: Ipv4): HostRoute | undefined {
    const bits = toNumber(address);
    for (const entry of this.entries) if ((bits & entry.mask) >>> 0 === entry.network) return entry;
    return undefined;
  }
}
