import type { Lab, SwitchNode } from '../../lab/lab.ts';
import type {
  BgpConfig,
  BgpNeighborConfig,
  NetworkInstanceConfig,
  PrefixSetConfig,
  RoutingPolicyConfig,
  SwitchConfig,
} from '../../lab/switch-config.ts';
import type { Asn } from '../../net/asn.ts';
import { lengthOf } from '../../net/prefix.ts';
import { isVrf, loopbackOf, vniOf } from '../real/device-names.ts';

/** What a switch's SR Linux configuration is in FRR's words: one file, as `vtysh -c "show running-config"` shows it. */
export function frrConfigOf(node: SwitchNode): string {
  const { config } = node;
  const sections = [
    [
      `! ${node.name}: what ${node.configFile ?? 'its configuration'} says, in FRR's words (FRR 10).`,
      'frr defaults datacenter',
      `hostname ${node.name}`,
      'log timestamp precision 6',
      '! The kernel hears of every change of a route: forwarding can be followed live.',
      'no zebra nexthop kernel enable',
      'ip nht resolve-via-default',
    ],
    ...config.networkInstances.filter(isVrf).map(vrf => vrfSection(config, vrf)),
    ...config.prefixSets.map(prefixList),
    ...config.policies.map(policy => routeMap(policy)),
    ...config.networkInstances.filter(each => each.type === 'default').map(each => bgpSection(config, each)),
    ...config.networkInstances.filter(isVrf).map(vrf => vrfBgpSection(config, vrf)),
  ];
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n!\n')}\n`;
}

/** The configurations of all switches of a lab, by name: the file beside the SR Linux one where there is one, else made from it. */
export function frrConfigsOf(lab: Lab, read: (path: string) => string | undefined): Map<string, string> {
  const configs = new Map<string, string>();
  for (const node of lab.nodes) {
    if (node.kind !== 'switch') continue;
    configs.set(node.name, read(frrConfigPath(node)) ?? frrConfigOf(node));
  }
  return configs;
}

/** "fabric/frr/LEAF-DC-1.conf" for "fabric/LEAF-DC-1.cfg". */
export function frrConfigPath(node: SwitchNode): string {
  const file = node.configFile ?? `fabric/${node.name}.cfg`;
  const slash = file.lastIndexOf('/');
  const name = file.slice(slash + 1).replace(/\.[^.]*$/, '');
  return `${file.slice(0, slash + 1)}frr/${name}.conf`;
}

function vrfSection(config: SwitchConfig, vrf: NetworkInstanceConfig): string[] {
  const vni = vniOf(config, vrf);
  return [
    `vrf ${vrf.name}`,
    ...(vni === undefined ? [] : [` vni ${vni}`]),
    ' ip nht resolve-via-default',
    'exit-vrf',
  ];
}

function prefixList({ name, entries }: PrefixSetConfig): string[] {
  return entries.map(({ prefix, from, to }, index) => {
    const length = lengthOf(prefix);
    const range = `${from > length ? ` ge ${from}` : ''}${to > from || from > length ? ` le ${to}` : ''}`;
    return `ip prefix-list ${name} seq ${(index + 1) * 10} permit ${prefix}${range}`;
  });
}

/** FRR asks the entries of a route-map in order and denies what none of them takes. */
function routeMap(policy: RoutingPolicyConfig): string[] {
  const lines = policy.statements.flatMap((statement, index) => {
    const { match, set, result } = statement;
    const types = match.evpnRouteTypes ?? [undefined];
    return types.flatMap((type, nth) => {
      const goesOn = result === undefined || result === 'next-statement' || result === 'next-policy';
      return [
        `route-map ${policy.name} ${result === 'reject' ? 'deny' : 'permit'} ${(index + 1) * 10 + nth}`,
        ...(match.prefixSet === undefined ? [] : [` match ip address prefix-list ${match.prefixSet}`]),
        ...(type === undefined ? [] : [` match evpn route-type ${evpnTypeNames[type] ?? type}`]),
        ...(set.localPreference === undefined ? [] : [` set local-preference ${set.localPreference}`]),
        ...(set.med === undefined ? [] : [` set metric ${set.med}`]),
        ...(set.asPathPrepend === undefined
          ? []
          : [` set as-path prepend ${Array(set.asPathPrepend.times).fill(set.asPathPrepend.asn).join(' ')}`]),
        ...(set.nextHop === undefined || set.nextHop === 'self' ? [] : [` set ip next-hop ${set.nextHop}`]),
        ...(goesOn ? [' on-match next'] : []),
        'exit',
      ];
    });
  });
  const last = policy.defaultResult === 'accept' ? 'permit' : 'deny';
  return [...lines, `route-map ${policy.name} ${last} 65535`, 'exit'];
}

