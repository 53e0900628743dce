import type { HashConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { WalkContext } from '../device.ts';
import type { ArpQuestion } from '../packet.ts';
import type { Bridge } from './bridge.ts';
import type { RouteTable } from './route-table.ts';
import type { Subinterface } from './subinterface.ts';

/** A network-instance that routes, as the data plane sees it. */
export type RoutingContext = {
  readonly name: string;
  readonly table: RouteTable;
  readonly localAddresses: ReadonlySet<Ipv4>;
};

/** What the data plane of a switch consists of and whom it tells what it learns. */
export interface DataPlane {
  readonly name: string;
  readonly hash: HashConfig;
  readonly hashSeed: number;
  readonly routerMac: Mac;
  readonly vtepAddress: Ipv4 | undefined;
  routing(instance: string): RoutingContext | undefined;
  bridge(name: string): Bridge | undefined;
  /** Who receives packets of a VNI here. */
  tunnelEnd(vni: number): { readonly type: 'routed' | 'bridged'; readonly instance: string } | undefined;
  subinterfaceAt(port: string, vlan: number | undefined): Subinterface | undefined;
  /** A host's MAC was seen on a bridged subinterface. */
  learnMac(bridge: Bridge, mac: Mac, subinterface: Subinterface): void;
  learnNeighbor(subinterface: Subinterface, address: Ipv4, mac: Mac): void;
  /** Floods an ARP question to a VTEP and brings back its answer. */
  askThroughTunnel(vtep: Ipv4, vni: number, question: ArpQuestion, context: WalkContext): Mac | undefined;
}
