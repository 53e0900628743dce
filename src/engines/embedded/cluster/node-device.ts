import type { PodNetwork } from '../../../kube/control/pod-networks.ts';
import type { ProxiedService } from '../../../kube/kube-proxy.ts';
import type { Attachment } from '../../../lab/lab.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import { containsAddress, type Ipv4InterfaceAddress, type Ipv4Prefix } from '../../../net/prefix.ts';
import { announceHost } from '../arp.ts';
import type { Device, Verdict, WalkContext } from '../device.ts';
import { type ArpQuestion, BROADCAST, type Frame, oneHopOlder, type Packet } from '../packet.ts';
import { Port } from '../wire.ts';
import type { World } from '../world.ts';
import { type HostInterface, HostNetwork } from './host-network.ts';
import { NeighborCache, type NeighborEntry } from './neighbor-cache.ts';
import { networkTowards, onLink, type PodSocket, PodSockets } from './pod-sockets.ts';
import type { HostRoute } from './route-list.ts';
import { noteOf, ServiceTranslation } from './service-translation.ts';

/** One way over the Docker bridge between two containers of the machine, milliseconds. */
const BRIDGE_DELAY = 0.03;

/** What a node asks of its cluster. */
export type NodeSurroundings = {
  readonly world: World;
  /** On the Docker network. */
  readonly address: Ipv4InterfaceAddress;
  readonly gateway: Ipv4;
  readonly podCidr: Ipv4Prefix;
  /** Other containers on the Docker network, by address. */
  readonly neighborAt: (address: Ipv4) => NodeDevice | undefined;
  /** The nodes of the same cluster: their pod subnets are routed to them. */
  readonly peers: () => readonly NodeDevice[];
  readonly services: () => readonly ProxiedService[];
};

/** Where a packet came into the node's own network namespace. */
type Origin = 'fabric' | 'bridge' | 'pod' | 'host';

/** A Kubernetes node: a Linux host with a leg on the Docker network, maybe one on the fabric, and pods. */
export class NodeDevice implements Device {
  readonly name: string;
  readonly podCidr: Ipv4Prefix;
  readonly ports = new Map<string, Port>();
  running = false;
  forwardingGeneration = 0;
  private readonly around: NodeSurroundings;
  private readonly network: HostNetwork;
  private readonly neighbors: NeighborCache;
  private readonly sockets = new PodSockets();
  private readonly translation: ServiceTranslation;

  constructor(name: string, around: NodeSurroundings) {
    this.name = name;
    this.around = around;
    this.podCidr = around.podCidr;
    this.network = new HostNetwork({ node: name, ...around });
    this.neighbors = new NeighborCache(around.world, this);
    this.translation = new ServiceTranslation({
      node: name,
      seed: around.world.seed,
      services: around.services,
      addresses: () => this.network.addresses,
      sourceTowards: pod =>
        this.sockets.at(pod) === undefined
          ? (this.network.sourceAddressTowards(pod) ?? this.dockerAddress)
          : this.network.podGateway,
    });
    this.updateRoutes();
  }

  // what the cluster tells it

  attach(attachment: Attachment): void {
    if (!this.ports.has(attachment.port)) this.ports.set(attachment.port, new Port(this, attachment.port));
    this.network.attach(attachment);
    this.updateRoutes();
  }

  /** The cable's end is gone from the node, with its address and the VLAN devices that stood on it. */
  detach(port: string): void {
    this.ports.delete(port);
    this.neighbors.forget(port);
    this.network.detach(port);
    this.updateRoutes();
  }

  /** The pods whose sandboxes exist now. */
  setPods(sockets: readonly PodSocket[]): void {
    this.around.world.forwardingChanged(this);
    for (const { network } of this.sockets.set(sockets)) this.announceOn(network);
  }

  setRunning(running: boolean): void {
    if (this.running === running) return;
    this.running = running;
    this.neighbors.forgetAll();
    if (!running) {
      this.conntrack.clear();
      this.setPods([]);
    }
    this.updateRoutes();
  }

  updateRoutes(): void {
    const peers = this.around.peers().filter(peer => peer !== this);
    this.network.updateRoutes(port => this.portUp(port), peers);
    this.around.world.forwardingChanged(this);
  }

  // what others read

  get conntrack() {
    return this.translation.conntrack;
  }

  get dockerAddress(): Ipv4 {
    return this.network.dockerAddress;
  }

  get fabricAddress(): Ipv4 | undefined {
    return this.network.fabricAddress;
  }

  get reachesInternet(): boolean {
    return this.network.reachesInternet;
  }

  interfaces(): HostInterface[] {
    return this.network.interfaces(port => this.portUp(port));
  }

  hostRoutes(): readonly HostRoute[] {
    return this.network.routes.all();
  }

