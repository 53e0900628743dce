import type { EvpnNlri } from '../../../bgp/evpn.ts';
import { macMobilityOf, routerMacOf, routeTargetsOf } from '../../../bgp/extended-community.ts';
import type { Path, RouteChange } from '../../../bgp/outcome.ts';
import type { NetworkInstanceConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { Bridge } from './bridge.ts';
import type { RoutedInstance } from './routed-instance.ts';

/** SR Linux's preference of routes imported from EVPN. */
const BGP_EVPN_PREFERENCE = 170;

export type EvpnImporterOptions = {
  readonly routedInstances: () => Iterable<RoutedInstance>;
  readonly bridges: () => Iterable<Bridge>;
  /** What the bridge domain learns from afar; undefined when it is gone. */
  readonly onRemoteMac: (bridge: Bridge, mac: Mac, remote: RemoteMac | undefined) => void;
  readonly onRemoteHost: (bridge: Bridge, address: Ipv4, mac: Mac | undefined) => void;
  /** A bridge domain floods to other VTEPs than before. */
  readonly onFloodingChanged: () => void;
};

export type RemoteMac = { readonly vtep: Ipv4; readonly vni: number; readonly sequence: number };

/** What a switch's network-instances take from EVPN: the received routes whose route targets they import. */
export class EvpnImporter {
  private readonly options: EvpnImporterOptions;
  /** Received routes that are in use, by key. */
  private readonly received = new Map<string, Path>();
  /** instance → prefix → keys of type 5 routes that match its route targets. */
  private readonly prefixes = new Map<string, Map<Ipv4Prefix, Set<string>>>();
  /** bridge → MAC → keys of type 2 routes. */
  private readonly macs = new Map<string, Map<Mac, Set<string>>>();

  constructor(options: EvpnImporterOptions) {
    this.options = options;
  }

  /** The switch lost its memory. */
  forget(): void {
    this.received.clear();
    this.prefixes.clear();
    this.macs.clear();
  }

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
          const vni = this.wants(bridge.config, after) ? nlri.vni : undefined;
          if (vni === undefined && !this.wants(bridge.config, before)) continue;
          if (bridge.floodTo.get(nlri.originatingRouter) === vni) continue;
          if (vni === undefined) bridge.floodTo.delete(nlri.originatingRouter);
          else bridge.floodTo.set(nlri.originatingRouter, vni);
          this.options.onFloodingChanged();
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
