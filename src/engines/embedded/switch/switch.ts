import { faultId } from '../../../lab/fault.ts';
import type { SwitchNode } from '../../../lab/lab.ts';
import type { HashConfig, SwitchConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Device, Verdict, WalkContext } from '../device.ts';
import { type ArpQuestion, type Frame, type Packet, VXLAN_PORT } from '../packet.ts';
import type { Transport } from '../transport.ts';
import { walk } from '../walk.ts';
import { Port } from '../wire.ts';
import type { World } from '../world.ts';
import type { Bridge } from './bridge.ts';
import { chassisMac, generatedHashSeed } from './chassis.ts';
import { Configurator, routerIdOf } from './configurator.ts';
import type { DataPlane } from './data-plane.ts';
import { EvpnExporter } from './evpn-exporter.ts';
import { EvpnImporter } from './evpn-importer.ts';
import { receiveFrame, routePacket } from './forwarding.ts';
import { HostLearning } from './host-learning.ts';
import { InterfaceStates } from './interface-states.ts';
import { answerArp, answerArpFromTunnel } from './neighbor-resolution.ts';
import type { RouteTable } from './route-table.ts';
import type { RoutedInstance } from './routed-instance.ts';
import type { Subinterface } from './subinterface.ts';
import { addPorts, enablePorts } from './subinterface-set.ts';
import { type SwitchParts, tagKey, vniOf } from './switch-parts.ts';

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

/** A switch running SR Linux: its configuration at work, and the packets that meet it. */
export class Switch implements Device, DataPlane {
  readonly name: string;
  readonly node: SwitchNode;
  forwardingGeneration = 0;
  readonly routerMac: Mac;
  running = false;
  /** Its BGP process is stopped by a signal. */
  bgpFrozen = false;
  private readonly options: SwitchOptions;
  private readonly parts: SwitchParts;
  private readonly exporter: EvpnExporter;
  private readonly importer: EvpnImporter;
  private readonly learning: HostLearning;
  private readonly states: InterfaceStates;
  private readonly configurator: Configurator;

  constructor(options: SwitchOptions) {
    const { world, node, transport, cabled, modulo } = options;
    this.options = options;
    this.node = node;
    this.name = node.name;
    this.routerMac = chassisMac(node.name, 0xff);
    const parts: SwitchParts = {
      world,
      name: node.name,
      device: this,
      config: node.config,
      ports: new Map(),
      subinterfaces: new Map(),
      byTag: new Map(),
      instances: new Map(),
      bridges: new Map(),
      byVni: new Map(),
    };
    this.parts = parts;
    for (const name of cabled) parts.ports.set(name, new Port(this, name));
    this.exporter = new EvpnExporter({
      process: () => parts.instances.get('default')?.process,
      routerId: () => routerIdOf(parts.config),
      vtepAddress: () => this.vtepAddress,
      routerMac: this.routerMac,
      vniOf: config => vniOf(parts, config),
    });
    this.importer = new EvpnImporter({
      routedInstances: () => parts.instances.values(),
      bridges: () => parts.bridges.values(),
      onRemoteMac: (bridge, mac, remote) => this.learning.remoteMac(bridge, mac, remote),
      onRemoteHost: (bridge, address, mac) => this.learning.remoteHost(bridge, address, mac),
      onFloodingChanged: () => world.forwardingChanged(this),
    });
    this.learning = new HostLearning(parts, this.exporter, this.importer);
    this.states = new InterfaceStates(parts, this.learning);
    this.configurator = new Configurator({
      parts,
      device: this,
      transport,
      exporter: this.exporter,
      importer: this.importer,
      learning: this.learning,
      states: this.states,
      modulo,
      onSessionsChanged: () => options.onSessionsChanged(this),
    });
    this.takePorts();
  }

  // life

  /** The node is up: everything its configuration says comes to life. */
  start(): void {
    if (this.running) return;
    const { world } = this.options;
    this.running = true;
    const event = world.emit({ type: 'node-started', node: this.name });
    world.causedBy(event, () => {
      this.configurator.build();
      world.powerChanged(this);
      this.options.onSessionsChanged(this);
    });
  }

  /** The container is gone: nobody is told but by the dark wires. */
  stop(): void {
    if (!this.running) return;
    const { world } = this.options;
    const { subinterfaces, byTag, byVni, instances, bridges } = this.parts;
    this.running = false;
    this.bgpFrozen = false;
    world.forwardingChanged(this);
    const event = world.emit({ type: 'node-stopped', node: this.name });
    world.causedBy(event, () => {
      for (const instance of instances.values()) instance.close('switched-off');
      for (const part of [subinterfaces, byTag, byVni, instances, bridges]) part.clear();
      world.endFault(faultId({ kind: 'speaker-frozen', node: this.name }));
      this.exporter.forget();
      this.importer.forget();
      world.powerChanged(this);
      this.options.onSessionsChanged(this);
    });
  }

