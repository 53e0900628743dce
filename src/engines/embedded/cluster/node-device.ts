import type { PodNetwork } from '../../../kube/control/pod-networks.ts';
import { type ProxiedService, proxyDecision } from '../../../kube/kube-proxy.ts';
import type { Attachment } from '../../../lab/lab.ts';
import { addressPlus, type Ipv4 } from '../../../net/address.ts';
import { type FiveTuple, TCP, UDP } from '../../../net/flow.ts';
import type { Mac } from '../../../net/mac.ts';
import {
  addressOf,
  containsAddress,
  type Ipv4InterfaceAddress,
  type Ipv4Prefix,
  networkOf,
} from '../../../net/prefix.ts';
import { announceHost, whoHas } from '../arp.ts';
import type { Device, Verdict, WalkContext } from '../device.ts';
import type { ArpQuestion, Frame, Packet } from '../packet.ts';
import { hashText } from '../random.ts';
import { Port } from '../wire.ts';
import type { World } from '../world.ts';
import { Conntrack } from './conntrack.ts';
import { type HostRoute, RouteList } from './route-list.ts';

/** One way over the Docker bridge between two containers of the machine, milliseconds. */
const BRIDGE_DELAY = 0.03;
/** Linux asks again for a neighbour it has not heard of for this long. */
const NEIGHBOR_REACHABLE = 30_000;

/** A pod's place on a node. */
export type PodSocket = {
  /** Routing context: "hello-7c9…", with its namespace in front where that is not "default". */
  readonly instance: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly address: Ipv4;
  readonly hostNetwork: boolean;
  readonly networks: readonly PodNetwork[];
};

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

/** An interface as `ip address` shows it. */
export type HostInterface = {
  readonly name: string;
  readonly mac: Mac;
  readonly mtu: number;
  readonly up: boolean;
  readonly address?: Ipv4InterfaceAddress;
  /** The device it stands on: "VLAN-1001" on "e1-1". */
  readonly parent?: string;
  readonly vlan?: number;
};

/** A Kubernetes node: a Linux host with a leg on the Docker network, maybe one on the fabric, and pods. */
export class NodeDevice implements Device {
  readonly name: string;
  readonly podCidr: Ipv4Prefix;
  readonly ports = new Map<string, Port>();
  readonly conntrack = new Conntrack();
  running = false;
  private readonly around: NodeSurroundings;
  private readonly routes = new RouteList();
  private readonly attachments = new Map<string, Attachment>();
  private readonly neighbors = new Map<string, { readonly mac: Mac; readonly at: number }>();
  private readonly byInstance = new Map<string, PodSocket>();
  private readonly byAddress = new Map<Ipv4, PodSocket>();
  private readonly byFabricAddress = new Map<
    Ipv4,
    { readonly socket: PodSocket; readonly network: PodNetwork }
  >();

  constructor(name: string, around: NodeSurroundings) {
    this.name = name;
    this.around = around;
    this.podCidr = around.podCidr;
    this.updateRoutes();
  }

  // what the cluster tells it

  /** The fabric interface is there and configured. */
  attach(attachment: Attachment): Port {
    const known = this.ports.get(attachment.port);
    const port = known ?? new Port(this, attachment.port);
    this.ports.set(attachment.port, port);
    this.attachments.set(attachment.port, attachment);
    this.updateRoutes();
    return port;
  }

  detachAll(): void {
    this.attachments.clear();
    this.updateRoutes();
  }

  /** Names of its network devices: pods may share them. */
  deviceNames(): string[] {
    return this.interfaces().map(each => each.name);
  }

  /** The pods whose sandboxes exist now. */
  setPods(sockets: readonly PodSocket[]): void {
    const before = new Set(this.byFabricAddress.keys());
    this.byInstance.clear();
    this.byAddress.clear();
    this.byFabricAddress.clear();
    for (const socket of sockets) {
      this.byInstance.set(socket.instance, socket);
      if (!socket.hostNetwork) this.byAddress.set(socket.address, socket);
      for (const network of socket.networks) this.byFabricAddress.set(network.address, { socket, network });
    }
    for (const [address, { network }] of this.byFabricAddress)
      if (!before.has(address)) this.announceOn(network.master, address);
  }

  setRunning(running: boolean): void {
    if (this.running === running) return;
    this.running = running;
    this.neighbors.clear();
    if (!running) {
      this.conntrack.clear();
      this.setPods([]);
    }
    this.updateRoutes();
  }

