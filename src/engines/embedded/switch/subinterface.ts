import type { SubinterfaceConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Port } from '../wire.ts';

export type SubinterfaceKind = 'ethernet' | 'irb' | 'loopback';

/** A subinterface of a switch and what it has learnt: its state and its neighbours (ARP). */
export class Subinterface {
  readonly name: string;
  readonly kind: SubinterfaceKind;
  readonly port: Port | undefined;
  config: SubinterfaceConfig;
  /** Admin state of the interface it belongs to. */
  interfaceEnabled: boolean;
  /** Network-instance it routes in (for irb: the ip-vrf), undefined when in none. */
  instance: string | undefined;
  /** For irb and bridged subinterfaces: the mac-vrf. */
  bridge: string | undefined;
  up = false;
  /** Own MAC on this subinterface (the anycast MAC where the address is an anycast gateway). */
  mac: Mac;
  readonly neighbors = new Map<Ipv4, Neighbor>();

  constructor(of: {
    readonly config: SubinterfaceConfig;
    readonly kind: SubinterfaceKind;
    readonly port: Port | undefined;
    readonly interfaceEnabled: boolean;
    readonly mac: Mac;
  }) {
    this.name = of.config.name;
    this.config = of.config;
    this.kind = of.kind;
    this.port = of.port;
    this.interfaceEnabled = of.interfaceEnabled;
    this.mac = of.mac;
  }

  get address(): Ipv4 | undefined {
    const first = this.config.addresses[0]?.address;
    return first?.slice(0, first.indexOf('/'));
  }
}

/** An ARP entry. */
export type Neighbor = {
  readonly mac: Mac;
  readonly type: 'dynamic' | 'evpn';
};
