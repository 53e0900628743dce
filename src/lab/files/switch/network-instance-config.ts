import type {
  BgpEvpnConfig,
  BgpVpnConfig,
  NetworkInstanceConfig,
  ResilientHashConfig,
  StaticRouteConfig,
} from '../../switch-config.ts';
import { bgpOf } from './bgp-config.ts';
import type { ConfigContainer, ConfigTree } from './config-tree.ts';
import { optional } from './interface-config.ts';
import { booleanOf, containerAt, enabledOf, entriesOf, numberOf, textOf } from './tree-reading.ts';

export function networkInstancesOf(tree: ConfigTree): NetworkInstanceConfig[] {
  return entriesOf(tree, 'network-instance').map(({ key: name, node }) => ({
    name,
    type: typeOf(node),
    adminState: enabledOf(node) ?? true,
    interfaces: entriesOf(node, 'interface').map(({ key }) => key),
    ...optional('vxlanInterface', entriesOf(node, 'vxlan-interface')[0]?.key),
    ...optional('routerId', textOf(node, 'router-id')),
    ...optional('bgp', bgpOf(containerAt(node, 'protocols', 'bgp'))),
    ...optional('bgpEvpn', bgpEvpnOf(node)),
    ...optional('bgpVpn', bgpVpnOf(node)),
    staticRoutes: staticRoutesOf(node),
    resilientHash: resilientHashOf(node),
  }));
}

export function typeOf(node: ConfigContainer): NetworkInstanceConfig['type'] {
  const type = textOf(node, 'type');
  return type === 'ip-vrf' || type === 'mac-vrf' ? type : 'default';
}

function bgpEvpnOf(node: ConfigContainer): BgpEvpnConfig | undefined {
  const instance = entriesOf(node, 'protocols', 'bgp-evpn', 'bgp-instance')[0]?.node;
  const evi = numberOf(instance, 'evi');
  const vxlanInterface = textOf(instance, 'vxlan-interface');
  if (evi === undefined || vxlanInterface === undefined) return undefined;
  return {
    adminState: enabledOf(instance) ?? true,
    evi,
    ecmp: numberOf(instance, 'ecmp') ?? 1,
    vxlanInterface,
    advertiseGatewayMac:
      booleanOf(instance, 'routes', 'route-table', 'mac-ip', 'advertise-gateway-mac') ?? false,
  };
}

function bgpVpnOf(node: ConfigContainer): BgpVpnConfig | undefined {
  const instance = entriesOf(node, 'protocols', 'bgp-vpn', 'bgp-instance')[0]?.node;
  if (instance === undefined) return undefined;
  const exported = textOf(instance, 'route-target', 'export-rt');
  const imported = textOf(instance, 'route-target', 'import-rt');
  return {
    ...optional('routeDistinguisher', textOf(instance, 'route-distinguisher', 'rd')),
    exportRouteTargets: exported === undefined ? [] : [exported],
    importRouteTargets: imported === undefined ? [] : [imported],
  };
}

function staticRoutesOf(node: ConfigContainer): StaticRouteConfig[] {
  const groups = new Map(entriesOf(node, 'next-hop-groups', 'group').map(({ key, node }) => [key, node]));
  return entriesOf(node, 'static-routes', 'route')
    .filter(({ node }) => enabledOf(node) ?? true)
    .map(({ key: prefix, node }) => {
      const group = groups.get(textOf(node, 'next-hop-group') ?? '');
      const enabled = enabledOf(group) ?? true;
      return {
        prefix,
        nextHops: (enabled ? entriesOf(group, 'nexthop') : [])
          .filter(nexthop => enabledOf(nexthop.node) ?? true)
          .flatMap(nexthop => textOf(nexthop.node, 'ip-address') ?? []),
        preference: numberOf(node, 'preference') ?? 5,
      };
    });
}

function resilientHashOf(node: ConfigContainer): ResilientHashConfig[] {
  return entriesOf(node, 'ip-load-balancing', 'resilient-hash-prefix').map(({ key: prefix, node }) => ({
    prefix,
    bucketsPerPath: numberOf(node, 'hash-buckets-per-path') ?? 1,
    maxPaths: numberOf(node, 'max-paths') ?? 1,
  }));
}