  /** The route table depends on carrier, attachments and the cluster's other nodes. */
  updateRoutes(): void {
    const { address, gateway } = this.around;
    const routes: HostRoute[] = [
      { prefix: networkOf(address), via: undefined, device: 'eth0', source: addressOf(address) },
    ];
    let defaultRoute: HostRoute = { prefix: '0.0.0.0/0', via: gateway, device: 'eth0' };
    for (const [name, attachment] of this.attachments) {
      if (!this.portUp(name)) continue;
      const source = addressOf(attachment.address);
      routes.push({ prefix: networkOf(attachment.address), via: undefined, device: name, source });
      if (attachment.gateway === undefined) continue;
      for (const prefix of attachment.routes ?? [])
        routes.push({ prefix, via: attachment.gateway, device: name });
      if (attachment.routes === undefined) {
        const onDocker = containsAddress(networkOf(address), attachment.gateway);
        defaultRoute = { prefix: '0.0.0.0/0', via: attachment.gateway, device: onDocker ? 'eth0' : name };
      }
    }
    for (const peer of this.around.peers())
      if (peer !== this) routes.push({ prefix: peer.podCidr, via: peer.dockerAddress, device: 'eth0' });
    routes.push(defaultRoute);
    this.routes.set(routes);
    this.around.world.forwardingGeneration++;
  }

  // what others read

  get dockerAddress(): Ipv4 {
    return addressOf(this.around.address);
  }

  get fabricAddress(): Ipv4 | undefined {
    const [first] = this.attachments.values();
    return first === undefined ? undefined : addressOf(first.address);
  }

  /** Whether the node's way to the Internet is the Docker network's gateway: pulls work then. */
  get reachesInternet(): boolean {
    return this.routes.lookUp('192.0.2.1')?.device === 'eth0';
  }

  interfaces(): HostInterface[] {
    const { address } = this.around;
    const all: HostInterface[] = [
      { name: 'lo', mac: '00:00:00:00:00:00', mtu: 65_536, up: true, address: '127.0.0.1/8' },
      { name: 'eth0', mac: macOf(this.name, 'eth0'), mtu: 1_500, up: true, address },
    ];
    for (const [name, attachment] of this.attachments) {
      const up = this.portUp(name);
      const mac = this.macOn(name);
      all.push({ name, mac, mtu: 9_500, up, address: attachment.address });
      for (const vlan of attachment.vlans)
        all.push({ name: `VLAN-${vlan}`, mac, mtu: 9_500, up, parent: name, vlan });
    }
    return all;
  }

  hostRoutes(): readonly HostRoute[] {
    return this.routes.all();
  }

  neighborEntries(): { readonly address: Ipv4; readonly device: string; readonly mac: Mac }[] {
    return [...this.neighbors].map(([key, { mac }]) => {
      const [device = '', address = ''] = key.split(' ');
      return { device, address, mac };
    });
  }

  pods(): PodSocket[] {
    return [...this.byInstance.values()];
  }

  pod(instance: string): PodSocket | undefined {
    return this.byInstance.get(instance);
  }

  // Device

  receive(frame: Frame, port: Port, context: WalkContext): Verdict {
    if (frame.vlan !== undefined) return this.receiveTagged(frame, frame.vlan, port, context);
    const { packet, destination } = frame;
    if (destination !== this.macOn(port.name) && destination !== 'ff:ff:ff:ff:ff:ff')
      return drop('unknown-mac', `${port.name} is not ${destination}`);
    if (!this.attachments.has(port.name)) return drop('no-route', `${port.name} has no address`);
    return this.input(packet, 'fabric', context);
  }

  send(packet: Packet, instance: string, context: WalkContext): Verdict {
    if (instance === '') {
      const own = this.owns(packet.flow.sourceAddress);
      return this.input(packet, own ? 'host' : 'bridge', context);
    }
    const socket = this.byInstance.get(instance);
    if (socket === undefined) return drop('node-down', `the pod ${instance} is gone`);
    if (socket.hostNetwork) return this.input(packet, 'host', context);
    const network = this.networkTowards(socket, packet.flow);
    if (network === undefined) {
      context.explain?.({ instance, outPort: 'eth0' });
      return this.input(packet, 'pod', context);
    }
    return this.sendOverNetwork(packet, socket, network, context);
  }

  instanceOwning(address: Ipv4): string | undefined {
    if (this.owns(address)) return '';
    return this.byAddress.get(address)?.instance ?? this.byFabricAddress.get(address)?.socket.instance;
  }

