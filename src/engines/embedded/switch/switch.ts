import type { SwitchNode } from '../../../lab/lab.ts';
import type { HashConfig, NetworkInstanceConfig, SwitchConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { anycastGatewayMac, type Mac } from '../../../net/mac.ts';
import { addressOf } from '../../../net/prefix.ts';
import type { Device, Verdict, WalkContext } from '../device.ts';
import { type ArpQuestion, type Frame, type Packet, VXLAN_PORT } from '../packet.ts';
import type { Transport } from '../transport.ts';
import { walk } from '../walk.ts';
import { Port } from '../wire.ts';
import type { World } from '../world.ts';
import { Bridge, type MacEntry } from './bridge.ts';
import { chassisMac, generatedHashSeed } from './chassis.ts';
import { EvpnService, type RemoteMac } from './evpn-service.ts';
import * as forwarding from './forwarding.ts';
import type { RouteTable } from './route-table.ts';
import { RoutedInstance } from './routed-instance.ts';
import { speakerConfig } from './speaker-config.ts';
import { Subinterface, type SubinterfaceKind } from './subinterface.ts';

export type SwitchOptions = {
  readonly world: World;
  readonly transport: Transport;
  readonly node: SwitchNode;
  /** Interface names that cables of the lab end at. */
  readonly cabled: readonly string[];
  /** Hash by modulo-N instead of hash-threshold. */
  readonly modulo: boolean;
  /** Sessions or BFD-relevant interfaces changed. */
  readonly onSessionsChanged: (where: Switch) => void;
};

/** A switch running SR Linux: the pieces of its configuration at work, and the packets that meet them. */
export class Switch implements Device, forwarding.DataPlane {
  readonly name: string;
  readonly node: SwitchNode;
  readonly ports = new Map<string, Port>();
  readonly subinterfaces = new Map<string, Subinterface>();
  readonly instances = new Map<string, RoutedInstance>();
  readonly bridges = new Map<string, Bridge>();
  readonly routerMac: Mac;
  readonly evpn: EvpnService;
  running = false;
  config: SwitchConfig;
  private readonly options: SwitchOptions;
  private readonly byTag = new Map<string, Subinterface>();
  private readonly byVni = new Map<number, { type: 'routed' | 'bridged'; instance: string }>();

  constructor(options: SwitchOptions) {
    this.options = options;
    this.node = options.node;
    this.name = options.node.name;
    this.config = options.node.config;
    this.routerMac = chassisMac(this.name, 0xff);
    for (const name of options.cabled) this.ports.set(name, new Port(this, name));
    for (const { name } of this.config.interfaces) this.portNamed(name);
    this.enablePorts();
    this.evpn = new EvpnService({
      process: () => this.instances.get('default')?.process,
      routerId: () => this.routerId(),
      vtepAddress: () => this.vtepAddress,
      routerMac: this.routerMac,
      vniOf: config => this.vniOf(config),
      routedInstances: () => this.instances.values(),
      bridges: () => this.bridges.values(),
      onRemoteMac: (bridge, mac, remote) => this.remoteMac(bridge, mac, remote),
      onRemoteHost: (bridge, address, mac) => this.remoteHost(bridge, address, mac),
    });
  }

  // life

  /** The node is up: everything its configuration says comes to life. */
  start(): void {
    if (this.running) return;
    const { world } = this.options;
    this.running = true;
    const event = world.emit({ type: 'node-started', node: this.name });
    world.causedBy(event, () => {
      this.build();
      world.powerChanged(this);
      this.options.onSessionsChanged(this);
    });
  }

  /** The container is gone: nobody is told but by the dark wires. */
  stop(): void {
    if (!this.running) return;
    const { world } = this.options;
    this.running = false;
    world.forwardingGeneration++;
    const event = world.emit({ type: 'node-stopped', node: this.name });
    world.causedBy(event, () => {
      for (const instance of this.instances.values()) instance.close('switched-off');
      this.subinterfaces.clear();
      this.byTag.clear();
      this.byVni.clear();
      this.instances.clear();
      this.bridges.clear();
      this.evpn.forget();
      world.powerChanged(this);
      this.options.onSessionsChanged(this);
    });
  }

  /** The BGP process (one for all network-instances) dies; forwarding loses what it had put there. */
  killBgp(): void {
    for (const instance of this.instances.values()) instance.process?.kill();
  }

  restartBgp(): void {
    for (const instance of this.instances.values()) instance.process?.start();
  }

  get bgpAlive(): boolean {
    return [...this.instances.values()].every(({ process }) => process === undefined || process.alive);
  }

  // configuration

  private build(): void {
    const { config } = this;
    for (const parent of config.interfaces) {
      for (const one of parent.subinterfaces) this.addSubinterface(parent.name, parent.adminState, one.name);
    }
    const order = { default: 0, 'mac-vrf': 1, 'ip-vrf': 2 };
    const instances = [...config.networkInstances].sort((a, b) => order[a.type] - order[b.type]);
    for (const instance of instances) this.addInstance(instance);
    this.attachAll();
    for (const bridge of this.bridges.values()) this.evpn.exportMembership(bridge);
    for (const subinterface of this.subinterfaces.values()) this.reconsider(subinterface);
  }

  /** Commits a configuration on the running switch: only what differs is touched. */
  reconfigure(config: SwitchConfig): void {
    const before = this.config;
    this.config = config;
    for (const { name } of config.interfaces) this.portNamed(name);
    if (!this.running) {
      this.enablePorts();
      return;
    }
    const tunnelBefore = this.tunnelBase(before);
    const policiesChanged =
      !same(before.policies, config.policies) || !same(before.prefixSets, config.prefixSets);
    const vxlanChanged = !same(before.vxlanInterfaces, config.vxlanInterfaces);
    const instanceBefore = new Map(before.networkInstances.map(one => [one.name, one]));
    const instanceNow = new Map(config.networkInstances.map(one => [one.name, one]));
    const defaultNow = instanceNow.get('default');
    const defaultOld = instanceBefore.get('default');
    // The others resolve their tunnels in the default network-instance: they go with it.
    const defaultGoes =
      defaultOld === undefined ? defaultNow !== undefined : !sameFrame(defaultOld, defaultNow);
    for (const [name, old] of instanceBefore) {
      const now = instanceNow.get(name);
      const stays = now !== undefined && sameFrame(old, now);
      if (!stays || defaultGoes || (vxlanChanged && old.vxlanInterface !== undefined)) {
        this.removeInstance(old);
        instanceBefore.delete(name);
      }
    }
    this.updateSubinterfaces(before);
    const order = { default: 0, 'mac-vrf': 1, 'ip-vrf': 2 };
    const sorted = [...config.networkInstances].sort((a, b) => order[a.type] - order[b.type]);
    const added = sorted.filter(({ name }) => !instanceBefore.has(name));
    for (const now of added) this.addInstance(now);
    this.attachAll();
    for (const { name } of added) {
      const bridge = this.bridges.get(name);
      if (bridge !== undefined) this.evpn.exportMembership(bridge);
    }
    if (added.length > 0) this.evpn.importAllAgain();
    for (const now of sorted) {
      const old = instanceBefore.get(now.name);
      if (old !== undefined && (policiesChanged || !same(old, now))) this.updateInstance(old, now);
    }
    if (tunnelBefore.some((one, index) => one !== this.tunnelBase(config)[index])) this.exportAllAgain();
    this.enablePorts();
    for (const subinterface of this.subinterfaces.values()) this.reconsider(subinterface);
    this.options.world.forwardingGeneration++;
    this.options.onSessionsChanged(this);
  }

  /** What every exported EVPN route stands on: tunnel address, router id and the process that carries it. */
  private tunnelBase(config: SwitchConfig): readonly unknown[] {
    return [this.vtepAddress, routerIdOf(config), this.instances.get('default')?.process];
  }

  private exportAllAgain(): void {
    for (const name of [...this.bridges.keys(), ...this.instances.keys()]) this.evpn.withdrawInstance(name);
    for (const bridge of this.bridges.values()) this.exportBridge(bridge);
    for (const instance of this.instances.values()) this.exportPrefixes(instance);
  }

  private exportPrefixes(instance: RoutedInstance): void {
    if (instance.config.type !== 'ip-vrf') return;
    for (const entry of instance.table.sorted()) this.evpn.exportPrefix(instance, entry.prefix, entry.active);
  }

  private updateSubinterfaces(before: SwitchConfig): void {
    const wanted = new Map(
      this.config.interfaces.flatMap(parent =>
        parent.subinterfaces.map(one => [one.name, { parent, one }] as const),
      ),
    );
    const had = new Map(
      before.interfaces.flatMap(parent =>
        parent.subinterfaces.map(one => [one.name, { parent, one }] as const),
      ),
    );
    for (const [name, { one, parent }] of had) {
      const now = wanted.get(name);
      const subinterface = this.subinterfaces.get(name);
      if (subinterface === undefined) continue;
      if (now !== undefined && same(now.one, one)) {
        subinterface.interfaceEnabled = now.parent.adminState;
        if (now.parent.adminState !== parent.adminState) this.reconsider(subinterface);
        continue;
      }
      this.takeDown(subinterface);
      this.byTag.delete(tagKey(subinterface.port?.name ?? '', subinterface.config.vlanId));
      this.subinterfaces.delete(name);
      for (const bridge of this.bridges.values()) bridge.remove(subinterface);
    }
    for (const [name, { parent }] of wanted) {
      if (this.subinterfaces.has(name)) continue;
      this.addSubinterface(parent.name, parent.adminState, name);
    }
  }

  private addSubinterface(parent: string, enabled: boolean, name: string): Subinterface | undefined {
    const config = this.config.interfaces
      .find(one => one.name === parent)
      ?.subinterfaces.find(one => one.name === name);
    if (config === undefined) return undefined;
    const port = this.ports.get(parent);
    const kind: SubinterfaceKind = parent.startsWith('irb')
      ? 'irb'
      : port === undefined
        ? 'loopback'
        : 'ethernet';
    const anycast = config.addresses.some(address => address.anycastGateway);
    const mac =
      kind === 'irb' && anycast
        ? (config.anycastGatewayMac ?? anycastGatewayMac(1))
        : chassisMac(this.name, portNumber(parent));
    const subinterface = new Subinterface({ config, kind, port, interfaceEnabled: enabled, mac });
    this.subinterfaces.set(name, subinterface);
    if (port !== undefined) this.byTag.set(tagKey(port.name, config.vlanId), subinterface);
    for (const { address, anycastGateway } of config.addresses) {
      if (!anycastGateway) this.options.world.nameAddress(addressOf(address), this);
    }
    return subinterface;
  }

  private addInstance(config: NetworkInstanceConfig): void {
    if (!config.adminState) return;
    const vni = this.vniOf(config);
    if (config.type === 'mac-vrf') {
      const bridge = new Bridge(config, vni);
      this.bridges.set(config.name, bridge);
      if (vni !== undefined) this.byVni.set(vni, { type: 'bridged', instance: config.name });
    } else {
      const { world, transport, modulo, onSessionsChanged } = this.options;
      const instance = new RoutedInstance({
        world,
        transport,
        device: this,
        config,
        speaker: speakerConfig(this.config, config),
        underlay: config.type === 'default' ? undefined : this.instances.get('default')?.table,
        modulo,
        onActiveChanged: (of, prefix, route) => {
          if (of.config.type === 'ip-vrf') this.evpn.exportPrefix(of, prefix, route);
        },
        onEvpnChanges: changes => this.evpn.takeFromBgp(changes),
        onSessionsChanged: () => onSessionsChanged(this),
      });
      this.instances.set(config.name, instance);
      if (vni !== undefined) this.byVni.set(vni, { type: 'routed', instance: config.name });
    }
  }

  private removeInstance(config: NetworkInstanceConfig): void {
    for (const subinterface of this.subinterfaces.values()) {
      if (!config.interfaces.includes(subinterface.name)) continue;
      this.takeDown(subinterface);
      if (config.type === 'mac-vrf') subinterface.bridge = undefined;
      else subinterface.instance = undefined;
    }
    this.evpn.withdrawInstance(config.name);
    this.instances.get(config.name)?.close('removed');
    this.instances.delete(config.name);
    this.bridges.delete(config.name);
    for (const [vni, end] of [...this.byVni]) if (end.instance === config.name) this.byVni.delete(vni);
  }

  private updateInstance(old: NetworkInstanceConfig, now: NetworkInstanceConfig): void {
    const evpnChanged = !same(old.bgpEvpn, now.bgpEvpn) || !same(old.bgpVpn, now.bgpVpn);
    const bridge = this.bridges.get(now.name);
    const instance = this.instances.get(now.name);
    if (evpnChanged) this.evpn.withdrawInstance(now.name);
    if (bridge !== undefined) bridge.config = now;
    instance?.reconfigure(now, speakerConfig(this.config, now));
    if (!evpnChanged) return;
    if (bridge !== undefined) this.exportBridge(bridge);
    if (instance !== undefined) this.exportPrefixes(instance);
    this.evpn.importAllAgain();
  }

  private exportBridge(bridge: Bridge): void {
    this.evpn.exportMembership(bridge);
    for (const [mac, entry] of bridge.macs) {
      if (entry.type === 'learnt') this.evpn.exportMac(bridge, mac, undefined, entry.sequence);
    }
    for (const irb of bridge.irbs) {
      for (const [address, { mac, type }] of irb.neighbors) {
        if (type === 'dynamic') this.advertiseHost(bridge, irb, address, mac);
      }
    }
  }

  /** Every subinterface goes where the configuration has it; one that moves comes up there when next reconsidered. */
  private attachAll(): void {
    for (const subinterface of this.subinterfaces.values()) {
      const homes = this.config.networkInstances.filter(
        ({ name, interfaces }) =>
          interfaces.includes(subinterface.name) && (this.instances.has(name) || this.bridges.has(name)),
      );
      const instance = homes.find(({ type }) => type !== 'mac-vrf')?.name;
      const bridge = homes.find(({ type }) => type === 'mac-vrf')?.name;
      if (subinterface.instance === instance && subinterface.bridge === bridge) continue;
      this.takeDown(subinterface);
      if (subinterface.bridge !== undefined) this.bridges.get(subinterface.bridge)?.remove(subinterface);
      subinterface.instance = instance;
      subinterface.bridge = bridge;
      if (bridge !== undefined) this.bridges.get(bridge)?.add(subinterface);
    }
  }

  private enablePorts(): void {
    const { world } = this.options;
    for (const port of this.ports.values()) {
      const enabled = this.config.interfaces.find(one => one.name === port.name)?.adminState === true;
      if (port.enabled === enabled) continue;
      port.enabled = enabled;
      if (port.wire !== undefined) world.carrierMayHaveChanged(port.wire);
    }
  }

  private portNamed(name: string): void {
    if (name.startsWith('ethernet-') && !this.ports.has(name)) this.ports.set(name, new Port(this, name));
  }

  // interface state

  carrierChanged(port: Port): void {
    for (const subinterface of this.subinterfaces.values()) {
      if (subinterface.port === port) this.reconsider(subinterface);
    }
    this.options.onSessionsChanged(this);
  }

  private reconsider(subinterface: Subinterface): void {
    const up = this.shouldBeUp(subinterface);
    if (up === subinterface.up) return;
    if (!up) {
      this.takeDown(subinterface);
      return;
    }
    subinterface.up = true;
    this.options.world.forwardingGeneration++;
    if (subinterface.bridge !== undefined) this.reconsiderIrbs(subinterface);
    if (subinterface.instance !== undefined)
      this.instances.get(subinterface.instance)?.interfaceUp(subinterface);
  }

  private takeDown(subinterface: Subinterface): void {
    if (!subinterface.up) return;
    subinterface.up = false;
    this.options.world.forwardingGeneration++;
    const bridge = subinterface.bridge === undefined ? undefined : this.bridges.get(subinterface.bridge);
    if (bridge !== undefined && subinterface.kind === 'ethernet') this.flushMacs(bridge, subinterface);
    const instance =
      subinterface.instance === undefined ? undefined : this.instances.get(subinterface.instance);
    for (const address of [...subinterface.neighbors.keys()]) this.loseNeighbor(subinterface, address);
    instance?.interfaceDown(subinterface);
    if (bridge !== undefined) this.reconsiderIrbs(subinterface);
  }

  private reconsiderIrbs(subinterface: Subinterface): void {
    if (subinterface.kind === 'irb' || subinterface.bridge === undefined) return;
    for (const irb of this.bridges.get(subinterface.bridge)?.irbs ?? []) this.reconsider(irb);
  }

  private shouldBeUp(subinterface: Subinterface): boolean {
    if (!subinterface.config.adminState || !subinterface.interfaceEnabled) return false;
    if (subinterface.instance === undefined && subinterface.bridge === undefined) return false;
    switch (subinterface.kind) {
      case 'loopback':
        return true;
      case 'ethernet':
        return subinterface.port?.carrier === true;
      case 'irb':
        return subinterface.bridge !== undefined && this.bridges.get(subinterface.bridge)?.up === true;
    }
  }

  // what is learnt

  learnMac(bridge: Bridge, mac: Mac, subinterface: Subinterface): void {
    const known = bridge.macs.get(mac);
    if (known?.type === 'learnt' && known.subinterface === subinterface) return;
    // RFC 7432 section 15: a MAC that moved here is announced with a higher sequence number.
    const sequence = known === undefined ? 0 : known.type === 'evpn' ? known.sequence + 1 : known.sequence;
    bridge.macs.set(mac, { type: 'learnt', subinterface, sequence });
    this.reportMac(bridge, mac, undefined, subinterface.name);
    this.evpn.exportMac(bridge, mac, undefined, sequence);
  }

  learnNeighbor(subinterface: Subinterface, address: Ipv4, mac: Mac): void {
    const known = subinterface.neighbors.get(address);
    if (known?.type === 'dynamic' && known.mac === mac) return;
    subinterface.neighbors.set(address, { mac, type: 'dynamic' });
    const bridge = subinterface.bridge === undefined ? undefined : this.bridges.get(subinterface.bridge);
    if (subinterface.kind !== 'irb' || bridge === undefined) return;
    this.reportMac(bridge, mac, address, subinterface.name);
    this.advertiseHost(bridge, subinterface, address, mac);
    if (
      subinterface.config.arp.hostRoutePopulate.includes('dynamic') &&
      subinterface.instance !== undefined
    ) {
      this.instances.get(subinterface.instance)?.addHostRoute(address, subinterface);
    }
  }

  private advertiseHost(bridge: Bridge, irb: Subinterface, address: Ipv4, mac: Mac): void {
    const entry = bridge.macs.get(mac);
    if (!irb.config.arp.evpnAdvertise.includes('dynamic') || entry?.type !== 'learnt') return;
    this.evpn.exportMac(bridge, mac, address, entry.sequence);
  }

  private loseNeighbor(subinterface: Subinterface, address: Ipv4): void {
    const known = subinterface.neighbors.get(address);
    if (known === undefined) return;
    subinterface.neighbors.delete(address);
    const bridge = subinterface.bridge === undefined ? undefined : this.bridges.get(subinterface.bridge);
    if (subinterface.kind !== 'irb' || bridge === undefined) return;
    if (known.type === 'dynamic') this.evpn.withdrawMac(bridge, known.mac, address);
    if (subinterface.instance !== undefined)
      this.instances.get(subinterface.instance)?.removeHostRoute(address);
  }

  private flushMacs(bridge: Bridge, subinterface: Subinterface): void {
    for (const [mac, entry] of [...bridge.macs]) {
      if (entry.type !== 'learnt' || entry.subinterface !== subinterface) continue;
      this.forgetMac(bridge, mac);
    }
  }

  private forgetMac(bridge: Bridge, mac: Mac): void {
    for (const irb of bridge.irbs) {
      for (const [address, neighbor] of [...irb.neighbors]) {
        if (neighbor.mac === mac && neighbor.type === 'dynamic') this.loseNeighbor(irb, address);
      }
    }
    this.evpn.withdrawMac(bridge, mac, undefined);
    this.setMac(bridge, mac, this.evpn.remoteMac(bridge, mac));
  }

  private remoteMac(bridge: Bridge, mac: Mac, remote: RemoteMac | undefined): void {
    const known = bridge.macs.get(mac);
    if (known?.type === 'learnt') {
      if (remote !== undefined && remote.sequence > known.sequence) this.forgetMac(bridge, mac);
      return;
    }
    this.setMac(bridge, mac, remote);
  }

  private setMac(bridge: Bridge, mac: Mac, remote: RemoteMac | undefined): void {
    const { world } = this.options;
    const known = bridge.macs.get(mac);
    if (remote === undefined) {
      if (!bridge.macs.delete(mac)) return;
      world.emit({ type: 'mac-lost', node: this.name, instance: bridge.name, mac });
      return;
    }
    if (known?.type === 'evpn' && known.vtep === remote.vtep && known.sequence === remote.sequence) return;
    const entry: MacEntry = { type: 'evpn', ...remote };
    bridge.macs.set(mac, entry);
    this.reportMac(bridge, mac, undefined, `${bridge.config.vxlanInterface ?? 'vxlan'} vtep ${remote.vtep}`);
  }

  private remoteHost(bridge: Bridge, address: Ipv4, mac: Mac | undefined): void {
    for (const irb of bridge.irbs) {
      const known = irb.neighbors.get(address);
      if (known?.type === 'dynamic') continue;
      if (mac === undefined) this.loseNeighbor(irb, address);
      else {
        irb.neighbors.set(address, { mac, type: 'evpn' });
        if (irb.config.arp.hostRoutePopulate.includes('evpn') && irb.instance !== undefined)
          this.instances.get(irb.instance)?.addHostRoute(address, irb);
      }
    }
  }

  private reportMac(bridge: Bridge, mac: Mac, address: Ipv4 | undefined, via: string): void {
    const { world } = this.options;
    world.forwardingGeneration++;
    const where = { node: this.name, instance: bridge.name, mac, via };
    world.emit({ type: 'mac-learned', ...where, ...(address === undefined ? {} : { address }) });
  }

  // packets

  receive(frame: Frame, port: Port, context: WalkContext): Verdict {
    return forwarding.receiveFrame(this, frame, port.name, context);
  }

  send(packet: Packet, instance: string, context: WalkContext): Verdict {
    return forwarding.routePacket(this, instance, packet, 'own', context);
  }

  answerArp(question: ArpQuestion, port: Port, context: WalkContext): Mac | undefined {
    return forwarding.answerArp(this, question, port.name, context);
  }

  askThroughTunnel(vtep: Ipv4, vni: number, question: ArpQuestion, context: WalkContext): Mac | undefined {
    const own = this.vtepAddress;
    if (own === undefined || --context.hopsLeft <= 0) return undefined;
    const { world } = this.options;
    const there = walk(
      world,
      tunnelProbe(own, vtep),
      { device: this, instance: 'default' },
      { observe: true },
    );
    if (there.outcome !== 'delivered' || !(there.device instanceof Switch)) return undefined;
    const mac = forwarding.answerArpFromTunnel(there.device, vni, question, context);
    if (mac === undefined) return undefined;
    const from = { device: there.device, instance: 'default' };
    const back = walk(world, tunnelProbe(vtep, own), from, { observe: true });
    return back.outcome === 'delivered' && back.device === this ? mac : undefined;
  }

  instanceOwning(address: Ipv4): string | undefined {
    for (const instance of this.instances.values()) {
      if (instance.localAddresses.has(address)) return instance.name;
    }
    return undefined;
  }

  sourceAddressTowards(destination: Ipv4, instance: string): Ipv4 | undefined {
    const routed = this.instances.get(instance);
    const member = routed?.table.resolve(destination)[0];
    if (routed === undefined || member === undefined) return undefined;
    return member.type === 'vxlan' ? this.anyAddress(routed) : member.subinterface.address;
  }

  private anyAddress(instance: RoutedInstance): Ipv4 | undefined {
    for (const subinterface of instance.subinterfaces) {
      if (subinterface.kind === 'loopback') return subinterface.address;
    }
    return undefined;
  }

  // the data plane's view

  get hash(): HashConfig {
    return this.config.hash;
  }

  get hashSeed(): number {
    return this.config.hash.seed ?? generatedHashSeed(this.name);
  }

  get vtepAddress(): Ipv4 | undefined {
    return this.subinterfaces.get('system0.0')?.address;
  }

  routing(instance: string): RoutedInstance | undefined {
    return this.instances.get(instance);
  }

  bridge(name: string): Bridge | undefined {
    return this.bridges.get(name);
  }

  tunnelEnd(vni: number): { readonly type: 'routed' | 'bridged'; readonly instance: string } | undefined {
    return this.byVni.get(vni);
  }

  subinterfaceAt(port: string, vlan: number | undefined): Subinterface | undefined {
    return this.byTag.get(tagKey(port, vlan));
  }

  routeTable(instance: string): RouteTable | undefined {
    return this.instances.get(instance)?.table;
  }

  private routerId(): Ipv4 | undefined {
    return routerIdOf(this.config);
  }

  private vniOf(config: NetworkInstanceConfig): number | undefined {
    return this.config.vxlanInterfaces.find(one => one.name === config.vxlanInterface)?.ingressVni;
  }
}

function routerIdOf({ networkInstances }: SwitchConfig): Ipv4 | undefined {
  const config = networkInstances.find(one => one.name === 'default');
  return config?.bgp?.routerId ?? config?.routerId;
}

function tagKey(port: string, vlan: number | undefined): string {
  return vlan === undefined ? port : `${port} ${vlan}`;
}

/** Last number of an interface name: 10 of "ethernet-1/10". */
function portNumber(name: string): number {
  return Number(/(\d+)$/.exec(name)?.[1] ?? 0);
}

function tunnelProbe(from: Ipv4, to: Ipv4): Packet {
  const flow = {
    sourceAddress: from,
    destinationAddress: to,
    protocol: 17,
    sourcePort: 49152,
    destinationPort: VXLAN_PORT,
  };
  return { flow, ttl: 255 };
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Whether two configurations of an instance differ only in what can be changed in place. */
function sameFrame(a: NetworkInstanceConfig, b: NetworkInstanceConfig | undefined): boolean {
  return (
    b !== undefined &&
    a.type === b.type &&
    a.adminState === b.adminState &&
    a.vxlanInterface === b.vxlanInterface &&
    same(a.resilientHash, b.resilientHash)
  );
}
