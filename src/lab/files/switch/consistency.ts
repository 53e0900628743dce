import { containsPrefix, lengthOf, networkOf } from '../../../net/prefix.ts';
import type { FileError } from '../../lab-error.ts';
import { expectedOneOf } from '../suggestion.ts';
import type { ConfigContainer, ConfigTree, Position } from './config-tree.ts';
import { Findings } from './findings.ts';
import { typeOf } from './network-instance-config.ts';
import {
  booleanOf,
  containerAt,
  type Entry,
  enabledOf,
  entriesOf,
  leafOf,
  placeOf,
  textOf,
  valuesOf,
} from './tree-reading.ts';

/** What `commit` would refuse or a person would want to know: references to nothing, doubled addresses and tags, missing mandatory leaves. */
export function findInconsistencies(tree: ConfigTree, file: string): FileError[] {
  const found = new Findings(file);
  const subinterfaces = subinterfacesOf(tree);
  for (const [name, entry] of subinterfaces) checkSubinterface(found, tree, name, entry);
  checkVlans(found, tree);
  checkVnis(found, tree);
  const owners = new Map<string, string[]>();
  for (const instance of entriesOf(tree, 'network-instance'))
    checkInstance(found, tree, instance, subinterfaces, owners);
  checkAddresses(found, tree, subinterfaces);
  checkPolicies(found, tree);
  checkBfd(found, tree, subinterfaces);
  return found.all;
}

function subinterfacesOf(tree: ConfigTree): Map<string, Entry> {
  const all = new Map<string, Entry>();
  for (const port of entriesOf(tree, 'interface'))
    for (const entry of entriesOf(port.node, 'subinterface')) all.set(`${port.key}.${entry.key}`, entry);
  return all;
}

function checkSubinterface(found: Findings, tree: ConfigTree, name: string, { key, node }: Entry): void {
  const port = name.slice(0, name.lastIndexOf('.'));
  const type = leafOf(node, 'type');
  if (type !== undefined && !port.startsWith('ethernet') && !port.startsWith('lag'))
    found.error('bad-value', type.at, `${name} can have no type: only ethernet subinterfaces have one`);
  if (port === 'system0' && key !== '0')
    found.error('bad-value', placeOf(node), 'system0 has one subinterface only', 'subinterface 0');
  const mtu = leafOf(node, 'ip-mtu');
  if (mtu !== undefined && (/^(system|lo)/.test(port) || type?.value === 'bridged'))
    found.error(
      'bad-value',
      mtu.at,
      `${name} can have no ip-mtu: only subinterfaces that route packets on a wire have one`,
    );
  const addresses = entriesOf(node, 'ipv4', 'address');
  if (addresses.length > 0 && enabledOf(node, 'ipv4') !== true)
    found.warning(
      'no-effect',
      placeOf(addresses[0]?.node),
      `the addresses of ${name} have no effect while its ipv4 is disabled, which is the default`,
      `set / interface ${port} subinterface ${key} ipv4 admin-state enable`,
    );
  for (const address of addresses) {
    if (type?.value === 'bridged')
      found.error('bad-value', placeOf(address.node), `${name} is bridged and can have no address`);
    if (port === 'system0' && lengthOf(address.key) !== 32)
      found.error(
        'bad-value',
        placeOf(address.node),
        `${address.key} on system0 must be a host address`,
        '…/32',
      );
  }
  const tagging = booleanOf(
    entriesOf(tree, 'interface').find(entry => entry.key === port)?.node,
    'vlan-tagging',
  );
  const vlan = leafOf(node, 'vlan', 'encap', 'single-tagged', 'vlan-id');
  if (vlan !== undefined && tagging !== true)
    found.error(
      'missing-vlan-tagging',
      vlan.at,
      `${name} has VLAN ${vlan.value}, but ${port} does not tag`,
      `set / interface ${port} vlan-tagging true`,
    );
  if (vlan === undefined && tagging === true && containerAt(node, 'vlan', 'encap', 'untagged') === undefined)
    found.error(
      'missing-vlan',
      placeOf(node),
      `${port} tags, so ${name} needs a VLAN`,
      'vlan encap single-tagged vlan-id N',
    );
}

function checkVlans(found: Findings, tree: ConfigTree): void {
  for (const port of entriesOf(tree, 'interface')) {
    const seen = new Map<string, string>();
    for (const { key, node } of entriesOf(port.node, 'subinterface')) {
      const vlan = leafOf(node, 'vlan', 'encap', 'single-tagged', 'vlan-id');
      if (vlan === undefined) continue;
      const before = seen.get(vlan.value);
      if (before !== undefined)
        found.error(
          'duplicate-vlan',
          vlan.at,
          `VLAN ${vlan.value} of ${port.key} is already on subinterface ${before}`,
        );
      else seen.set(vlan.value, key);
    }
  }
}