  sourceAddressTowards(destination: Ipv4, instance: string): Ipv4 | undefined {
    const socket = this.byInstance.get(instance);
    if (socket !== undefined && !socket.hostNetwork) {
      const network = socket.networks.find(each => reaches(each, destination));
      return network?.address ?? socket.address;
    }
    const route = this.routes.lookUp(destination);
    return route === undefined ? undefined : (route.source ?? this.addressOn(route.device));
  }

  answerArp(question: ArpQuestion, port: Port): Mac | undefined {
    if (question.vlan !== undefined) {
      const found = this.byFabricAddress.get(question.address);
      return found !== undefined && found.network.master === `VLAN-${question.vlan}`
        ? this.macOn(port.name)
        : undefined;
    }
    return this.attachments.has(port.name) && this.owns(question.address) ? this.macOn(port.name) : undefined;
  }

  carrierChanged(port: Port, up: boolean): void {
    for (const key of [...this.neighbors.keys()])
      if (key.startsWith(`${port.name} `) || key.startsWith('VLAN-')) this.neighbors.delete(key);
    this.updateRoutes();
    if (up) this.announceAll();
  }

  /** Tells the fabric who is here. */
  announceAll(): void {
    for (const [name, attachment] of this.attachments) {
      const port = this.ports.get(name);
      if (port === undefined || !this.portUp(name)) continue;
      announceHost(this.around.world, port, {
        mac: this.macOn(name),
        address: addressOf(attachment.address),
      });
    }
    for (const [address, { network }] of this.byFabricAddress) this.announceOn(network.master, address);
  }

  // packets

  private receiveTagged(frame: Frame, vlan: number, port: Port, context: WalkContext): Verdict {
    const { packet } = frame;
    const { destinationAddress } = packet.flow;
    const found = this.byFabricAddress.get(destinationAddress);
    if (!this.attachments.get(port.name)?.vlans.includes(vlan))
      return drop('unknown-mac', `no device for VLAN ${vlan} on ${port.name}`);
    if (found === undefined) return drop('no-neighbor', `no pod has ${destinationAddress}`);
    const { instance } = found.socket;
    context.explain?.({ instance, note: `VLAN ${vlan}, pod ${found.socket.name} on ${this.name}` });
    return { type: 'deliver', instance, packet, to: `pod ${found.socket.name}` };
  }

  /** The node's own IP stack: PREROUTING, routing decision, FORWARD, POSTROUTING. */
  private input(packet: Packet, from: Origin, context: WalkContext): Verdict {
    const { observe, now } = context;
    const answered = this.conntrack.findReply(packet.flow, observe);
    if (answered !== undefined) {
      answered.lastUsed = now;
      const flow = { ...answered.original, ...swap(answered.original) };
      const note = `answer of a translated connection: from ${flow.sourceAddress}:${flow.sourcePort} again`;
      return this.route({ ...packet, flow }, from, context, note);
    }
    const { protocol } = packet.flow;
    if (protocol !== TCP && protocol !== UDP) return this.route(packet, from, context, undefined);
    const known = this.conntrack.find(packet.flow, observe);
    if (known !== undefined) {
      known.lastUsed = now;
      return this.route(
        { ...packet, flow: known.translated },
        from,
        context,
        noteOf(known.original, known.translated),
      );
    }
    return this.proxy(packet, from, context);
  }

  /** kube-proxy's rules for a connection that the node sees for the first time. */
  private proxy(packet: Packet, from: Origin, context: WalkContext): Verdict {
    const { flow } = packet;
    const decision = proxyDecision(
      this.around.services(),
      this.name,
      this.ownAddresses(),
      {
        destination: flow.destinationAddress,
        port: flow.destinationPort,
        external: from === 'fabric' || from === 'bridge',
      },
      () => this.draw(flow),
    );
    switch (decision.type) {
      case 'none':
        return this.route(packet, from, context, undefined);
      case 'drop':
        context.explain?.({ note: decision.because });
        return drop('policy', decision.because);
      case 'reject':
        context.explain?.({ note: decision.because });
        return {
          type: 'drop',
          reason: 'refused',
          because: decision.because,
          icmpFrom: this.fabricAddress ?? this.dockerAddress,
        };
      case 'translate': {
        const translated = this.translate(flow, decision);
        this.conntrack.add(flow, translated, context.now, context.observe);
        return this.route({ ...packet, flow: translated }, from, context, noteOf(flow, translated));
      }
    }
  }

