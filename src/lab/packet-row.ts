import type { FiveTuple } from '../net/flow.ts';

/** One TCP segment of a BGP connection as it travelled. */
export type PacketRow = {
  /** Grows with time; a message keeps its number. */
  readonly id: number;
  /** When it was sent. */
  readonly at: number;
  /** Nodes at the ends of the connection. */
  readonly from: string;
  readonly to: string;
  readonly flow: FiveTuple;
  readonly ttl: number;
  readonly kind: PacketKind;
  /** "10.254.254.240/32 via 192.168.101.101, AS path 65001"; empty where the kind says it all. */
  readonly summary: string;
  /** Of its first octet, and of the next one that its sender waits for; both count from 0 at the SYN. */
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Octets of BGP that it carries. */
  readonly length: number;
  /** These octets in hexadecimal, two digits each. */
  readonly octets: string;
  /** What they say, field by field. */
  readonly fields: readonly PacketField[];
  /** Nodes it passed, both ends included, and the links between them. */
  readonly nodes: readonly string[];
  readonly links: readonly string[];
};

export type PacketKind =
  | 'SYN'
  | 'SYN-ACK'
  | 'ACK'
  | 'FIN'
  | 'RST'
  | 'OPEN'
  | 'UPDATE'
  | 'NOTIFICATION'
  | 'KEEPALIVE'
  | 'ROUTE-REFRESH';

/** A field with the RFC's name: octets `from` up to, not including, `to` of the message. */
export type PacketField = {
  readonly name: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly fields?: readonly PacketField[];
};
