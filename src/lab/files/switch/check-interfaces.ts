import { lengthOf } from '../../../net/prefix.ts';
import { expectedOneOf } from '../suggestion.ts';
import type { ConfigTree } from './config-tree.ts';
import type { Findings } from './findings.ts';
import {
  booleanOf,
  containerAt,
  type Entry,
  enabledOf,
  entriesOf,
  leafOf,
  placeOf,
  textOf,
} from './tree-reading.ts';

/** Subinterfaces, their VLANs, VXLAN interfaces and BFD, each by itself. */
export function checkInterfaces(
  found: Findings,
  tree: ConfigTree,
  subinterfaces: ReadonlyMap<string, Entry>,
): void {
  for (const [name, entry] of subinterfaces) checkSubinterface(found, tree, name, entry);
  checkVlans(found, tree);
  checkVnis(found, tree);
  checkBfd(found, tree, subinterfaces);
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