const evpnTypeNames: Readonly<Record<number, string>> = { 2: 'macip', 3: 'multicast', 5: 'prefix' };

/**
 * The AS of the process. FRR gives an iBGP session by `local-as` no routes, so the overlay's AS becomes the process's
 * own and the underlay's becomes `local-as` of its sessions: the same AS paths.
 */
function processAs(bgp: BgpConfig): Asn {
  const overlay = bgp.neighbors.find(({ localAs, peerAs }) => localAs === peerAs);
  return overlay?.localAs ?? bgp.autonomousSystem;
}

function bgpSection(config: SwitchConfig, instance: NetworkInstanceConfig): string[] {
  const { bgp } = instance;
  if (bgp === undefined || !bgp.adminState) return [];
  const own = processAs(bgp);
  const inFamily = (name: 'ipv4-unicast' | 'evpn') =>
    bgp.neighbors.filter(each => each.adminState && each.families.includes(name));
  const clusterId = bgp.neighbors.find(each => each.clusterId !== undefined)?.clusterId;
  const vtep = loopbackOf(config);
  const bridged = config.networkInstances.filter(each => each.type === 'mac-vrf' && each.bgpEvpn?.adminState);
  const evpn = inFamily('evpn');
  return [
    `router bgp ${own}`,
    ...processLines(bgp),
    ...(clusterId === undefined ? [] : [` bgp cluster-id ${clusterId}`]),
    ...bgp.neighbors
      .filter(each => each.adminState)
      .flatMap(each => neighborLines(config, instance, each, own)),
    ' address-family ipv4 unicast',
    '  redistribute connected',
    ...multipathLines(bgp),
    ...inFamily('ipv4-unicast').flatMap(each => familyLines(each)),
    ' exit-address-family',
    ...(evpn.length === 0
      ? []
      : [
          ' address-family l2vpn evpn',
          ...evpn.flatMap(each => familyLines(each)),
          ...(bridged.length === 0 && !config.networkInstances.some(isVrf) ? [] : ['  advertise-all-vni']),
          ...bridged.flatMap(each => {
            const vni = vniOf(config, each);
            if (vni === undefined) return [];
            return [
              `  vni ${vni}`,
              `   rd ${each.bgpVpn?.routeDistinguisher ?? `${vtep}:${each.bgpEvpn?.evi ?? vni}`}`,
              ...targetLines('   ', each),
              '  exit-vni',
            ];
          }),
          ' exit-address-family',
        ]),
    'exit',
  ];
}

function vrfBgpSection(config: SwitchConfig, vrf: NetworkInstanceConfig): string[] {
  const { bgp, bgpEvpn } = vrf;
  const vtep = loopbackOf(config);
  if (bgp === undefined && bgpEvpn === undefined) return [];
  const asn = bgp?.autonomousSystem ?? processAsOf(config);
  const dynamic = bgp?.dynamicNeighbors ?? [];
  const groups = [...new Map(dynamic.map(each => [each.group, each])).values()];
  const evpn =
    bgpEvpn?.adminState !== true
      ? []
      : [
          ' address-family l2vpn evpn',
          '  advertise ipv4 unicast',
          `  rd ${vrf.bgpVpn?.routeDistinguisher ?? `${vtep}:${bgpEvpn.evi}`}`,
          ...targetLines('  ', vrf),
          ' exit-address-family',
        ];
  return [
    `router bgp ${asn} vrf ${vrf.name}`,
    ...(bgp === undefined ? [' no bgp default ipv4-unicast'] : processLines(bgp)),
    ...(bgp?.neighbors ?? [])
      .filter(each => each.adminState)
      .flatMap(each => neighborLines(config, vrf, each, asn)),
    ...groups.flatMap(group => [
      ` neighbor ${group.group} peer-group`,
      ` neighbor ${group.group} remote-as external`,
      ...(group.localAddress === undefined
        ? []
        : [` neighbor ${group.group} update-source ${group.localAddress}`]),
      ...(group.ttl > 1 ? [` neighbor ${group.group} ebgp-multihop ${group.ttl}`] : []),
      ...(group.bfd && bfdTimersOf(config, vrf, group.localAddress) !== undefined
        ? [` neighbor ${group.group} bfd ${bfdTimersOf(config, vrf, group.localAddress)}`]
        : []),
    ]),
    ...dynamic.map(each => ` bgp listen range ${each.prefix} peer-group ${each.group}`),
    ' address-family ipv4 unicast',
    '  redistribute connected',
    ...(bgp === undefined ? ['  maximum-paths 16'] : multipathLines(bgp)),
    ...(bgp?.neighbors ?? []).filter(each => each.adminState).flatMap(each => familyLines(each)),
    ...groups.flatMap(group => [
      `  neighbor ${group.group} activate`,
      ...group.importPolicies.map(policy => `  neighbor ${group.group} route-map ${policy} in`),
      ...group.exportPolicies.map(policy => `  neighbor ${group.group} route-map ${policy} out`),
    ]),
    ' exit-address-family',
    ...evpn,
    'exit',
  ];
}

