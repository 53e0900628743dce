import type { FiveTuple } from '../../net/flow.ts';
import type { Mac } from '../../net/mac.ts';

/** An IP packet. Devices never change one; they make another. */
export type Packet = {
  readonly flow: FiveTuple;
  readonly ttl: number;
  /** Present in VXLAN packets (RFC 7348): what is carried. */
  readonly vxlan?: { readonly vni: number; readonly frame: Frame };
};

/** As the next router gets it. */
export function oneHopOlder({ flow, ttl, vxlan }: Packet): Packet {
  return vxlan === undefined ? { flow, ttl: ttl - 1 } : { flow, ttl: ttl - 1, vxlan };
}

/** An Ethernet frame on a wire. */
export type Frame = {
  readonly source: Mac;
  readonly destination: Mac;
  /** 802.1Q tag; undefined when untagged. */
  readonly vlan?: number;
  readonly packet: Packet;
};

/** Who answers ARP for an address: asked over a wire, tag included. */
export type ArpQuestion = {
  readonly address: string;
  readonly vlan?: number;
  /** The asker, learnt by whoever sees the question (source MAC learning and `learn-unsolicited`). */
  readonly senderMac: Mac;
  readonly senderAddress?: string;
};

export const BROADCAST: Mac = 'ff:ff:ff:ff:ff:ff';
/** TTL of packets a device makes itself (RFC 1700's recommended default). */
export const DEFAULT_TTL = 64;
export const VXLAN_PORT = 4789;
export const BGP_PORT = 179;
