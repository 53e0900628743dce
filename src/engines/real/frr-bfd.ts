import { type Lab, type SwitchNode, switchesOf } from '../../lab/lab.ts';
import type {
  BgpNeighborConfig,
  DynamicNeighborConfig,
  NetworkInstanceConfig,
  SwitchConfig,
} from '../../lab/switch-config.ts';
import type { Ipv4 } from '../../net/address.ts';
import {
  addressOf,
  containsAddress,
  type Ipv4InterfaceAddress,
  lengthOf,
  networkOf,
} from '../../net/prefix.ts';

/** The timers of each subinterface: changed here, they change for the sessions that run. */
export function bfdSection(node: SwitchNode, lab: Lab): string[] {
  const { config } = node;
  const hosts = hostsBehind(node, lab);
  const profiles = config.bfd.filter(({ adminState }) => adminState);
  if (profiles.length === 0) return [];
  return [
    'bfd',
    ...profiles.flatMap(each => [
      ` profile ${each.subinterface}`,
      `  detect-multiplier ${each.detectionMultiplier}`,
      `  receive-interval ${each.requiredMinimumReceive}`,
      `  transmit-interval ${each.desiredMinimumTransmit}`,
      ' exit',
    ]),
    ...config.networkInstances.flatMap(
      vrf => vrf.bgp?.dynamicNeighbors.flatMap(each => awaitedPeers(config, vrf, each, hosts)) ?? [],
    ),
    'exit',
  ];
}

/**
 * When BFD goes down bgpd forgets a dynamic neighbour and BFD with it; the other side's bgpd would wait for BFD for ever.
 * So the switch goes on looking for the hosts behind its ports.
 */
function awaitedPeers(
  config: SwitchConfig,
  vrf: NetworkInstanceConfig,
  { bfd, prefix, localAddress }: DynamicNeighborConfig,
  hosts: readonly Ipv4[],
): string[] {
  const profile = bfd ? bfdProfileOf(config, vrf, localAddress) : undefined;
  if (profile === undefined || localAddress === undefined) return [];
  return hosts
    .filter(host => containsAddress(prefix, host))
    .flatMap(host => [
      ` peer ${host} multihop local-address ${localAddress} vrf ${vrf.name}`,
      `  profile ${profile}`,
      ' exit',
    ]);
}

/** Addresses of the Kubernetes nodes that are plugged into the switch. */
function hostsBehind({ name }: SwitchNode, { links, nodes }: Lab): Ipv4[] {
  return links
    .filter(({ a, b }) => a.node === name || b.node === name)
    .flatMap(({ a, b }) => {
      const end = a.node === name ? b : a;
      const host = nodes.find(each => each.name === end.node);
      if (host?.kind !== 'cluster-node') return [];
      return host.attachments
        .filter(({ port }) => port === end.port)
        .map(({ address }) => addressOf(address));
    });
}

/** BFD of a neighbour or group. */
export function bfdLines(prefix: string, profile: string | undefined): string[] {
  return profile === undefined ? [] : [`${prefix} bfd`, `${prefix} bfd profile ${profile}`];
}

/**
 * The profile of a session that both ends want BFD for. Turning it off at one end takes no session down (RFC 5882
 * section 4.2), but FRR at the other end would close it and wait for BFD for ever: so it is turned off at both.
 */
export function sharedProfileOf(
  node: SwitchNode,
  instance: NetworkInstanceConfig,
  neighbor: BgpNeighborConfig,
  lab: Lab,
): string | undefined {
  const profile = neighbor.bfd
    ? bfdProfileOf(node.config, instance, neighbor.localAddress, neighbor.peerAddress)
    : undefined;
  if (profile === undefined) return undefined;
  const local =
    neighbor.localAddress ??
    addressesOf(node.config).find(address => sameSubnet(address, neighbor.peerAddress));
  if (local === undefined) return profile;
  for (const other of switchesOf(lab)) {
    if (
      other.name === node.name ||
      !addressesOf(other.config).some(each => addressOf(each) === neighbor.peerAddress)
    )
      continue;
    for (const theirs of other.config.networkInstances) {
      const session = theirs.bgp?.neighbors.find(({ peerAddress }) => peerAddress === addressOf(local));
      if (session === undefined) continue;
      const { localAddress, peerAddress, bfd } = session;
      if (!bfd || bfdProfileOf(other.config, theirs, localAddress, peerAddress) === undefined)
        return undefined;
    }
  }
  return profile;
}

function addressesOf({ interfaces }: SwitchConfig): Ipv4InterfaceAddress[] {
  return interfaces
    .flatMap(({ subinterfaces }) => subinterfaces)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

/** The subinterface the session uses; undefined where BFD is not enabled on it. */
export function bfdProfileOf(
  config: SwitchConfig,
  instance: NetworkInstanceConfig,
  local: string | undefined,
  peer?: string,
): string | undefined {
  for (const bfd of config.bfd) {
    if (!bfd.adminState || !instance.interfaces.includes(bfd.subinterface)) continue;
    const addresses = config.interfaces
      .flatMap(each => each.subinterfaces)
      .filter(each => each.name === bfd.subinterface)
      .flatMap(each => each.addresses.map(({ address }) => address));
    const fits = addresses.some(address => {
      const own = address.slice(0, address.indexOf('/'));
      return own === local || (peer !== undefined && sameSubnet(address, peer));
    });
    if (fits) return bfd.subinterface;
  }
  return undefined;
}

function sameSubnet(address: Ipv4InterfaceAddress, peer: Ipv4): boolean {
  return lengthOf(address) < 32 && containsAddress(networkOf(address), peer);
}
