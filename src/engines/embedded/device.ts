import type { FlowHop } from '../../lab/snapshot.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { FiveTuple } from '../../net/flow.ts';
import type { Mac } from '../../net/mac.ts';
import type { PrefixTable } from '../../net/prefix-table.ts';
import type { Chance } from './impairment.ts';
import type { ArpQuestion, Frame, Packet } from './packet.ts';
import type { NextHopGroup } from './switch/next-hop-group.ts';
import type { Port, Wire } from './wire.ts';

/**
 * Anything that stands in the lab and handles packets: a switch (switch/), a Kubernetes node (cluster/).
 *
 * The walk (`walk.ts`) carries a packet from device to device. Each device looks at its tables *as they are now* and
 * answers with a Verdict; it never calls another device itself. Everything is synchronous: a walk takes no lab time,
 * its result says how long the packet would travel.
 *
 * Implementing one (Kubernetes nodes):
 *  - create `new Port(device, 'e1-1')` for each place a LabLink may be plugged in, keep them in `ports`;
 *    `World.plug(link)` makes the Wire;
 *  - register with `world.addDevice(device)`; call `world.powerChanged(device, cause)` after `running` changed: the
 *    wires then report carrier to both ends through `carrierChanged`;
 *  - when an interface with an address comes up, call `announceHost(world, port, …)` (arp.ts): a gratuitous ARP, from
 *    which switches learn MAC and address (and make EVPN type 2 routes);
 *  - resolve a gateway with `whoHas(world, port, …)` (arp.ts).
 */
export interface Device {
  readonly name: string;
  /** Powered and booted. A device that is not running receives nothing and holds its wires dark. */
  readonly running: boolean;
  /**
   * Grows whenever something decides otherwise what it does with packets (`World.forwardingChanged`) that is neither a forwarding
   * table nor belongs to one of its ports: those have a number of their own.
   */
  forwardingGeneration: number;
  readonly ports: ReadonlyMap<string, Port>;
  /** A frame arrived on a port. */
  receive(frame: Frame, port: Port, context: WalkContext): Verdict;
  /**
   * The device's own stack sends a packet: a BGP speaker, a ping, a pod. `instance` is the routing context: the
   * network-instance of a switch, the network namespace of a node ("" = the node's own).
   */
  send(packet: Packet, instance: string, context: WalkContext): Verdict;
  /**
   * Whether the address is this device's own in that routing context; then packets to it are delivered to the
   * device's stack there. Undefined: not ours.
   */
  instanceOwning(address: Ipv4): string | undefined;
  /** The source address the stack would choose towards a destination, undefined without a route. */
  sourceAddressTowards(destination: Ipv4, instance: string): Ipv4 | undefined;
  /**
   * ARP: the MAC this device answers with for a question on that port (proxying and flooding onwards in a bridge
   * domain included), undefined for silence. May learn the asker unless `context.observe`.
   */
  answerArp(question: ArpQuestion, port: Port, context: WalkContext): Mac | undefined;
  /** Carrier came or went on a port. Called with the world's current cause set. */
  carrierChanged(port: Port, up: boolean): void;
}

export type Verdict =
  | {
      readonly type: 'forward';
      readonly port: Port;
      readonly frame: Frame;
    }
  /** To another device over something that is no wire of the lab (the Docker network between kind nodes). */
  | {
      readonly type: 'hand-over';
      readonly to: Device;
      readonly packet: Packet;
      readonly delay: number;
    }
  /** Arrived. `to` names what took it: "stack", "pod hello-5d4…". */
  | {
      readonly type: 'deliver';
      readonly instance: string;
      readonly packet: Packet;
      readonly to: string;
    }
  | {
      readonly type: 'drop';
      readonly reason: DropReason;
      /** A sentence without the device's name: "no route to 10.254.254.240 in kube-ipvrf". */
      readonly because: string;
      /** Where an ICMP error would come from (TTL exceeded, unreachable). */
      readonly icmpFrom?: Ipv4;
    };

export type DropReason =
  | 'no-route'
  | 'no-neighbor'
  | 'ttl-expired'
  | 'no-carrier'
  | 'lost-on-wire'
  | 'node-down'
  | 'unknown-mac'
  | 'blackhole'
  | 'refused'
  | 'policy';

/** What a device may use and report while it handles a packet. */
export type WalkContext = {
  /** Lab time now. */
  readonly now: number;
  /** True when the packet is only imagined: learn nothing, count nothing, keep no connection state. */
  readonly observe: boolean;
  /** Gets a hop for everything a device did with the packet; undefined when nobody wants one (then don't build one: it costs). */
  readonly hops: FlowHop[] | undefined;
  /** Where the walk stops against loops. */
  hopsLeft: number;
  /** Gets what the way hung on; undefined when nobody wants to know. */
  readonly hangsOn?: Dependences | undefined;
};

/** What a packet's way hung on: while all of it is as it was, the packet would go the same way. */
export type Dependences = {
  /** In forwarding tables. */
  readonly lookUps: LookUp[];
  /** Devices and ports that handled the packet or were asked who has an address, some more than once: while their number stays. */
  readonly places: { readonly forwardingGeneration: number }[];
};

/** A table was asked for an address and answered with a group of these members, or with nothing. */
export type LookUp = {
  readonly table: PrefixTable<NextHopGroup>;
  /** Of the table, when it was found to answer so. */
  version: number;
  readonly address: Ipv4;
  readonly group: NextHopGroup | undefined;
  readonly members: NextHopGroup['members'] | undefined;
};

/** What became of a packet. */
export type WalkResult = {
  readonly outcome: 'delivered' | 'dropped';
  /** Where it ended. */
  readonly device: Device;
  readonly instance?: string;
  /** As it arrived: addresses may have been translated on the way. */
  readonly packet: Packet;
  readonly to?: string;
  readonly reason?: DropReason;
  readonly because?: string;
  readonly icmpFrom?: Ipv4;
  /** The wire it was lost on, or that has no carrier. */
  readonly wire?: Wire;
  /** One way, milliseconds. */
  readonly delay: number;
  /** What impaired wires do by chance to packets on this way; undefined where none is. */
  readonly chance?: Chance;
  /** Names of the devices passed, in order, the first and last included. */
  readonly path: readonly string[];
  /** Empty unless an explanation was asked for. */
  readonly hops: readonly FlowHop[];
};

export function flowOf(
  sourceAddress: Ipv4,
  destinationAddress: Ipv4,
  protocol: number,
  sourcePort: number,
  destinationPort: number,
): FiveTuple {
  return { sourceAddress, destinationAddress, protocol, sourcePort, destinationPort };
}