function checkVnis(found: Findings, tree: ConfigTree): void {
  const seen = new Map<string, string>();
  for (const tunnel of entriesOf(tree, 'tunnel-interface')) {
    for (const { key, node } of entriesOf(tunnel.node, 'vxlan-interface')) {
      const name = `${tunnel.key}.${key}`;
      const vni = leafOf(node, 'ingress', 'vni');
      if (textOf(node, 'type') === undefined)
        found.error(
          'missing-statement',
          placeOf(node),
          `${name} needs a type`,
          'type routed or type bridged',
        );
      if (vni === undefined)
        found.error('missing-statement', placeOf(node), `${name} needs an ingress VNI`, 'ingress vni N');
      else if (seen.has(vni.value))
        found.error('duplicate-vni', vni.at, `VNI ${vni.value} is already used by ${seen.get(vni.value)}`);
      else seen.set(vni.value, name);
    }
  }
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

function checkBgp(found: Findings, tree: ConfigTree, instance: string, bgp: ConfigContainer): void {
  if (leafOf(bgp, 'autonomous-system') === undefined)
    found.error(
      'missing-statement',
      placeOf(bgp),
      `BGP of ${instance} needs an AS number`,
      'protocols bgp autonomous-system N',
    );
  if (leafOf(bgp, 'router-id') === undefined)
    found.error(
      'missing-statement',
      placeOf(bgp),
      `BGP of ${instance} needs a router id`,
      'protocols bgp router-id A.B.C.D',
    );
  const groups = new Map(entriesOf(bgp, 'group').map(({ key, node }) => [key, node]));
  const policies = entriesOf(tree, 'routing-policy', 'policy').map(({ key }) => key);
  checkPolicyUse(found, bgp, policies);
  for (const [name, group] of groups) {
    checkPolicyUse(found, group, policies);
    checkFamilies(found, bgp, `group ${name}`, group, group);
  }
  for (const { key, node } of entriesOf(bgp, 'neighbor')) {
    checkPolicyUse(found, node, policies);
    const group = checkGroupUse(found, groups, node, `neighbor ${key}`);
    if (
      group !== undefined &&
      leafOf(node, 'peer-as') === undefined &&
      leafOf(group, 'peer-as') === undefined
    )
      found.error(
        'missing-statement',
        placeOf(node),
        `neighbor ${key} has no AS number, and its group has none`,
        'peer-as N',
      );
    if (group !== undefined) checkFamilies(found, bgp, `neighbor ${key}`, node, group);
  }
  for (const { key, node } of entriesOf(bgp, 'dynamic-neighbors', 'accept', 'match')) {
    checkGroupUse(found, groups, node, `dynamic-neighbors ${key}`);
    if (valuesOf(node, 'allowed-peer-as') === undefined)
      found.warning(
        'no-effect',
        placeOf(node),
        `no AS is allowed for ${key}, so no session will be accepted`,
        'allowed-peer-as [ N ]',
      );
  }
}

function checkGroupUse(
  found: Findings,
  groups: ReadonlyMap<string, ConfigContainer>,
  node: ConfigContainer,
  what: string,
): ConfigContainer | undefined {
  const group = leafOf(node, 'peer-group');
  if (group === undefined) {
    found.error('missing-statement', placeOf(node), `${what} has no group`, 'peer-group NAME');
    return undefined;
  }
  const known = groups.get(group.value);
  if (known === undefined)
    found.error(
      'undefined-group',
      group.at,
      `${what} is in the group ${group.value}, which is not configured`,
      expectedOneOf(group.value, [...groups.keys()]),
    );
  return known;
}

/** SR Linux wants at least one address family enabled on every session. */
function checkFamilies(
  found: Findings,
  bgp: ConfigContainer,
  what: string,
  node: ConfigContainer,
  group: ConfigContainer,
): void {
  const state = (level: ConfigContainer, family: string) =>
    enabledOf(entriesOf(level, 'afi-safi').find(({ key }) => key === family)?.node);
  const enabled = ['ipv4-unicast', 'evpn'].some(
    family => state(node, family) ?? state(group, family) ?? state(bgp, family) ?? false,
  );
  if (!enabled)
    found.error(
      'no-family',
      placeOf(node),
      `${what} has no address family enabled`,
      'afi-safi ipv4-unicast admin-state enable',
    );
}

function checkPolicyUse(found: Findings, node: ConfigContainer, known: readonly string[]): void {
  for (const direction of ['import-policy', 'export-policy']) {
    const used = valuesOf(node, direction);
    for (const policy of used?.values ?? []) {
      if (used !== undefined && !known.includes(policy))
        found.error(
          'undefined-policy',
          used.at,
          `${direction} ${policy} is not configured`,
          expectedOneOf(policy, known),
        );
    }
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

function checkPolicies(found: Findings, tree: ConfigTree): void {
  const sets = entriesOf(tree, 'routing-policy', 'prefix-set').map(({ key }) => key);
  for (const policy of entriesOf(tree, 'routing-policy', 'policy')) {
    for (const { key, node } of entriesOf(policy.node, 'statement')) {
      const set = leafOf(node, 'match', 'prefix', 'prefix-set');
      if (set !== undefined && !sets.includes(set.value))
        found.error(
          'undefined-prefix-set',
          set.at,
          `statement ${key} of policy ${policy.key} matches the prefix-set ${set.value}, which is not configured`,
          expectedOneOf(set.value, sets),
        );
    }
  }
}

function checkBfd(found: Findings, tree: ConfigTree, subinterfaces: ReadonlyMap<string, Entry>): void {
  for (const { key, node } of entriesOf(tree, 'bfd', 'subinterface')) {
    if (!subinterfaces.has(key))
      found.error(
        'undefined-interface',
        placeOf(node),
        `bfd runs on ${key}, which is not configured`,
        expectedOneOf(key, [...subinterfaces.keys()]),
      );
  }
}
