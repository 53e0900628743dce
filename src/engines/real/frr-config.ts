import type { Lab, SwitchNode } from '../../lab/lab.ts';
import type {
  BgpConfig,
  BgpFamilyName,
  BgpNeighborConfig,
  BgpSessionConfig,
  DynamicNeighborConfig,
  NetworkInstanceConfig,
  SwitchConfig,
} from '../../lab/switch-config.ts';
import type { Asn } from '../../net/asn.ts';
import { isVrf, loopbackOf, vniOf } from './device-names.ts';
import { bfdLines, bfdProfileOf, bfdSection, sharedProfileOf } from './frr-bfd.ts';
import { policySections, policyUses, routeMapLines, untranslatedPolicies } from './frr-policies.ts';

/** What a switch's SR Linux configuration is in FRR's words: one file, as `vtysh -c "show running-config"` shows it. */
export function frrConfigOf(node: SwitchNode, lab: Lab): string {
  const { config } = node;
  const profileOf: ProfileOf = (instance, neighbor) => sharedProfileOf(node, instance, neighbor, lab);
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
    bfdSection(node, lab),
    ...policySections(config, config.networkInstances.flatMap(policyUses)),
    ...config.networkInstances
      .filter(each => each.type === 'default')
      .map(each => bgpSection(config, each, profileOf)),
    ...config.networkInstances.filter(isVrf).map(vrf => vrfBgpSection(config, vrf, profileOf)),
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
    configs.set(node.name, read(frrConfigPath(node)) ?? frrConfigOf(node, lab));
  }
  return configs;
}

/** Why this lab cannot be built on FRR: what a configuration without a file of its own for FRR asks; undefined: it can. */
export function untranslatedIn(lab: Lab, configs: ReadonlyMap<string, string>): string | undefined {
  for (const node of lab.nodes) {
    if (node.kind !== 'switch' || configs.get(node.name) !== frrConfigOf(node, lab)) continue;
    const [problem] = untranslated(node.config);
    if (problem !== undefined)
      return `${node.name}: ${problem}. Change ${node.configFile ?? 'its configuration'}, or write ${frrConfigPath(node)} by hand: it is used as it is`;
  }
  return undefined;
}

