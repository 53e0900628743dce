import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Subinterface } from './subinterface.ts';

/** Where a route points, as its owner says. */
export type NextHop =
  /** The network is on this subinterface: the packet's own destination is the neighbour. */
  | { readonly type: 'local'; readonly subinterface: Subinterface }
  /** The address is ours. */
  | { readonly type: 'extract'; readonly subinterface: Subinterface }
  /** Through a router, to be resolved in the same network-instance. */
  | { readonly type: 'indirect'; readonly address: Ipv4 }
  /** Into a VXLAN tunnel; the VTEP is resolved in the default network-instance. */
  | { readonly type: 'vxlan'; readonly vtep: Ipv4; readonly vni: number; readonly routerMac: Mac };

/** What a hashed packet is handed to. `key` tells members of one group apart, `label` is what people read. */
export type Member = { readonly key: string; readonly label: string } & (
  | {
      readonly type: 'subinterface';
      readonly subinterface: Subinterface;
      /** Undefined: the packet's destination is on the network itself. */
      readonly via: Ipv4 | undefined;
    }
  | { readonly type: 'vxlan'; readonly vtep: Ipv4; readonly vni: number; readonly routerMac: Mac }
  | { readonly type: 'extract'; readonly subinterface: Subinterface }
);

/** The same text for the same next hop: routes with equal sets share one group. */
export function nextHopKey(nextHop: NextHop): string {
  switch (nextHop.type) {
    case 'local':
      return `local ${nextHop.subinterface.name}`;
    case 'extract':
      return `extract ${nextHop.subinterface.name}`;
    case 'indirect':
      return nextHop.address;
    case 'vxlan':
      return `vxlan ${nextHop.vtep} ${nextHop.vni} ${nextHop.routerMac}`;
  }
}

/** The addresses that events and tables show for a set of next hops. */
export function addressesOf(nextHops: readonly NextHop[]): Ipv4[] {
  const addresses: Ipv4[] = [];
  for (const nextHop of nextHops) {
    if (nextHop.type === 'indirect') addresses.push(nextHop.address);
    else if (nextHop.type === 'vxlan') addresses.push(nextHop.vtep);
  }
  return addresses;
}

export function localMember(subinterface: Subinterface, via: Ipv4 | undefined): Member {
  const ethernet = subinterface.kind === 'ethernet';
  const port = subinterface.config.index === 0 ? subinterface.port?.name : undefined;
  return {
    type: 'subinterface',
    key: via === undefined ? subinterface.name : `${subinterface.name} ${via}`,
    label: ethernet ? (port ?? subinterface.name) : (via ?? subinterface.name),
    subinterface,
    via,
  };
}

export function vxlanMember(nextHop: Extract<NextHop, { readonly type: 'vxlan' }>): Member {
  const { vtep, vni, routerMac } = nextHop;
  return { type: 'vxlan', key: nextHopKey(nextHop), label: vtep, vtep, vni, routerMac };
}