  /** The BGP process (one for all network-instances) dies; forwarding loses what it had put there. */
  killBgp(): void {
    for (const instance of this.instances.values()) instance.process?.kill();
  }

  /** It ends in good order: its peers are told. */
  terminateBgp(): void {
    for (const instance of this.instances.values()) instance.process?.terminate();
  }

  restartBgp(): void {
    for (const instance of this.instances.values()) instance.process?.start();
  }

  /** It stands still; what it had put into forwarding stays. */
  freezeBgp(): void {
    this.bgpFrozen = true;
    for (const instance of this.instances.values()) instance.process?.freeze();
  }

  thawBgp(): void {
    this.bgpFrozen = false;
    for (const instance of this.instances.values()) instance.process?.thaw();
  }

  get bgpAlive(): boolean {
    return [...this.instances.values()].every(({ process }) => process === undefined || process.alive);
  }

  /** Commits a configuration; a switch that is off boots with it. */
  reconfigure(config: SwitchConfig): void {
    if (this.running) {
      this.configurator.reconfigure(config);
      if (this.bgpFrozen) this.freezeBgp();
      this.options.onSessionsChanged(this);
      return;
    }
    this.parts.config = config;
    this.takePorts();
  }

  carrierChanged(port: Port): void {
    this.states.carrierChanged(port);
    this.options.onSessionsChanged(this);
  }

  private takePorts(): void {
    addPorts(
      this.parts,
      this,
      this.config.interfaces.map(({ name }) => name),
    );
    enablePorts(this.parts);
  }

  // what it consists of

  get config(): SwitchConfig {
    return this.parts.config;
  }

  get ports(): ReadonlyMap<string, Port> {
    return this.parts.ports;
  }

  get subinterfaces(): ReadonlyMap<string, Subinterface> {
    return this.parts.subinterfaces;
  }

  get instances(): ReadonlyMap<string, RoutedInstance> {
    return this.parts.instances;
  }

  get bridges(): ReadonlyMap<string, Bridge> {
    return this.parts.bridges;
  }

  routeTable(instance: string): RouteTable | undefined {
    return this.instances.get(instance)?.table;
  }

  // packets

  receive(frame: Frame, port: Port, context: WalkContext): Verdict {
    return receiveFrame(this, frame, port.name, context);
  }

  send(packet: Packet, instance: string, context: WalkContext): Verdict {
    return routePacket(this, instance, packet, 'own', context);
  }

  answerArp(question: ArpQuestion, port: Port, context: WalkContext): Mac | undefined {
    return answerArp(this, question, port.name, context);
  }

  askThroughTunnel(vtep: Ipv4, vni: number, question: ArpQuestion, context: WalkContext): Mac | undefined {
    const own = this.vtepAddress;
    if (own === undefined || --context.hopsLeft <= 0) return undefined;
    const { world } = this.options;
    const here = { device: this, instance: 'default' };
    const { hangsOn } = context;
    const there = walk(world, tunnelProbe(own, vtep), here, { observe: true, hangsOn });
    if (there.outcome !== 'delivered' || !(there.device instanceof Switch)) return undefined;
    const mac = answerArpFromTunnel(there.device, vni, question, context);
    if (mac === undefined) return undefined;
    const from = { device: there.device, instance: 'default' };
    const back = walk(world, tunnelProbe(vtep, own), from, { observe: true, hangsOn });
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
    return member.type === 'vxlan' ? routed.loopbackAddress() : member.subinterface.address;
  }

  // the data plane's view

  get hash(): HashConfig {
    return this.config.hash;
  }

  get hashSeed(): number {
    return this.config.hash.seed ?? generatedHashSeed(this.name);
  }

  get vtepAddress(): Ipv4 | undefined {
    return this.parts.subinterfaces.get('system0.0')?.address;
  }

  routing(instance: string): RoutedInstance | undefined {
    return this.parts.instances.get(instance);
  }

  bridge(name: string): Bridge | undefined {
    return this.parts.bridges.get(name);
  }

  tunnelEnd(vni: number): { readonly type: 'routed' | 'bridged'; readonly instance: string } | undefined {
    return this.parts.byVni.get(vni);
  }

  subinterfaceAt(port: string, vlan: number | undefined): Subinterface | undefined {
    return this.parts.byTag.get(tagKey(port, vlan));
  }

  learnMac(bridge: Bridge, mac: Mac, subinterface: Subinterface): void {
    this.learning.learnMac(bridge, mac, subinterface);
  }

  learnNeighbor(subinterface: Subinterface, address: Ipv4, mac: Mac): void {
    this.learning.learnNeighbor(subinterface, address, mac);
  }
}

/** A VXLAN packet that carries nothing: does one get from VTEP to VTEP now? */
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
