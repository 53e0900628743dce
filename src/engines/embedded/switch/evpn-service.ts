import { type EvpnNlri, inclusiveMulticastRoute, ipPrefixRoute, macIpRoute } from '../../../bgp/evpn.ts';
import {
  type ExtendedCommunity,
  macMobilityOf,
  routerMacOf,
  routeTargetsOf,
} from '../../../bgp/extended-community.ts';
import type { Path, RouteChange } from '../../../bgp/outcome.ts';
import { originAttributes, type PathAttributes } from '../../../bgp/route.ts';
import type { NetworkInstanceConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { BgpProcess } from '../bgp-process.ts';
import type { Bridge } from './bridge.ts';
import type { Route } from './route.ts';
import type { RoutedInstance } from './routed-instance.ts';

/** SR Linux's preference of routes imported from EVPN. */
const BGP_EVPN_PREFERENCE = 170;

export type EvpnServiceOptions = {
  /** The speaker of the default network-instance, which carries the family. */
  readonly process: () => BgpProcess | undefined;
  readonly routerId: () => Ipv4 | undefined;
  readonly vtepAddress: () => Ipv4 | undefined;
  readonly routerMac: Mac;
  readonly vniOf: (config: NetworkInstanceConfig) => number | undefined;
  readonly routedInstances: () => Iterable<RoutedInstance>;
  readonly bridges: () => Iterable<Bridge>;
  /** What the bridge domain learns from afar; undefined when it is gone. */
  readonly onRemoteMac: (bridge: Bridge, mac: Mac, remote: RemoteMac | undefined) => void;
  readonly onRemoteHost: (bridge: Bridge, address: Ipv4, mac: Mac | undefined) => void;
};

export type RemoteMac = { readonly vtep: Ipv4; readonly vni: number; readonly sequence: number };

/** EVPN between a switch's network-instances and its BGP: what they export as types 2, 3 and 5, and what they import. */
export class EvpnService {
  private readonly options: EvpnServiceOptions;
  /** Received routes that are in use, by key. */
  private readonly received = new Map<string, Path>();
  /** instance → prefix → keys of type 5 routes that match its route targets. */
  private readonly prefixes = new Map<string, Map<Ipv4Prefix, Set<string>>>();
  /** bridge → MAC → keys of type 2 routes. */
  private readonly macs = new Map<string, Map<Mac, Set<string>>>();
  private readonly exported = new Map<string, EvpnNlri>();
  private readonly attributesOf = new Map<string, WeakMap<PathAttributes, PathAttributes>>();

  constructor(options: EvpnServiceOptions) {
    this.options = options;
  }

  // export

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
    this.received.clear();
    this.prefixes.clear();
    this.macs.clear();
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

  // import

  /** The EVPN routes that BGP uses changed. */
  takeFromBgp(changes: readonly RouteChange[]): void {
    for (const change of changes) {
      const { nlri } = change;
      if (typeof nlri === 'string') continue;
      const before = this.received.get(nlri.key);
      if (change.type === 'route-chosen') this.received.set(nlri.key, change.best);
      else this.received.delete(nlri.key);
      this.importRoute(nlri, before, change.type === 'route-chosen' ? change.best : undefined);
    }
  }

  /** Looks at every received route again: route targets or instances changed. */
  importAllAgain(): void {
    for (const path of this.received.values()) {
      if (typeof path.nlri !== 'string') this.importRoute(path.nlri, path, path);
    }
  }

  private importRoute(nlri: EvpnNlri, before: Path | undefined, after: Path | undefined): void {
    switch (nlri.routeType) {
      case 5:
        for (const instance of this.options.routedInstances()) {
          if (this.wants(instance.config, before) || this.wants(instance.config, after)) {
            this.importPrefix(instance, nlri.prefix, nlri.key, this.wants(instance.config, after));
          }
        }
        return;
      case 3:
        for (const bridge of this.options.bridges()) {
          if (this.wants(bridge.config, after)) bridge.floodTo.set(nlri.originatingRouter, nlri.vni);
          else if (this.wants(bridge.config, before)) bridge.floodTo.delete(nlri.originatingRouter);
        }
        return;
      case 2:
        for (const bridge of this.options.bridges()) {
          if (this.wants(bridge.config, before) || this.wants(bridge.config, after))
            this.importMac(bridge, nlri, this.wants(bridge.config, after));
        }
    }
  }

  /** Imported type 5 routes of one prefix compete; equally good ones share the load up to `ecmp`. */
  private importPrefix(instance: RoutedInstance, prefix: Ipv4Prefix, key: string, present: boolean): void {
    const keys = keysAt(this.prefixes, instance.name, prefix);
    if (present) keys.add(key);
    else keys.delete(key);
    const paths = [...keys].sort().flatMap(one => this.received.get(one) ?? []);
    const best = paths.reduce<Path | undefined>(
      (winner, path) => (winner === undefined || comparePaths(path, winner) < 0 ? path : winner),
      undefined,
    );
    if (best === undefined) {
      this.prefixes.get(instance.name)?.delete(prefix);
      instance.table.delete(prefix, 'bgp-evpn');
      return;
    }
    const limit = instance.config.bgpEvpn?.ecmp ?? 1;
    const equal = paths.filter(path => comparePaths(path, best) === 0).slice(0, limit);
    instance.table.set(prefix, {
      owner: 'bgp-evpn',
      preference: BGP_EVPN_PREFERENCE,
      metric: best.attributes.med ?? 0,
      nextHops: equal.map(path => ({
        type: 'vxlan',
        vtep: path.nextHop,
        vni: typeof path.nlri === 'string' ? 0 : path.nlri.vni,
        routerMac: routerMacOf(path.attributes) ?? '00:00:00:00:00:00',
      })),
      attributes: best.attributes,
    });
  }

  private importMac(
    bridge: Bridge,
    nlri: Extract<EvpnNlri, { readonly routeType: 2 }>,
    present: boolean,
  ): void {
    const keys = keysAt(this.macs, bridge.name, nlri.mac);
    if (present) keys.add(nlri.key);
    else keys.delete(nlri.key);
    if (keys.size === 0) this.macs.get(bridge.name)?.delete(nlri.mac);
    this.options.onRemoteMac(bridge, nlri.mac, this.remoteMac(bridge, nlri.mac));
    if (nlri.ip !== undefined) this.options.onRemoteHost(bridge, nlri.ip, present ? nlri.mac : undefined);
  }

  /** Where EVPN says a MAC is: the highest sequence number wins (RFC 7432 section 15). */
  remoteMac(bridge: Bridge, mac: Mac): RemoteMac | undefined {
    let best: RemoteMac | undefined;
    for (const key of [...(this.macs.get(bridge.name)?.get(mac) ?? [])].sort()) {
      const path = this.received.get(key);
      if (path === undefined || typeof path.nlri === 'string') continue;
      const sequence = macMobilityOf(path.attributes)?.sequence ?? 0;
      if (best === undefined || sequence > best.sequence)
        best = { vtep: path.nextHop, vni: path.nlri.vni, sequence };
    }
    return best;
  }

  private wants(config: NetworkInstanceConfig, path: Path | undefined): boolean {
    if (path === undefined || config.bgpEvpn?.adminState !== true) return false;
    const wanted = config.bgpVpn?.importRouteTargets ?? [];
    return routeTargetsOf(path.attributes).some(target => wanted.includes(target));
  }
}

/** SR Linux exports what is in the ip-vrf's route table and did not come out of EVPN; own addresses stay home. */
function isExported(route: Route): boolean {
  return route.owner !== 'bgp-evpn' && route.owner !== 'host';
}

/** The steps of the BGP decision (RFC 4271 section 9.1.2) that tell imported routes of different exporters apart. */
function comparePaths(a: Path, b: Path): number {
  const origins = ['igp', 'egp', 'incomplete'];
  return (
    (b.attributes.localPref ?? 100) - (a.attributes.localPref ?? 100) ||
    a.attributes.asPath.length - b.attributes.asPath.length ||
    origins.indexOf(a.attributes.origin) - origins.indexOf(b.attributes.origin) ||
    (a.attributes.med ?? 0) - (b.attributes.med ?? 0)
  );
}

function macId(bridge: Bridge, mac: Mac, address: Ipv4 | undefined): string {
  return `${bridge.name} ${mac} ${address ?? ''}`;
}

/** The set of route keys filed under an instance and a prefix or MAC. */
function keysAt(index: Map<string, Map<string, Set<string>>>, instance: string, of: string): Set<string> {
  let ofInstance = index.get(instance);
  if (ofInstance === undefined) {
    ofInstance = new Map();
    index.set(instance, ofInstance);
  }
  let keys = ofInstance.get(of);
  if (keys === undefined) {
    keys = new Set();
    ofInstance.set(of, keys);
  }
  return keys;
}
