import { containsPrefix, networkOf } from '../../../net/prefix.ts';
import { expectedOneOf } from '../suggestion.ts';
import { checkBgp } from './check-bgp.ts';
import type { ConfigContainer, ConfigTree, Position } from './config-tree.ts';
import type { Findings } from './findings.ts';
import { typeOf } from './network-instance-config.ts';
import { containerAt, type Entry, entriesOf, leafOf, placeOf, textOf } from './tree-reading.ts';

/** Network-instances: what they are made of, what they run, and that their addresses do not clash. */
export function checkNetworkInstances(
  found: Findings,
  tree: ConfigTree,
  subinterfaces: ReadonlyMap<string, Entry>,
): void {
  const owners = new Map<string, string[]>();
  for (const instance of entriesOf(tree, 'network-instance'))
    checkInstance(found, tree, instance, subinterfaces, owners);
  checkAddresses(found, tree, subinterfaces);
}

function checkInstance(
  found: Findings,
  tree: ConfigTree,
  { key: name, node }: Entry,
  subinterfaces: ReadonlyMap<string, Entry>,
  owners: Map<string, string[]>,
): void {
  const type = typeOf(node);
  if (name === 'default' && type !== 'default')
    found.error('bad-value', placeOf(node), 'the network-instance default can only have the type default');
  if (name !== 'default' && type === 'default')
    found.error(
      'bad-value',
      placeOf(node),
      `network-instance ${name} needs a type`,
      'type ip-vrf or type mac-vrf',
    );
  for (const { key, node: entry } of entriesOf(node, 'interface')) {
    const subinterface = subinterfaces.get(key);
    if (subinterface === undefined) {
      if (key.startsWith('mgmt0')) continue;
      found.error(
        'undefined-interface',
        placeOf(entry),
        `network-instance ${name} uses ${key}, which is not configured`,
        expectedOneOf(key, [...subinterfaces.keys()]),
      );
      continue;
    }
    checkMembership(found, placeOf(entry), key, subinterface.node, name, type, owners);
  }
  checkVxlan(found, tree, name, type, node);
  const bgp = containerAt(node, 'protocols', 'bgp');
  if (bgp !== undefined) checkBgp(found, tree, name, bgp);
}

function checkMembership(
  found: Findings,
  at: Position,
  subinterface: string,
  node: ConfigContainer,
  instance: string,
  type: string,
  owners: Map<string, string[]>,
): void {
  const irb = subinterface.startsWith('irb');
  const bridged = textOf(node, 'type') === 'bridged';
  if (type === 'mac-vrf' && !bridged && !irb)
    found.error(
      'wrong-type',
      at,
      `${subinterface} is routed and cannot be in the mac-vrf ${instance}`,
      'type bridged, or an irb',
    );
  if (type !== 'mac-vrf' && bridged)
    found.error(
      'wrong-type',
      at,
      `${subinterface} is bridged and cannot be in ${instance}, which routes`,
      'type routed',
    );
  const side = irb && type === 'mac-vrf' ? `${subinterface} bridge` : subinterface;
  const before = owners.get(side) ?? [];
  if (before.length > 0)
    found.error('duplicate-interface', at, `${subinterface} is already in network-instance ${before[0]}`);
  owners.set(side, [...before, instance]);
}

function checkVxlan(
  found: Findings,
  tree: ConfigTree,
  name: string,
  type: string,
  node: ConfigContainer,
): void {
  const known = new Map<string, ConfigContainer>();
  for (const tunnel of entriesOf(tree, 'tunnel-interface'))
    for (const entry of entriesOf(tunnel.node, 'vxlan-interface'))
      known.set(`${tunnel.key}.${entry.key}`, entry.node);
  const own = entriesOf(node, 'vxlan-interface');
  for (const { key, node: entry } of own) {
    const vxlan = known.get(key);
    const wanted = type === 'mac-vrf' ? 'bridged' : 'routed';
    if (vxlan === undefined)
      found.error(
        'undefined-vxlan-interface',
        placeOf(entry),
        `network-instance ${name} uses ${key}, which is not configured`,
        expectedOneOf(key, [...known.keys()]),
      );
    else if (textOf(vxlan, 'type') !== undefined && textOf(vxlan, 'type') !== wanted)
      found.error('wrong-type', placeOf(entry), `${key} cannot be in the ${type} ${name}`, `type ${wanted}`);
  }
  for (const { node: instance } of entriesOf(node, 'protocols', 'bgp-evpn', 'bgp-instance')) {
    const vxlan = leafOf(instance, 'vxlan-interface');
    if (vxlan === undefined)
      found.error(
        'missing-statement',
        placeOf(instance),
        `bgp-evpn of ${name} needs a vxlan-interface`,
        'vxlan-interface vxlan1.N',
      );
    else if (!own.some(entry => entry.key === vxlan.value))
      found.error(
        'undefined-vxlan-interface',
        vxlan.at,
        `bgp-evpn of ${name} uses ${vxlan.value}, which is not in this network-instance`,
        expectedOneOf(
          vxlan.value,
          own.map(entry => entry.key),
        ),
      );
    if (leafOf(instance, 'evi') === undefined)
      found.error('missing-statement', placeOf(instance), `bgp-evpn of ${name} needs an EVI`, 'evi N');
    if (entriesOf(node, 'protocols', 'bgp-vpn', 'bgp-instance').length === 0)
      found.error(
        'missing-statement',
        placeOf(instance),
        `bgp-evpn of ${name} needs a bgp-vpn instance too`,
        'protocols bgp-vpn bgp-instance 1',
      );
  }
}

/** One address once per network-instance, and no subnet inside another. */
function checkAddresses(found: Findings, tree: ConfigTree, subinterfaces: ReadonlyMap<string, Entry>): void {
  for (const { key: instance, node } of entriesOf(tree, 'network-instance')) {
    if (typeOf(node) === 'mac-vrf') continue;
    const seen: { subinterface: string; address: string }[] = [];
    for (const { key: subinterface } of entriesOf(node, 'interface')) {
      for (const address of entriesOf(subinterfaces.get(subinterface)?.node, 'ipv4', 'address')) {
        const clash = seen.find(other => overlap(other.address, address.key));
        if (clash !== undefined)
          found.error(
            'overlapping-address',
            placeOf(address.node),
            `${address.key} of ${subinterface} overlaps ${clash.address} of ${clash.subinterface} in ${instance}`,
          );
        seen.push({ subinterface, address: address.key });
      }
    }
  }
}

function overlap(a: string, b: string): boolean {
  return containsPrefix(networkOf(a), networkOf(b)) || containsPrefix(networkOf(b), networkOf(a));
}