  neighborEntries(): NeighborEntry[] {
    return this.neighbors.all();
  }

  pods(): PodSocket[] {
    return this.sockets.all();
  }

  pod(instance: string): PodSocket | undefined {
    return this.sockets.named(instance);
  }

  // Device

  receive(frame: Frame, port: Port, context: WalkContext): Verdict {
    if (frame.vlan !== undefined) return this.receiveTagged(frame.packet, frame.vlan, port, context);
    const { packet, destination } = frame;
    if (destination !== this.network.macOn(port.name) && destination !== BROADCAST)
      return drop('unknown-mac', `${port.name} is not ${destination}`);
    if (!this.network.hasAddressOn(port.name)) return drop('no-route', `${port.name} has no address`);
    return this.input(packet, 'fabric', context);
  }

  send(packet: Packet, instance: string, context: WalkContext): Verdict {
    if (instance === '') {
      const own = this.network.owns(packet.flow.sourceAddress);
      return this.input(packet, own ? 'host' : 'bridge', context);
    }
    const socket = this.sockets.named(instance);
    if (socket === undefined) return drop('node-down', `the pod ${instance} is gone`);
    if (socket.hostNetwork) return this.input(packet, 'host', context);
    const network = networkTowards(socket, packet.flow.destinationAddress);
    if (network !== undefined) return this.sendOverNetwork(packet, instance, network, context);
    context.hops?.push({ node: this.name, instance, outPort: 'eth0' });
    return this.input(packet, 'pod', context);
  }

  instanceOwning(address: Ipv4): string | undefined {
    if (this.network.owns(address)) return '';
    return this.sockets.at(address)?.instance ?? this.sockets.onFabric(address)?.socket.instance;
  }

  sourceAddressTowards(destination: Ipv4, instance: string): Ipv4 | undefined {
    const socket = this.sockets.named(instance);
    if (socket === undefined || socket.hostNetwork) return this.network.sourceAddressTowards(destination);
    return networkTowards(socket, destination)?.address ?? socket.address;
  }

  answerArp(question: ArpQuestion, port: Port): Mac | undefined {
    const { address, vlan } = question;
    const known =
      vlan === undefined
        ? this.network.hasAddressOn(port.name) && this.network.owns(address)
        : this.sockets.onFabric(address)?.network.master === `VLAN-${vlan}`;
    return known ? this.network.macOn(port.name) : undefined;
  }

  carrierChanged(port: Port, up: boolean): void {
    for (const { name, parent } of this.interfaces())
      if (name === port.name || parent === port.name) this.neighbors.forget(name);
    this.updateRoutes();
    if (up) this.announceAll();
  }

  /** Tells the fabric who is here. */
  announceAll(): void {
    for (const { port: name, address } of this.network.fabricInterfaces()) {
      const port = this.ports.get(name);
      if (port !== undefined && this.portUp(name))
        announceHost(this.around.world, port, { mac: this.network.macOn(name), address });
    }
    for (const { network } of this.sockets.allOnFabric()) this.announceOn(network);
  }

  // packets

  /** For an ipvlan pod: the VLAN device below it hands over by address. */
  private receiveTagged(packet: Packet, vlan: number, port: Port, context: WalkContext): Verdict {
    if (!this.network.hasVlan(port.name, vlan))
      return drop('unknown-mac', `no device for VLAN ${vlan} on ${port.name}`);
    const { destinationAddress } = packet.flow;
    const found = this.sockets.onFabric(destinationAddress);
    if (found === undefined) return drop('no-neighbor', `no pod has ${destinationAddress}`);
    const { instance, name } = found.socket;
    context.hops?.push({ node: this.name, instance, note: `VLAN ${vlan}, pod ${name} on ${this.name}` });
    return { type: 'deliver', instance, packet, to: `pod ${name}` };
  }

  /** The node's own IP stack: translation first, then the routing decision. */
  private input(packet: Packet, from: Origin, context: WalkContext): Verdict {
    const external = from === 'fabric' || from === 'bridge';
    const translated = this.translation.translate(packet.flow, external, context);
    if (translated.type !== 'pass') {
      const { because } = translated;
      context.hops?.push({ node: this.name, note: because });
      if (translated.type === 'drop') return drop('policy', because);
      const icmpFrom = this.fabricAddress ?? this.dockerAddress;
      return { type: 'drop', reason: 'refused', because, icmpFrom };
    }
    const { flow } = translated;
    const note = context.hops === undefined ? undefined : noteOf(packet.flow, translated);
    return this.route(flow === packet.flow ? packet : { ...packet, flow }, from, context, note);
  }