function processAsOf(config: SwitchConfig): Asn {
  const bgp = config.networkInstances.find(each => each.type === 'default')?.bgp;
  return bgp === undefined ? 65_000 : processAs(bgp);
}

function processLines(bgp: BgpConfig): string[] {
  const { importRejectAll, exportRejectAll } = bgp.ebgpDefaultPolicy;
  return [
    ` bgp router-id ${bgp.routerId}`,
    ...(importRejectAll || exportRejectAll
      ? [' bgp ebgp-requires-policy']
      : [' no bgp ebgp-requires-policy']),
    ' bgp bestpath as-path multipath-relax',
    ' no bgp default ipv4-unicast',
  ];
}

function neighborLines(
  config: SwitchConfig,
  instance: NetworkInstanceConfig,
  neighbor: BgpNeighborConfig,
  own: Asn,
): string[] {
  const { peerAddress, localAs, peerAs, localAddress, timers } = neighbor;
  const prefix = ` neighbor ${peerAddress}`;
  const bfd = neighbor.bfd ? bfdTimersOf(config, instance, localAddress, peerAddress) : undefined;
  return [
    `${prefix} remote-as ${peerAs}`,
    ...(localAs === own ? [] : [`${prefix} local-as ${localAs} no-prepend replace-as`]),
    ...(localAddress === undefined ? [] : [`${prefix} update-source ${localAddress}`]),
    ...(localAs !== peerAs && neighbor.ttl > 1 ? [`${prefix} ebgp-multihop ${neighbor.ttl}`] : []),
    ...(neighbor.passive ? [`${prefix} passive`] : []),
    `${prefix} timers ${Math.round(timers.keepaliveInterval / 1000)} ${Math.round(timers.holdTime / 1000)}`,
    `${prefix} timers connect 1`,
    ...(bfd === undefined ? [] : [`${prefix} bfd ${bfd}`]),
  ];
}

/** "3 300 300" for the subinterface the session uses; undefined where BFD is not enabled on it. */
function bfdTimersOf(
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
    if (fits) return `${bfd.detectionMultiplier} ${bfd.requiredMinimumReceive} ${bfd.desiredMinimumTransmit}`;
  }
  return undefined;
}

function sameSubnet(address: string, peer: string): boolean {
  const length = lengthOf(address);
  if (length >= 32) return false;
  const bits = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - length);
  return Math.floor(bits(address.slice(0, address.indexOf('/'))) / size) === Math.floor(bits(peer) / size);
}

function multipathLines(bgp: BgpConfig): string[] {
  const family = bgp.families.find(({ name }) => name === 'ipv4-unicast');
  return [
    `  maximum-paths ${family?.multipath.ebgp ?? 1}`,
    // Paths by two reflectors to two leaves are iBGP paths: FRR counts them apart.
    '  maximum-paths ibgp 16',
  ];
}

function familyLines(neighbor: BgpNeighborConfig): string[] {
  const prefix = `  neighbor ${neighbor.peerAddress}`;
  return [
    `${prefix} activate`,
    ...(neighbor.routeReflectorClient ? [`${prefix} route-reflector-client`] : []),
    ...(neighbor.nextHopSelf && !neighbor.routeReflectorClient ? [`${prefix} next-hop-self`] : []),
    ...neighbor.importPolicies.map(policy => `${prefix} route-map ${policy} in`),
    ...neighbor.exportPolicies.map(policy => `${prefix} route-map ${policy} out`),
  ];
}

function targetLines(indent: string, { bgpVpn }: NetworkInstanceConfig): string[] {
  const plain = (target: string) => target.replace(/^target:/, '');
  return [
    ...(bgpVpn?.importRouteTargets ?? []).map(target => `${indent}route-target import ${plain(target)}`),
    ...(bgpVpn?.exportRouteTargets ?? []).map(target => `${indent}route-target export ${plain(target)}`),
  ];
}
