import type { SwitchConfig } from '../../../lab/switch-config.ts';

/**
 * What we ask of a switch, as paths of SR Linux 25.3, all in the datastore "state". The real suite holds each of them
 * against Nokia's published models.
 */
export const statePaths = {
  neighbors: (instance: string) =>
    `/network-instance[name=${instance}]/protocols/bgp/neighbor[peer-address=*]`,
  bfd: () => '/bfd/network-instance[name=*]',
  interface: (name: string) => `/interface[name=${name}]`,
  lastChanges: () => '/interface[name=*]/last-change',
  operStates: () => '/interface[name=*]/oper-state',
  counters: () => '/interface[name=*]/statistics',
  memberships: () => '/network-instance[name=*]/interface',
  routeTable: (instance: string) => `/network-instance[name=${instance}]/route-table`,
  ribIpv4: (instance: string) =>
    `/network-instance[name=${instance}]/bgp-rib/afi-safi[afi-safi-name=ipv4-unicast]/ipv4-unicast`,
  ribEvpn: (instance: string) =>
    `/network-instance[name=${instance}]/bgp-rib/afi-safi[afi-safi-name=evpn]/evpn`,
  attributes: (instance: string) => `/network-instance[name=${instance}]/bgp-rib/attr-sets`,
  macs: (instance: string) => `/network-instance[name=${instance}]/bridge-table/mac-table`,
  neighborCache: (irb: string, index: number) =>
    `/interface[name=${irb}]/subinterface[index=${index}]/ipv4/arp`,
} as const;

/** Names of a path without keys: "/interface[name=x]/statistics" → interface, statistics. */
export function namesOf(path: string): string[] {
  return path
    .replace(/\[[^\]]*\]/g, '')
    .split('/')
    .filter(name => name !== '');
}

/** The instances whose sessions and routes are followed. */
export function bgpInstances({ networkInstances }: SwitchConfig): string[] {
  return networkInstances.filter(({ bgp }) => bgp !== undefined).map(({ name }) => name);
}

export function routedInstances({ networkInstances }: SwitchConfig): string[] {
  return networkInstances.filter(({ type }) => type !== 'mac-vrf').map(({ name }) => name);
}
