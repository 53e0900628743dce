import { type EvpnNlri, inclusiveMulticastRoute, ipPrefixRoute, macIpRoute } from '../../../bgp/evpn.ts';
import type { ExtendedCommunity } from '../../../bgp/extended-community.ts';
import { originAttributes, type PathAttributes } from '../../../bgp/route.ts';
import type { NetworkInstanceConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { BgpProcess } from '../bgp-process.ts';
import type { Bridge } from './bridge.ts';
import type { Route } from './route.ts';
import type { RoutedInstance } from './routed-instance.ts';

export type EvpnExporterOptions = {
  /** The speaker of the default network-instance, which carries the family. */
  readonly process: () => BgpProcess | undefined;
  readonly routerId: () => Ipv4 | undefined;
  readonly vtepAddress: () => Ipv4 | undefined;
  readonly routerMac: Mac;
  readonly vniOf: (config: NetworkInstanceConfig) => number | undefined;
};

/** What a switch's network-instances tell the others over EVPN: routes of types 2, 3 and 5. */
export class EvpnExporter {
  private readonly options: EvpnExporterOptions;
  /** By instance and what the route is about. */
  private readonly exported = new Map<string, EvpnNlri>();
  private readonly attributesOf = new Map<string, WeakMap<PathAttributes, PathAttributes>>();

  constructor(options: EvpnExporterOptions) {
    this.options = options;
  }

  /** Type 5 (RFC 9136, interface-less): every route of an ip-vrf that did not come from EVPN. */
  exportPrefix(instance: RoutedInstance, prefix: Ipv4Prefix, route: Route | undefined): void {
    const exporter = this.exporterOf(instance.config);
    const id = `${instance.name} ${prefix}`;
    if (exporter === undefined || route === undefined || !isExported(route)) {
      this.withdraw(id);
      return;
    }
    const { routeDistinguisher, vni } = exporter;
    const nlri = ipPrefixRoute({ routeDistinguisher, ethernetTag: 0, prefix, gateway: '0.0.0.0', vni });
    const attributes = this.withCommunities(instance.config, route.attributes ?? originAttributes, [
      { type: 'router-mac', mac: this.options.routerMac },
    ]);
    this.originate(id, nlri, attributes);
  }

  /** Type 2 (RFC 7432 section 7.2): a MAC that is behind this switch, with its host's address where that is known. */
  exportMac(bridge: Bridge, mac: Mac, address: Ipv4 | undefined, sequence: number): void {
    const exporter = this.exporterOf(bridge.config);
    if (exporter === undefined) return;
    const { routeDistinguisher, vni } = exporter;
    const host = address === undefined ? {} : { ip: address };
    const nlri = macIpRoute({ routeDistinguisher, ethernetTag: 0, mac, vni, ...host });
    const mobility: ExtendedCommunity[] =
      sequence === 0 ? [] : [{ type: 'mac-mobility', sequence, sticky: false }];
    const attributes = this.withCommunities(bridge.config, originAttributes, mobility);
    this.originate(macId(bridge, mac, address), nlri, attributes);
  }

  withdrawMac(bridge: Bridge, mac: Mac, address: Ipv4 | undefined): void {
    this.withdraw(macId(bridge, mac, address));
  }

  /** Type 3 (RFC 7432 section 7.3): flood to me what you do not know. */
  exportMembership(bridge: Bridge): void {
    const exporter = this.exporterOf(bridge.config);
    if (exporter === undefined) {
      this.withdraw(`${bridge.name} imet`);
      return;
    }
    const { routeDistinguisher, vni, vtep } = exporter;
    const nlri = inclusiveMulticastRoute({
      routeDistinguisher,
      ethernetTag: 0,
      originatingRouter: vtep,
      vni,
    });
    this.originate(`${bridge.name} imet`, nlri, this.withCommunities(bridge.config, originAttributes, []));
  }

  private originate(id: string, nlri: EvpnNlri, attributes: PathAttributes): void {
    const before = this.exported.get(id);
    if (before !== undefined && before.key !== nlri.key) this.withdraw(id);
    this.exported.set(id, nlri);
    const nextHop = this.options.vtepAddress();
    this.options
      .process()
      ?.originate('evpn', [
        { nlri, protocol: 'bgp-evpn', attributes, ...(nextHop === undefined ? {} : { nextHop }) },
      ]);
  }

  /** Takes back everything an instance exported. */
  withdrawInstance(name: string): void {
    for (const id of [...this.exported.keys()]) if (id.startsWith(`${name} `)) this.withdraw(id);
  }

  /** The switch lost its memory. */
  forget(): void {
    this.exported.clear();
  }

  private withdraw(id: string): void {
    const nlri = this.exported.get(id);
    if (nlri === undefined) return;
    this.exported.delete(id);
    this.options.process()?.withdraw('evpn', [nlri]);
  }

  private exporterOf(
    config: NetworkInstanceConfig,
  ): { routeDistinguisher: string; vni: number; vtep: Ipv4 } | undefined {
    const { bgpEvpn, bgpVpn } = config;
    const vni = this.options.vniOf(config);
    const vtep = this.options.vtepAddress();
    if (bgpEvpn?.adminState !== true || vni === undefined || vtep === undefined) return undefined;
    const routeDistinguisher =
      bgpVpn?.routeDistinguisher ?? `${this.options.routerId() ?? vtep}:${bgpEvpn.evi}`;
    return { routeDistinguisher, vni, vtep };
  }

  /** Base attributes plus the instance's route targets; one object for equal ones, so that updates can be packed. */
  private withCommunities(
    config: NetworkInstanceConfig,
    base: PathAttributes,
    more: readonly ExtendedCommunity[],
  ): PathAttributes {
    const targets = config.bgpVpn?.exportRouteTargets ?? [];
    const cacheKey = `${config.name} ${targets.join()} ${JSON.stringify(more)}`;
    let cache = this.attributesOf.get(cacheKey);
    if (cache === undefined) {
      cache = new WeakMap();
      this.attributesOf.set(cacheKey, cache);
    }
    let attributes = cache.get(base);
    if (attributes === undefined) {
      const { originatorId: _, ...own } = base;
      attributes = {
        ...own,
        clusterList: [],
        extendedCommunities: [
          ...targets.map(target => ({ type: 'route-target' as const, target })),
          { type: 'encapsulation', tunnelType: 'vxlan' },
          ...more,
        ],
      };
      cache.set(base, attributes);
    }
    return attributes;
  }
}

/** SR Linux exports what is in the ip-vrf's route table and did not come out of EVPN; own addresses stay home. */
function isExported(route: Route): boolean {
  return route.owner !== 'bgp-evpn' && route.owner !== 'host';
}

function macId(bridge: Bridge, mac: Mac, address: Ipv4 | undefined): string {
  return `${bridge.name} ${mac} ${address ?? ''}`;
}