/** What a configuration asks that FRR, as this lab runs it, cannot; sentences. */
export function untranslated(config: SwitchConfig): string[] {
  return config.networkInstances.flatMap(instance => [
    ...untranslatedPolicies(config, instance, policyUses(instance)),
    ...(instance.staticRoutes.length === 0
      ? []
      : [`${instance.name} has static routes: the daemon that would set them does not run in this lab`]),
  ]);
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

/**
 * The AS of the process. FRR gives an iBGP session by `local-as` no routes, so the overlay's AS becomes the process's
 * own and the underlay's becomes `local-as` of its sessions: the same AS paths.
 */
function processAs(bgp: BgpConfig): Asn {
  const overlay = bgp.neighbors.find(({ localAs, peerAs }) => localAs === peerAs);
  return overlay?.localAs ?? bgp.autonomousSystem;
}

/** The BFD profile of a session. */
type ProfileOf = (instance: NetworkInstanceConfig, neighbor: BgpNeighborConfig) => string | undefined;

function bgpSection(config: SwitchConfig, instance: NetworkInstanceConfig, profileOf: ProfileOf): string[] {
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
      .flatMap(each => neighborLines(each, own, profileOf(instance, each))),
    ' address-family ipv4 unicast',
    '  redistribute connected',
    ...multipathLines(bgp),
    ...inFamily('ipv4-unicast').flatMap(each => familyLines(config, bgp, each, 'ipv4-unicast')),
    ' exit-address-family',
    ...(evpn.length === 0
      ? []
      : [
          ' address-family l2vpn evpn',
          ...evpn.flatMap(each => familyLines(config, bgp, each, 'evpn')),
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

function vrfBgpSection(config: SwitchConfig, vrf: NetworkInstanceConfig, profileOf: ProfileOf): string[] {
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
      .flatMap(each => neighborLines(each, asn, profileOf(vrf, each))),
    ...groups.flatMap(group => [
      ` neighbor ${group.group} peer-group`,
      ` neighbor ${group.group} remote-as ${peerAsOf(dynamic.filter(each => each.group === group.group))}`,
      ...(group.localAddress === undefined
        ? []
        : [` neighbor ${group.group} update-source ${group.localAddress}`]),
      ...(group.ttl > 1 ? [` neighbor ${group.group} ebgp-multihop ${group.ttl}`] : []),
      timersLine(` neighbor ${group.group}`, group),
      ...bfdLines(
        ` neighbor ${group.group}`,
        group.bfd ? bfdProfileOf(config, vrf, group.localAddress) : undefined,
      ),
    ]),
    ...dynamic.map(each => ` bgp listen range ${each.prefix} peer-group ${each.group}`),
    ' address-family ipv4 unicast',
    '  redistribute connected',
    ...(bgp === undefined ? ['  maximum-paths 16'] : multipathLines(bgp)),
    ...(bgp === undefined
      ? []
      : bgp.neighbors
          .filter(each => each.adminState)
          .flatMap(each => familyLines(config, bgp, each, 'ipv4-unicast'))),
    ...(bgp === undefined
      ? []
      : groups.flatMap(group => [
          `  neighbor ${group.group} activate`,
          ...(group.nextHopSelf ? [`  neighbor ${group.group} next-hop-self`] : []),
          ...(group.sendDefaultRoute ? [`  neighbor ${group.group} default-originate`] : []),
          ...routeMapLines(config, bgp, group, `  neighbor ${group.group}`, 'ipv4-unicast'),
        ])),
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
    // SR Linux offers none unless it is configured; to a peer that does, FRR's bgpd says nothing when it ends.
    ' bgp graceful-restart-disable',
    ' bgp bestpath as-path multipath-relax',
    ' no bgp default ipv4-unicast',
  ];
}

function neighborLines(neighbor: BgpNeighborConfig, own: Asn, profile: string | undefined): string[] {
  const { peerAddress, localAs, peerAs, localAddress } = neighbor;
  const prefix = ` neighbor ${peerAddress}`;
  return [
    `${prefix} remote-as ${peerAs}`,
    ...(localAs === own ? [] : [`${prefix} local-as ${localAs} no-prepend replace-as`]),
    ...(localAddress === undefined ? [] : [`${prefix} update-source ${localAddress}`]),
    ...(localAs !== peerAs && neighbor.ttl > 1 ? [`${prefix} ebgp-multihop ${neighbor.ttl}`] : []),
    ...(neighbor.passive ? [`${prefix} passive`] : []),
    timersLine(prefix, neighbor),
    `${prefix} timers connect 1`,
    ...bfdLines(prefix, profile),
  ];
}

/** FRR accepts one AS of a group, or any other than its own. */
function peerAsOf(group: readonly DynamicNeighborConfig[]): string {
  const ranges = group.flatMap(({ allowedPeerAs }) => allowedPeerAs);
  const [first] = ranges;
  const one = first !== undefined && ranges.every(({ from, to }) => from === first.from && to === first.from);
  return one ? `${first.from}` : 'external';
}

function timersLine(prefix: string, { timers }: BgpSessionConfig): string {
  return `${prefix} timers ${Math.round(timers.keepaliveInterval / 1000)} ${Math.round(timers.holdTime / 1000)}`;
}

function multipathLines(bgp: BgpConfig): string[] {
  const family = bgp.families.find(({ name }) => name === 'ipv4-unicast');
  return [
    `  maximum-paths ${family?.multipath.ebgp ?? 1}`,
    // Paths by two reflectors to two leaves are iBGP paths: FRR counts them apart.
    '  maximum-paths ibgp 16',
  ];
}

function familyLines(
  config: SwitchConfig,
  bgp: BgpConfig,
  neighbor: BgpNeighborConfig,
  family: BgpFamilyName,
): string[] {
  const prefix = `  neighbor ${neighbor.peerAddress}`;
  return [
    `${prefix} activate`,
    ...(neighbor.routeReflectorClient ? [`${prefix} route-reflector-client`] : []),
    ...(neighbor.nextHopSelf && !neighbor.routeReflectorClient ? [`${prefix} next-hop-self`] : []),
    ...(neighbor.sendDefaultRoute && family === 'ipv4-unicast' ? [`${prefix} default-originate`] : []),
    ...routeMapLines(config, bgp, neighbor, prefix, family),
  ];
}

function targetLines(indent: string, { bgpVpn }: NetworkInstanceConfig): string[] {
  const plain = (target: string) => target.replace(/^target:/, '');
  return [
    ...(bgpVpn?.importRouteTargets ?? []).map(target => `${indent}route-target import ${plain(target)}`),
    ...(bgpVpn?.exportRouteTargets ?? []).map(target => `${indent}route-target export ${plain(target)}`),
  ];
}
