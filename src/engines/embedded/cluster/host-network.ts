import type { Attachment } from '../../../lab/lab.ts';
import { addressPlus, type Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import {
  addressOf,
  containsAddress,
  type Ipv4InterfaceAddress,
  type Ipv4Prefix,
  networkOf,
} from '../../../net/prefix.ts';
import { hashText } from '../random.ts';
import { type HostRoute, RouteList } from './route-list.ts';

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

export type HostNetworkOptions = {
  readonly node: string;
  /** On the Docker network. */
  readonly address: Ipv4InterfaceAddress;
  readonly gateway: Ipv4;
  readonly podCidr: Ipv4Prefix;
};

/** A node's own network namespace: its interfaces, addresses and routes. */
export class HostNetwork {
  readonly routes = new RouteList();
  readonly dockerAddress: Ipv4;
  /** The host's side of its pods: their gateway, and what pods see of a masqueraded connection. */
  readonly podGateway: Ipv4;
  private readonly options: HostNetworkOptions;
  private readonly attachments = new Map<string, Attachment>();
  private readonly macs = new Map<string, Mac>();
  private own: readonly Ipv4[] = [];

  constructor(options: HostNetworkOptions) {
    this.options = options;
    this.dockerAddress = addressOf(options.address);
    this.podGateway = addressPlus(addressOf(options.podCidr), 1);
    this.ownAddressesChanged();
  }

  /** The fabric interface is there and configured. */
  attach(attachment: Attachment): void {
    this.attachments.set(attachment.port, attachment);
    this.ownAddressesChanged();
  }

  detach(port: string): void {
    this.attachments.delete(port);
    this.ownAddressesChanged();
  }

  hasAddressOn(port: string): boolean {
    return this.attachments.has(port);
  }

  get fabricAddress(): Ipv4 | undefined {
    const [first] = this.attachments.values();
    return first === undefined ? undefined : addressOf(first.address);
  }

  /** Addresses that other machines reach the node by. */
  get addresses(): readonly Ipv4[] {
    return this.own;
  }

  owns(address: Ipv4): boolean {
    return this.own.includes(address) || address === this.podGateway || address === '127.0.0.1';
  }

  addressOn(device: string): Ipv4 | undefined {
    if (device === 'eth0') return this.dockerAddress;
    const attachment = this.attachments.get(device);
    return attachment === undefined ? undefined : addressOf(attachment.address);
  }

  /** The port and tag below a VLAN device. */
  masterOf(device: string): { readonly port: string; readonly vlan: number } | undefined {
    for (const [port, attachment] of this.attachments) {
      const vlan = attachment.vlans.find(each => `VLAN-${each}` === device);
      if (vlan !== undefined) return { port, vlan };
    }
    return undefined;
  }

  hasVlan(port: string, vlan: number): boolean {
    return this.attachments.get(port)?.vlans.includes(vlan) === true;
  }

  macOn(device: string): Mac {
    const known = this.macs.get(device);
    if (known !== undefined) return known;
    const mac = macOf(this.options.node, device);
    this.macs.set(device, mac);
    return mac;
  }

  /** Makes the route table anew: it follows carrier, attachments and the cluster's other nodes. */
  updateRoutes(
    portUp: (port: string) => boolean,
    peers: readonly { readonly podCidr: Ipv4Prefix; readonly dockerAddress: Ipv4 }[],
  ): void {
    const { address, gateway } = this.options;
    const routes: HostRoute[] = [
      { prefix: networkOf(address), via: undefined, device: 'eth0', source: this.dockerAddress },
    ];
    let defaultRoute: HostRoute = { prefix: '0.0.0.0/0', via: gateway, device: 'eth0' };
    for (const [device, attachment] of this.attachments) {
      if (!portUp(device)) continue;
      const source = addressOf(attachment.address);
      const via = attachment.gateway;
      routes.push({ prefix: networkOf(attachment.address), via: undefined, device, source });
      if (via === undefined) continue;
      for (const prefix of attachment.routes ?? []) routes.push({ prefix, via, device });
      if (attachment.routes === undefined) {
        const onDocker = containsAddress(networkOf(address), via);
        defaultRoute = { prefix: '0.0.0.0/0', via, device: onDocker ? 'eth0' : device };
      }
    }
    for (const peer of peers) routes.push({ prefix: peer.podCidr, via: peer.dockerAddress, device: 'eth0' });
    routes.push(defaultRoute);
    this.routes.set(routes);
  }

  /** Whether the way to the Internet is the Docker network's gateway: image pulls work then. */
  get reachesInternet(): boolean {
    return this.routes.lookUp('192.0.2.1')?.device === 'eth0';
  }

  sourceAddressTowards(destination: Ipv4): Ipv4 | undefined {
    const route = this.routes.lookUp(destination);
    return route === undefined ? undefined : (route.source ?? this.addressOn(route.device));
  }

  interfaces(portUp: (port: string) => boolean): HostInterface[] {
    const all: HostInterface[] = [
      { name: 'lo', mac: '00:00:00:00:00:00', mtu: 65_536, up: true, address: '127.0.0.1/8' },
      { name: 'eth0', mac: this.macOn('eth0'), mtu: 1_500, up: true, address: this.options.address },
    ];
    for (const [name, attachment] of this.attachments) {
      const up = portUp(name);
      const mac = this.macOn(name);
      all.push({ name, mac, mtu: 9_500, up, address: attachment.address });
      for (const vlan of attachment.vlans)
        all.push({ name: `VLAN-${vlan}`, mac, mtu: 9_500, up, parent: name, vlan });
    }
    return all;
  }

  /** Fabric interfaces with their addresses. */
  fabricInterfaces(): { readonly port: string; readonly address: Ipv4 }[] {
    return [...this.attachments].map(([port, { address }]) => ({ port, address: addressOf(address) }));
  }

  private ownAddressesChanged(): void {
    this.own = [this.dockerAddress, ...this.fabricInterfaces().map(each => each.address)];
  }
}

/** containerlab's prefix for its interfaces, and a number of our own. */
function macOf(node: string, device: string): Mac {
  const hash = hashText(`${node} ${device}`);
  const bytes = [hash >>> 16, hash >>> 8, hash].map(byte => (byte & 255).toString(16).padStart(2, '0'));
  return `aa:c1:ab:${bytes.join(':')}`;
}
