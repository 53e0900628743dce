import { anycastGatewayMac } from '../../../net/mac.ts';
import type {
  BfdSubinterfaceConfig,
  HashConfig,
  InterfaceConfig,
  SubinterfaceConfig,
  VxlanInterfaceConfig,
} from '../../switch-config.ts';
import type { ConfigTree } from './config-tree.ts';
import {
  booleanOf,
  containerAt,
  type Entry,
  enabledOf,
  entriesOf,
  numberOf,
  textOf,
} from './tree-reading.ts';

export function interfacesOf(tree: ConfigTree): InterfaceConfig[] {
  return entriesOf(tree, 'interface').map(({ key: name, node }) => ({
    name,
    adminState: enabledOf(node) ?? true,
    ...optional('description', textOf(node, 'description')),
    vlanTagging: booleanOf(node, 'vlan-tagging') ?? false,
    ...optional('mtu', numberOf(node, 'mtu')),
    subinterfaces: entriesOf(node, 'subinterface').map(entry => subinterfaceOf(name, entry)),
  }));
}

function subinterfaceOf(port: string, { key, node }: Entry): SubinterfaceConfig {
  const enabled = enabledOf(node, 'ipv4') ?? false;
  const addresses = entriesOf(node, 'ipv4', 'address').map(address => ({
    address: address.key,
    anycastGateway: booleanOf(address.node, 'anycast-gw') ?? false,
  }));
  const anycast = addresses.some(address => address.anycastGateway);
  const mac =
    textOf(node, 'anycast-gw', 'anycast-gw-mac')?.toLowerCase() ??
    anycastGatewayMac(numberOf(node, 'anycast-gw', 'virtual-router-id') ?? 1);
  const arp = containerAt(node, 'ipv4', 'arp');
  return {
    name: `${port}.${key}`,
    index: Number(key),
    type: textOf(node, 'type') === 'bridged' ? 'bridged' : 'routed',
    adminState: enabledOf(node) ?? true,
    ...optional('vlanId', numberOf(node, 'vlan', 'encap', 'single-tagged', 'vlan-id')),
    ...optional('ipMtu', numberOf(node, 'ip-mtu')),
    addresses: enabled ? addresses : [],
    ...(anycast ? { anycastGatewayMac: mac } : {}),
    arp: {
      learnUnsolicited: booleanOf(arp, 'learn-unsolicited') ?? false,
      hostRoutePopulate: words(entriesOf(arp, 'host-route', 'populate'), ['static', 'dynamic', 'evpn']),
      evpnAdvertise: words(entriesOf(arp, 'evpn', 'advertise'), ['static', 'dynamic']),
    },
  };
}

export function vxlanInterfacesOf(tree: ConfigTree): VxlanInterfaceConfig[] {
  return entriesOf(tree, 'tunnel-interface').flatMap(tunnel =>
    entriesOf(tunnel.node, 'vxlan-interface').map(({ key, node }) => ({
      name: `${tunnel.key}.${key}`,
      type: textOf(node, 'type') === 'routed' ? ('routed' as const) : ('bridged' as const),
      ingressVni: numberOf(node, 'ingress', 'vni') ?? 0,
    })),
  );
}

/** Microseconds in the file, milliseconds in the lab. */
export function bfdOf(tree: ConfigTree): BfdSubinterfaceConfig[] {
  return entriesOf(tree, 'bfd', 'subinterface').map(({ key, node }) => ({
    subinterface: key,
    adminState: enabledOf(node) ?? false,
    desiredMinimumTransmit: (numberOf(node, 'desired-minimum-transmit-interval') ?? 1_000_000) / 1000,
    requiredMinimumReceive: (numberOf(node, 'required-minimum-receive') ?? 1_000_000) / 1000,
    detectionMultiplier: numberOf(node, 'detection-multiplier') ?? 3,
  }));
}

export function hashOf(tree: ConfigTree): HashConfig {
  const options = containerAt(tree, 'system', 'load-balancing', 'hash-options');
  const seed = textOf(options, 'hash-seed');
  return {
    sourceAddress: booleanOf(options, 'source-address') ?? true,
    destinationAddress: booleanOf(options, 'destination-address') ?? true,
    sourcePort: booleanOf(options, 'source-port') ?? true,
    destinationPort: booleanOf(options, 'destination-port') ?? true,
    protocol: booleanOf(options, 'protocol') ?? true,
    ...(seed === undefined || seed === 'generate-from-mac' ? {} : { seed: Number(seed) }),
  };
}

function words<Word extends string>(entries: readonly Entry[], known: readonly Word[]): Word[] {
  return known.filter(word => entries.some(entry => entry.key === word));
}

/** `{ [name]: value }`, or nothing for an absent value (exactOptionalPropertyTypes). */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [_ in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [_ in Name]?: Value });
}
