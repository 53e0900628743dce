import type { LinkImpaired } from '../../lab/fault.ts';
import type { Attachment, ClusterNode, Lab, LabLink, LinkEnd, SwitchNode } from '../../lab/lab.ts';
import type {
  HashConfig,
  NetworkInstanceConfig,
  SubinterfaceConfig,
  SwitchConfig,
} from '../../lab/switch-config.ts';
import { commandText, withInput } from '../../programs/shell-text.ts';
import {
  bridgeName,
  deviceOf,
  isVrf,
  loopbackOf,
  placeOfPort,
  routerMac,
  vniOf,
  vrfOfBridge,
} from '../real/device-names.ts';
import { hashFieldsOf } from '../real/hash-fields.ts';

/** Name of a network namespace: a node's own, or a tenant's on a switch. */
export function netnsOf(node: string, vrf?: string): string {
  return vrf === undefined ? node : `${node}.${vrf}`;
}

/** The namespace in which the kernel has that port of a node: a bridged port is where its bridge is. */
export function netnsOfEnd(lab: Lab, end: LinkEnd): string {
  const node = lab.nodes.find(({ name }) => name === end.node);
  if (node?.kind !== 'switch') return netnsOf(end.node);
  const place = placeOfPort(node.config, end.port);
  return netnsOf(node.name, place.vrf);
}

/** What netem does to all that leaves an end (tc-netem(8)); undefined: nothing any more. */
export function netemScript(lab: Lab, end: LinkEnd, impaired: LinkImpaired | undefined): string {
  const tc = (verb: string, ...words: string[]) =>
    commandText([
      'tc',
      '-n',
      netnsOfEnd(lab, end),
      'qdisc',
      verb,
      'dev',
      deviceOf(end.port),
      'root',
      ...words,
    ]);
  if (impaired === undefined) return tc('del');
  const { delayMs, jitterMs, lossPercent } = impaired;
  return tc('replace', 'netem', 'delay', `${delayMs}ms`, `${jitterMs}ms`, 'loss', `${lossPercent}%`);
}

/** Makes a switch: its namespaces, loopbacks, bridges and tunnels. The ports come with the links. */
export function switchScript(node: SwitchNode, index: number): string {
  const { config } = node;
  const own = netnsOf(node.name);
  const vrfs = config.networkInstances.filter(isVrf);
  const lines = [`netns add ${own}`, ...vrfs.map(vrf => `netns add ${netnsOf(node.name, vrf.name)}`)];
  const blocks = [withInput('ip -batch -', lines.join('\n'))];
  blocks.push(sysctlScript(own, config.hash), batch(own, loopbackLines(config, 'system0')));
  for (const vrf of vrfs) {
    const netns = netnsOf(node.name, vrf.name);
    blocks.push(sysctlScript(netns, config.hash), tenantScript(node, vrf, index));
    blocks.push(unpinnedTunnels(netns, vniOf(config, vrf)));
  }
  return blocks.join('\n');
}

function loopbackLines(config: SwitchConfig, prefix: string): string[] {
  const addresses = config.interfaces
    .filter(({ name }) => name.startsWith(prefix))
    .flatMap(each => each.subinterfaces)
    .flatMap(each => each.addresses);
  return ['link set lo up', ...addresses.map(({ address }) => `addr add ${address} dev lo`)];
}

/** The tenant's bridges: one for its own VNI, one for every bridge domain that has an irb in it. */
function tenantScript(node: SwitchNode, vrf: NetworkInstanceConfig, index: number): string {
  const { config } = node;
  const own = netnsOf(node.name);
  const netns = netnsOf(node.name, vrf.name);
  const vtep = loopbackOf(config);
  const bridges = config.networkInstances.filter(
    each => each.type === 'mac-vrf' && vrfOfBridge(config, each) === vrf,
  );
  const outside: string[] = [];
  const inside = [
    'link set lo up',
    ...vrfLoopbacks(config, vrf).map(address => `addr add ${address} dev lo`),
  ];
  const tunnel = (vni: number, bridge: string, suppress: boolean) => {
    // Made where the underlay is, moved to where the bridge is: encapsulation stays in the switch's own namespace.
    outside.push(
      `link add vxlan${vni} mtu 4900 type vxlan id ${vni} local ${vtep} dstport 4789 nolearning`,
      `link set vxlan${vni} netns ${netns}`,
    );
    inside.push(
      `link set vxlan${vni} master ${bridge} addrgenmode none`,
      `link set dev vxlan${vni} type bridge_slave learning off${suppress ? ' neigh_suppress on' : ''}`,
      `link set vxlan${vni} up`,
    );
  };
  const vni = vniOf(config, vrf);
  if (vni !== undefined) {
    inside.push(
      `link add br${vni} mtu 4900 address ${routerMac(index, vni)} type bridge stp_state 0 forward_delay 0`,
      `link set br${vni} up`,
    );
    tunnel(vni, `br${vni}`, false);
  }
  for (const bridge of bridges) {
    const name = bridgeName(config, bridge);
    const irbs = subinterfacesOf(
      config,
      bridge.interfaces.filter(each => each.startsWith('irb')),
    );
    const mac = irbs.find(each => each.anycastGatewayMac !== undefined)?.anycastGatewayMac;
    inside.push(
      `link add ${name} mtu 4900 ${mac === undefined ? '' : `address ${mac} `}type bridge stp_state 0 forward_delay 0`,
      ...irbs.flatMap(each => each.addresses.map(({ address }) => `addr add ${address} dev ${name}`)),
      `link set ${name} up`,
    );
    const bridged = vniOf(config, bridge);
    if (bridged !== undefined) tunnel(bridged, name, true);
  }
  return [batch(own, outside), batch(netns, inside)].join('\n');
}