  /** The same connection draws the same number, so that what is imagined and what is sent agree. */
  private draw(flow: FiveTuple): number {
    return (
      hashText(
        `${this.around.world.seed} ${this.name} ${flow.sourceAddress} ${flow.sourcePort} ${flow.destinationPort}`,
      ) / 4_294_967_296
    );
  }

  private translate(
    flow: FiveTuple,
    to: { readonly address: Ipv4; readonly port: number; readonly masquerade: boolean },
  ): FiveTuple {
    const destination = { destinationAddress: to.address, destinationPort: to.port };
    if (!to.masquerade) return { ...flow, ...destination };
    const sourceAddress = this.byAddress.has(to.address)
      ? addressPlus(addressOf(this.podCidr), 1)
      : (this.sourceAddressTowards(to.address, '') ?? this.dockerAddress);
    let translated: FiveTuple = { ...flow, ...destination, sourceAddress };
    // Two clients may use the same port; the masqueraded one then takes another (--random-fully).
    while (this.conntrack.replyTaken(translated)) {
      const sourcePort = 1_024 + (hashText(`${translated.sourcePort} ${flow.sourceAddress}`) % 64_512);
      translated = { ...translated, sourcePort };
    }
    return translated;
  }

  private route(packet: Packet, from: Origin, context: WalkContext, note: string | undefined): Verdict {
    const { destinationAddress } = packet.flow;
    if (this.owns(destinationAddress)) {
      context.explain?.({ note: note ?? 'its own address' });
      return { type: 'deliver', instance: '', packet, to: 'stack' };
    }
    const local = this.byAddress.get(destinationAddress);
    if (local !== undefined) {
      context.explain?.({ note: joined(note, `pod ${local.name}`) });
      return { type: 'deliver', instance: local.instance, packet, to: `pod ${local.name}` };
    }
    const forwarded = from === 'host' ? packet : { ...packet, ttl: packet.ttl - 1 };
    if (forwarded.ttl <= 0)
      return {
        type: 'drop',
        reason: 'ttl-expired',
        because: 'its time to live ran out',
        icmpFrom: this.dockerAddress,
      };
    if (containsAddress(this.podCidr, destinationAddress)) {
      context.explain?.({ ...(note === undefined ? {} : { note }) });
      return {
        type: 'drop',
        reason: 'no-neighbor',
        because: `no pod has ${destinationAddress} any more`,
        icmpFrom: this.dockerAddress,
      };
    }
    const route = this.routes.lookUp(destinationAddress);
    if (route === undefined) return drop('no-route', `no route to ${destinationAddress}`);
    context.explain?.({
      prefix: route.prefix,
      outPort: route.device,
      ...(note === undefined ? {} : { note }),
    });
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
    const source = this.addressOn(device);
    if (port === undefined || source === undefined) return drop('no-route', `${device} is gone`);
    const destination = this.resolve(port, device, { address: nextHop, senderAddress: source }, context);
    if (destination === undefined)
      return drop('no-neighbor', `nobody answers ARP for ${nextHop} on ${device}`);
    return { type: 'forward', port, frame: { source: this.macOn(device), destination, packet } };
  }

  /** Out of a pod's second interface: an ipvlan slave of a VLAN device shares the MAC of the port below. */
  private sendOverNetwork(
    packet: Packet,
    socket: PodSocket,
    network: PodNetwork,
    context: WalkContext,
  ): Verdict {
    const { instance } = socket;
    const master = this.masterOf(network.master);
    const port = master === undefined ? undefined : this.ports.get(master.port);
    if (master === undefined || port === undefined)
      return drop('no-route', `the device ${network.master} is gone`);
    const { destinationAddress } = packet.flow;
    const route = network.routes.find(each => containsAddress(each.prefix, destinationAddress));
    const nextHop = onLink(network, destinationAddress)
      ? destinationAddress
      : (route?.gateway ?? destinationAddress);
    context.explain?.({
      instance,
      outPort: network.interface,
      ...(route === undefined ? {} : { prefix: route.prefix }),
      note: `${network.interface} on ${network.master}`,
    });
    const question = { address: nextHop, senderAddress: network.address, vlan: master.vlan };
    const destination = this.resolve(port, network.master, question, context);
    if (destination === undefined)
      return drop('no-neighbor', `nobody answers ARP for ${nextHop} on ${network.master}`);
    return {
      type: 'forward',
      port,
      frame: { source: this.macOn(port.name), destination, vlan: master.vlan, packet },
    };
  }

