import type { VxlanInterfaceConfig } from '../../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../../net/address.ts';
import { hashText } from '../../random.ts';
import type { View } from './view.ts';

/** A remote VTEP on one VXLAN interface, and what it is there for. */
export type Destination = {
  readonly vtep: Ipv4;
  readonly interface: VxlanInterfaceConfig;
  readonly type: 'ip-destination' | 'unicast' | 'multicast';
  /** MACs (of a bridged interface) or prefixes (of a routed one) behind it. */
  readonly routes: number;
};

/** Where a switch's VXLAN interfaces send to: the next hops of EVPN routes in use that carry their VNI. */
export function destinationsOf(view: View, only?: string): Destination[] {
  const evpn = (view.rows({ name: 'evpn', node: view.node.name }) ?? []).filter(
    row => row.used && row.path.peer !== undefined,
  );
  return (view.config?.vxlanInterfaces ?? [])
    .filter(({ name }) => only === undefined || name === only)
    .flatMap(one => {
      const found = new Map<string, Destination>();
      for (const row of evpn) {
        if (row.vni !== one.ingressVni) continue;
        const type = one.type === 'routed' ? 'ip-destination' : row.routeType === 3 ? 'multicast' : 'unicast';
        const vtep = row.path.nextHop;
        const key = `${vtep} ${type}`;
        const routes = (found.get(key)?.routes ?? 0) + 1;
        found.set(key, { vtep, interface: one, type, routes });
      }
      return [...found.values()];
    });
}

/** VXLAN tunnels of the switch: one for each remote VTEP, whatever goes through it. */
export function vtepsOf(view: View): Ipv4[] {
  return [...new Set(destinationsOf(view).map(({ vtep }) => vtep))].sort();
}

/** An index as SR Linux gives its VXLAN destinations: a number of our own making, the same for the same VTEP. */
export function indexOf(name: string): number {
  return hashText(`vxlan destination ${name}`);
}