function vrfLoopbacks(config: SwitchConfig, vrf: NetworkInstanceConfig): string[] {
  return subinterfacesOf(
    config,
    vrf.interfaces.filter(name => name.startsWith('lo')),
  ).flatMap(each => each.addresses.map(({ address }) => address));
}

function subinterfacesOf(config: SwitchConfig, names: readonly string[]): SubinterfaceConfig[] {
  return config.interfaces.flatMap(each => each.subinterfaces).filter(each => names.includes(each.name));
}

/**
 * The kernel keeps one path for each tunnel end, so that all its flows would use one spine; a packet with a mark is
 * looked up anew.
 */
function unpinnedTunnels(netns: string, vni: number | undefined): string {
  if (vni === undefined) return ':';
  const rules = `table ip unpin {
  chain out { type route hook output priority 0; oifname "br${vni}" meta mark set 1; }
  chain through { type filter hook postrouting priority 0; oifname "br${vni}" meta mark set 1; }
}`;
  return withInput(`nsenter --net=/run/netns/${netns} nft -f -`, rules);
}

/** A veth pair for a link of the lab, with addresses on the ends that are routed. */
export function linkScript(lab: Lab, link: LabLink): string {
  const ends = [link.a, link.b].map(end => ({
    ...end,
    netns: netnsOfEnd(lab, end),
    device: deviceOf(end.port),
  }));
  const [a, b] = ends;
  if (a === undefined || b === undefined) return ':';
  const mtu = link.role === 'fabric' ? 5000 : 9500;
  const make = `link add ${a.device} netns ${a.netns} mtu ${mtu} type veth peer name ${b.device} netns ${b.netns} mtu ${mtu}`;
  return [
    withInput('ip -batch -', make),
    ...ends.map(end => batch(end.netns, endLines(lab, end))),
    ...ends.map(end => lossTable(end.netns)),
  ].join('\n');
}

function endLines(
  lab: Lab,
  end: { readonly node: string; readonly port: string; readonly device: string },
): string[] {
  const node = lab.nodes.find(({ name }) => name === end.node);
  if (node?.kind === 'switch') {
    const { bridge } = placeOfPort(node.config, end.port);
    const addresses = node.config.interfaces
      .filter(({ name }) => name === end.port)
      .flatMap(each => each.subinterfaces)
      .flatMap(each => each.addresses);
    return [
      ...(bridge === undefined
        ? addresses.map(({ address }) => `addr add ${address} dev ${end.device}`)
        : [`link set ${end.device} master ${bridgeName(node.config, bridge)}`]),
      `link set ${end.device} up`,
    ];
  }
  const mac = node === undefined ? 0 : lab.nodes.indexOf(node) + 1;
  return [
    `link set ${end.device} address 02:00:00:00:01:${mac.toString(16).padStart(2, '0')}`,
    `link set ${end.device} up`,
  ];
}

/** Silent loss is a rule on what comes in: the table stands ready, empty. */
function lossTable(netns: string): string {
  return `nsenter --net=/run/netns/${netns} nft add table netdev loss`;
}

/** The node's end of a join: address and routes, as `docker exec <node> ip …` sets them. */
export function attachScript(node: ClusterNode, attachment: Attachment): string {
  const netns = netnsOf(node.name);
  const { address, gateway, port, routes } = attachment;
  const targets = routes ?? ['default'];
  return batch(netns, [
    `addr replace ${address} dev ${deviceOf(port)}`,
    ...(gateway === undefined ? [] : targets.map(target => `route replace ${target} via ${gateway}`)),
  ]);
}

/** fib_multipath_hash_policy 3 with the fields the switch hashes: a flow's path is a function of its 5-tuple alone. */
export function sysctlScript(netns: string, hash?: HashConfig): string {
  const fields = hashFieldsOf(hash);
  const settings: (readonly [string, number])[] = [
    ['ipv4/ip_forward', 1],
    ['ipv4/conf/all/rp_filter', 0],
    ['ipv4/conf/default/rp_filter', 0],
    ['ipv4/fib_multipath_hash_policy', 3],
    ['ipv4/fib_multipath_hash_fields', fields],
    ['ipv4/conf/all/ignore_routes_with_linkdown', 1],
    ['ipv4/conf/default/ignore_routes_with_linkdown', 1],
    ['ipv4/ip_unprivileged_port_start', 0],
    ['ipv4/icmp_ratelimit', 0],
    ['ipv6/conf/all/disable_ipv6', 1],
    ['ipv6/conf/default/disable_ipv6', 1],
    ...(hash?.seed === undefined ? [] : [['ipv4/fib_multipath_hash_seed', hash.seed] as const]),
  ];
  const writes = settings
    .map(([name, value]) => `echo ${value} 2>/dev/null >/proc/sys/net/${name}`)
    .join('; ');
  return commandText(['nsenter', `--net=/run/netns/${netns}`, 'sh', '-c', `${writes}; true`]);
}

/** `ip -batch` in a namespace. */
export function batch(netns: string, lines: readonly string[]): string {
  return lines.length === 0 ? ':' : withInput(`ip -n ${netns} -batch -`, lines.join('\n'));
}