  private route(packet: Packet, from: Origin, context: WalkContext, note: string | undefined): Verdict {
    const { destinationAddress } = packet.flow;
    const icmpFrom = this.dockerAddress;
    if (this.network.owns(destinationAddress)) {
      context.hops?.push({ node: this.name, note: note ?? 'its own address' });
      return { type: 'deliver', instance: '', packet, to: 'stack' };
    }
    const local = this.sockets.at(destinationAddress);
    if (local !== undefined) {
      const pod = `pod ${local.name}`;
      context.hops?.push({ node: this.name, note: note === undefined ? pod : `${note}, ${pod}` });
      return { type: 'deliver', instance: local.instance, packet, to: pod };
    }
    const forwarded = from === 'host' ? packet : oneHopOlder(packet);
    if (forwarded.ttl <= 0)
      return { type: 'drop', reason: 'ttl-expired', because: 'its time to live ran out', icmpFrom };
    const route = this.network.routes.lookUp(destinationAddress);
    context.hops?.push({
      node: this.name,
      ...(route === undefined ? {} : { prefix: route.prefix, outPort: route.device }),
      ...(note === undefined ? {} : { note }),
    });
    if (containsAddress(this.podCidr, destinationAddress)) {
      const because = `no pod has ${destinationAddress} any more`;
      return { type: 'drop', reason: 'no-neighbor', because, icmpFrom };
    }
    if (route === undefined) return drop('no-route', `no route to ${destinationAddress}`);
    const nextHop = route.via ?? destinationAddress;
    if (route.device === 'eth0') return this.overBridge(forwarded, nextHop);
    return this.overWire(forwarded, route.device, nextHop, context);
  }

  private overBridge(packet: Packet, nextHop: Ipv4): Verdict {
    const to = this.around.neighborAt(nextHop);
    if (to !== undefined) return { type: 'hand-over', to, packet, delay: BRIDGE_DELAY };
    const { destinationAddress } = packet.flow;
    return nextHop === this.around.gateway
      ? drop('no-route', `${destinationAddress} is not on the fabric: sent to the Docker network's gateway`)
      : drop('no-neighbor', `nobody on the Docker network has ${nextHop}`);
  }

  private overWire(packet: Packet, device: string, nextHop: Ipv4, context: WalkContext): Verdict {
    const port = this.ports.get(device);
    const senderAddress = this.network.addressOn(device);
    if (port === undefined || senderAddress === undefined) return drop('no-route', `${device} is gone`);
    const source = this.network.macOn(device);
    const question = { address: nextHop, senderMac: source, senderAddress };
    const destination = this.neighbors.resolve(port, device, question, context);
    if (destination === undefined)
      return drop('no-neighbor', `nobody answers ARP for ${nextHop} on ${device}`);
    return { type: 'forward', port, frame: { source, destination, packet } };
  }

  /** Out of a pod's second interface: an ipvlan slave of a VLAN device shares the MAC of the port below. */
  private sendOverNetwork(
    packet: Packet,
    instance: string,
    network: PodNetwork,
    context: WalkContext,
  ): Verdict {
    const below = this.network.masterOf(network.master);
    const port = below === undefined ? undefined : this.ports.get(below.port);
    if (below === undefined || port === undefined)
      return drop('no-route', `the device ${network.master} is gone`);
    const { destinationAddress } = packet.flow;
    const route = network.routes.find(each => containsAddress(each.prefix, destinationAddress));
    const gateway = onLink(network, destinationAddress) ? undefined : route?.gateway;
    const address = gateway ?? destinationAddress;
    context.hops?.push({
      node: this.name,
      instance,
      outPort: network.interface,
      ...(route === undefined ? {} : { prefix: route.prefix }),
      note: `${network.interface} on ${network.master}`,
    });
    const source = this.network.macOn(port.name);
    const { vlan } = below;
    const question = { address, senderMac: source, senderAddress: network.address, vlan };
    const destination = this.neighbors.resolve(port, network.master, question, context);
    if (destination === undefined)
      return drop('no-neighbor', `nobody answers ARP for ${address} on ${network.master}`);
    return { type: 'forward', port, frame: { source, destination, vlan, packet } };
  }

  private announceOn({ master, address }: PodNetwork): void {
    const below = this.network.masterOf(master);
    const port = below === undefined ? undefined : this.ports.get(below.port);
    if (below === undefined || port === undefined || !this.portUp(port.name)) return;
    const mac = this.network.macOn(port.name);
    announceHost(this.around.world, port, { mac, address, vlan: below.vlan });
  }

  private portUp(name: string): boolean {
    return this.running && this.ports.get(name)?.carrier === true;
  }
}

function drop(reason: Extract<Verdict, { type: 'drop' }>['reason'], because: string): Verdict {
  return { type: 'drop', reason, because };
}
