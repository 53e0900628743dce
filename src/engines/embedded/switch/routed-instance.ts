import type { SpeakerConfig } from '../../../bgp/config.ts';
import type { Path, RouteChange } from '../../../bgp/outcome.ts';
import type { Protocol } from '../../../bgp/policy.ts';
import { originAttributes } from '../../../bgp/route.ts';
import type { NetworkInstanceConfig, StaticRouteConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import {
  addressOf,
  containsAddress,
  hostPrefix,
  type Ipv4Prefix,
  lengthOf,
  networkOf,
} from '../../../net/prefix.ts';
import { BgpProcess } from '../bgp-process.ts';
import type { Device } from '../device.ts';
import type { Transport } from '../transport.ts';
import type { World } from '../world.ts';
import type { RoutingContext } from './data-plane.ts';
import type { NextHop } from './next-hop.ts';
import { FIB_PROGRAMMING_DELAY, SLOWEST_REACTION } from './processing-times.ts';
import type { Route } from './route.ts';
import { RouteTable } from './route-table.ts';
import type { Subinterface } from './subinterface.ts';

/** SR Linux's preferences of routes that have no setting for it. */
const LOCAL_PREFERENCE = 0;
const ARP_ND_PREFERENCE = 1;

export type RoutedInstanceOptions = {
  readonly world: World;
  readonly transport: Transport;
  readonly device: Device;
  readonly config: NetworkInstanceConfig;
  readonly speaker: SpeakerConfig | undefined;
  readonly underlay: RouteTable | undefined;
  readonly modulo: boolean;
  readonly onActiveChanged: (instance: RoutedInstance, prefix: Ipv4Prefix, route: Route | undefined) => void;
  readonly onEvpnChanges: (changes: readonly RouteChange[]) => void;
  readonly onSessionsChanged: (instance: RoutedInstance) => void;
};

/** A network-instance that routes (default or ip-vrf): its route table, its interfaces' routes, its BGP. */
export class RoutedInstance implements RoutingContext {
  readonly name: string;
  readonly table: RouteTable;
  readonly localAddresses = new Set<Ipv4>();
  config: NetworkInstanceConfig;
  process: BgpProcess | undefined;
  private readonly options: RoutedInstanceOptions;
  private readonly interfaces = new Set<Subinterface>();
  private readonly redistributed = new Set<Ipv4Prefix>();
  private readonly stopWatchingPeers: (() => void)[] = [];
  private readonly watchedNextHops = new Set<Ipv4>();
  private readonly nextHopLists = new Map<string, readonly NextHop[]>();

  constructor(options: RoutedInstanceOptions) {
    this.options = options;
    this.config = options.config;
    this.name = options.config.name;
    this.table = new RouteTable({
      world: options.world,
      node: options.device.name,
      instance: this.name,
      underlay: options.underlay,
      resilientHash: options.config.resilientHash,
      modulo: options.modulo,
      onActiveChanged: (prefix, route) => {
        this.redistribute(prefix, route);
        options.onActiveChanged(this, prefix, route);
      },
    });
    for (const route of options.config.staticRoutes) this.addStatic(route);
    if (options.speaker !== undefined) this.startBgp(options.speaker);
  }

  /** The instance is gone from the configuration (its BGP says goodbye), or with its switch (nobody is told). */
  close(how: 'removed' | 'switched-off'): void {
    this.table.close();
    if (how === 'removed') this.process?.remove();
    else this.process?.vanish();
  }

  // interfaces

  interfaceUp(subinterface: Subinterface): void {
    this.interfaces.add(subinterface);
    for (const { address } of subinterface.config.addresses) {
      const own = addressOf(address);
      this.localAddresses.add(own);
      const preference = LOCAL_PREFERENCE;
      const host: Route = {
        owner: lengthOf(address) === 32 ? 'local' : 'host',
        preference,
        metric: 0,
        nextHops: [{ type: 'extract', subinterface }],
      };
      this.table.set(hostPrefix(own), host);
      if (lengthOf(address) === 32) continue;
      const nextHops = [{ type: 'local' as const, subinterface }];
      this.table.set(networkOf(address), { owner: 'local', preference, metric: 0, nextHops });
    }
  }

  interfaceDown(subinterface: Subinterface): void {
    if (!this.interfaces.delete(subinterface)) return;
    const networks = subinterface.config.addresses.map(({ address }) => networkOf(address));
    // Sessions first, so that what they take back is their doing and not the lost network's.
    const gone = (this.process?.sessions() ?? [])
      .filter(({ config, peer }) => config.ttl === 1 && networks.some(one => containsAddress(one, peer)))
      .map(({ peer }) => peer);
    if (gone.length > 0) this.process?.interfaceDown(gone);
    for (const { address } of subinterface.config.addresses) {
      const own = addressOf(address);
      this.localAddresses.delete(own);
      this.table.delete(hostPrefix(own), lengthOf(address) === 32 ? 'local' : 'host');
      if (lengthOf(address) < 32) this.table.delete(networkOf(address), 'local');
    }
  }

  /** A host on an attached network, as its own route (`host-route populate`). */
  addHostRoute(address: Ipv4, subinterface: Subinterface): void {
    this.table.set(hostPrefix(address), {
      owner: 'arp-nd',
      preference: ARP_ND_PREFERENCE,
      metric: 0,
      nextHops: [{ type: 'local', subinterface }],
    });
  }

  removeHostRoute(address: Ipv4): void {
    this.table.delete(hostPrefix(address), 'arp-nd');
  }

  /** The interface whose network holds the address. */
  interfaceTowards(address: Ipv4): Subinterface | undefined {
    for (const subinterface of this.interfaces) {
      if (subinterface.config.addresses.some(one => containsAddress(networkOf(one.address), address)))
        return subinterface;
    }
    return undefined;
  }

  /** An address of the instance's own that does not go with a port. */
  loopbackAddress(): Ipv4 | undefined {
    for (const subinterface of this.interfaces) {
      if (subinterface.kind === 'loopback') return subinterface.address;
    }
    return undefined;
  }

  // configuration

  reconfigure(config: NetworkInstanceConfig, speaker: SpeakerConfig | undefined): void {
    const before = this.config;
    this.config = config;
    for (const route of before.staticRoutes) this.table.delete(route.prefix, 'static');
    for (const route of config.staticRoutes) this.addStatic(route);
    if (speaker === undefined) this.stopBgp();
    else if (this.process === undefined) this.startBgp(speaker);
    else {
      this.process.reconfigure(speaker);
      this.watchPeers(speaker);
    }
  }

  private addStatic(route: StaticRouteConfig): void {
    this.table.set(route.prefix, {
      owner: 'static',
      preference: route.preference,
      metric: 1,
      nextHops: route.nextHops.map(address => ({ type: 'indirect', address })),
    });
  }

  // BGP

  private startBgp(config: SpeakerConfig): void {
    const { world, transport, device, onEvpnChanges, onSessionsChanged } = this.options;
    this.process = new BgpProcess({
      world,
      transport,
      device,
      instance: this.name,
      config,
      resolveNextHop: nextHop => this.resolveNextHop(nextHop),
      onChanges: changes => this.takeFromBgp(changes, onEvpnChanges),
      onSessionsChanged: () => onSessionsChanged(this),
    });
    for (const entry of this.table.sorted()) this.redistribute(entry.prefix, entry.active);
    this.process.start();
    this.watchPeers(config);
  }

  private stopBgp(): void {
    this.process?.remove();
    this.process = undefined;
    this.redistributed.clear();
    for (const stop of this.stopWatchingPeers.splice(0)) stop();
  }

  /** A way to a configured peer appears: its session need not wait for the retry timer. */
  private watchPeers(config: SpeakerConfig): void {
    for (const stop of this.stopWatchingPeers.splice(0)) stop();
    for (const { peerAddress } of config.neighbors) {
      this.stopWatchingPeers.push(this.table.watch(peerAddress, () => this.peerMayBeReachable(peerAddress)));
    }
  }

  /** Packets follow the forwarding table, and that follows the route table a moment later. No two processes are alike quick. */
  private peerMayBeReachable(peer: Ipv4): void {
    if (this.table.resolve(peer).length === 0) return;
    const { world, device } = this.options;
    const reaction = world
      .random(`reaction ${device.name} ${this.name} ${peer}`)
      .between(0, SLOWEST_REACTION);
    world.schedule(FIB_PROGRAMMING_DELAY + reaction, () => {
      if (this.table.resolve(peer).length > 0) this.process?.peerReachable(peer);
    });
  }

  private resolveNextHop(nextHop: Ipv4): { readonly cost: number } | undefined {
    if (!this.watchedNextHops.has(nextHop)) {
      this.watchedNextHops.add(nextHop);
      this.table.watch(nextHop, () => this.process?.nextHopsChanged([nextHop]));
    }
    const members = this.table.resolve(nextHop);
    if (members.length === 0 || members.some(member => member.type === 'extract')) return undefined;
    return { cost: this.table.routeTo(nextHop)?.active?.metric ?? 0 };
  }

  private takeFromBgp(
    changes: readonly RouteChange[],
    onEvpnChanges: (changes: readonly RouteChange[]) => void,
  ): void {
    const evpn: RouteChange[] = [];
    for (const change of changes) {
      if (typeof change.nlri !== 'string') {
        evpn.push(change);
        continue;
      }
      if (change.type === 'route-lost') {
        this.table.delete(change.nlri, 'bgp');
        continue;
      }
      const { best, used, decidedBy } = change;
      const preferences = this.config.bgp?.preference;
      this.table.set(change.nlri, {
        owner: 'bgp',
        preference: (best.internal ? preferences?.ibgp : preferences?.ebgp) ?? 170,
        metric: best.attributes.med ?? 0,
        nextHops: this.nextHopsOf(used),
        decidedBy,
        attributes: best.attributes,
      });
    }
    if (evpn.length > 0) onEvpnChanges(evpn);
  }

  /** The next hops of paths that share the load; one list for one set of paths, however many prefixes have it. */
  private nextHopsOf(paths: readonly Path[]): readonly NextHop[] {
    const addresses = paths.length === 1 ? [] : [...new Set(paths.map(path => path.nextHop))];
    const key = paths.length === 1 ? (paths[0]?.nextHop ?? '') : addresses.join();
    let list = this.nextHopLists.get(key);
    if (list === undefined) {
      list = (paths.length === 1 ? [key] : addresses).map(address => ({ type: 'indirect', address }));
      this.nextHopLists.set(key, list);
    }
    return list;
  }

  /** Hands the route table's winners of other owners to BGP, where export policies decide. */
  private redistribute(prefix: Ipv4Prefix, route: Route | undefined): void {
    const { process } = this;
    if (process === undefined) return;
    const protocol = route === undefined ? undefined : protocolOf(route);
    if (route === undefined || protocol === undefined) {
      if (this.redistributed.delete(prefix)) process.withdraw('ipv4-unicast', [prefix]);
      return;
    }
    this.redistributed.add(prefix);
    const attributes = route.attributes ?? originAttributes;
    process.originate('ipv4-unicast', [
      { nlri: prefix, protocol, attributes: { ...attributes, extendedCommunities: [] } },
    ]);
  }
}

function protocolOf(route: Route): Protocol | undefined {
  switch (route.owner) {
    case 'local':
    case 'static':
    case 'bgp-evpn':
    case 'arp-nd':
      return route.owner;
    case 'host':
    case 'bgp':
      return undefined;
  }
}