  /** ARP with a cache, as a host does it. */
  private resolve(
    port: Port,
    device: string,
    question: { readonly address: Ipv4; readonly senderAddress: Ipv4; readonly vlan?: number },
    context: WalkContext,
  ): Mac | undefined {
    const key = `${device} ${question.address}`;
    const cached = this.neighbors.get(key);
    if (cached !== undefined && context.now - cached.at < NEIGHBOR_REACHABLE) return cached.mac;
    const { world } = this.around;
    const mac = whoHas(
      world,
      port,
      { ...question, senderMac: this.macOn(port.name) },
      { observe: context.observe },
    );
    if (context.observe) return mac ?? cached?.mac;
    if (mac === undefined) {
      // The old answer serves until probing has failed: the packet goes out and may be lost on its way.
      if (cached !== undefined && context.now - cached.at < NEIGHBOR_REACHABLE * 2) return cached.mac;
      this.neighbors.delete(key);
      return undefined;
    }
    this.neighbors.set(key, { mac, at: context.now });
    return mac;
  }

  // interfaces

  private networkTowards(socket: PodSocket, flow: FiveTuple): PodNetwork | undefined {
    return socket.networks.find(network => reaches(network, flow.destinationAddress));
  }

  private masterOf(device: string): { readonly port: string; readonly vlan: number } | undefined {
    for (const [port, attachment] of this.attachments) {
      const vlan = attachment.vlans.find(each => `VLAN-${each}` === device);
      if (vlan !== undefined) return { port, vlan };
    }
    return undefined;
  }

  private announceOn(master: string, address: Ipv4): void {
    const found = this.masterOf(master);
    const port = found === undefined ? undefined : this.ports.get(found.port);
    if (found === undefined || port === undefined || !this.portUp(port.name)) return;
    announceHost(this.around.world, port, { mac: this.macOn(port.name), address, vlan: found.vlan });
  }

  private portUp(name: string): boolean {
    return this.running && this.ports.get(name)?.carrier === true;
  }

  private addressOn(device: string): Ipv4 | undefined {
    if (device === 'eth0') return this.dockerAddress;
    const attachment = this.attachments.get(device);
    return attachment === undefined ? undefined : addressOf(attachment.address);
  }

  private owns(address: Ipv4): boolean {
    if (address === this.dockerAddress || address === '127.0.0.1') return true;
    for (const attachment of this.attachments.values())
      if (addressOf(attachment.address) === address) return true;
    return address === addressPlus(addressOf(this.podCidr), 1);
  }

  private ownAddresses(): Ipv4[] {
    return [this.dockerAddress, ...[...this.attachments.values()].map(each => addressOf(each.address))];
  }

  private macOn(port: string): Mac {
    return macOf(this.name, port);
  }
}

type Origin = 'fabric' | 'bridge' | 'pod' | 'host';

/** containerlab's prefix for its interfaces, and a number of our own. */
function macOf(node: string, device: string): Mac {
  const hash = hashText(`${node} ${device}`);
  const bytes = [hash >>> 16, hash >>> 8, hash].map(byte => (byte & 255).toString(16).padStart(2, '0'));
  return `aa:c1:ab:${bytes.join(':')}`;
}

function reaches(network: PodNetwork, destination: Ipv4): boolean {
  return (
    onLink(network, destination) || network.routes.some(route => containsAddress(route.prefix, destination))
  );
}

function onLink(network: PodNetwork, destination: Ipv4): boolean {
  return containsAddress(networkOf(`${network.address}/${network.length}`), destination);
}

function swap(flow: FiveTuple): Omit<FiveTuple, 'protocol'> {
  return {
    sourceAddress: flow.destinationAddress,
    sourcePort: flow.destinationPort,
    destinationAddress: flow.sourceAddress,
    destinationPort: flow.sourcePort,
  };
}

function noteOf(original: FiveTuple, translated: FiveTuple): string {
  const dnat = `DNAT to ${translated.destinationAddress}:${translated.destinationPort}`;
  return original.sourceAddress === translated.sourceAddress
    ? dnat
    : `${dnat}, SNAT to ${translated.sourceAddress}`;
}

function joined(...parts: (string | undefined)[]): string {
  return parts.filter(part => part !== undefined).join(', ');
}

function drop(reason: Extract<Verdict, { type: 'drop' }>['reason'], because: string): Verdict {
  return { type: 'drop', reason, because };
}
