import { toNumber } from './address.ts';
import type { FiveTuple } from './flow.ts';

/** A TCP segment for a capture file. */
export type TcpSegment = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly flow: FiveTuple;
  readonly ttl: number;
  readonly flags: TcpFlags;
  readonly sequence: number;
  /** Counts only with the flag `ack`. */
  readonly acknowledgment: number;
  readonly payload: Uint8Array;
};

export type TcpFlags = {
  readonly syn?: boolean;
  readonly ack?: boolean;
  readonly fin?: boolean;
  readonly rst?: boolean;
  readonly psh?: boolean;
};

/** IPv4 packets without a link layer (LINKTYPE_RAW). */
const LINKTYPE_RAW = 101;
const MOST_OCTETS = 65_535;

/** A capture file in the classic pcap format, times to the microsecond, in the order given. */
export function pcapFile(segments: readonly TcpSegment[]): Uint8Array {
  const packets = segments.map(ipPacket);
  const file = new Uint8Array(24 + packets.reduce((sum, packet) => sum + 16 + packet.length, 0));
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, MOST_OCTETS);
  view.setUint32(20, LINKTYPE_RAW);
  let at = 24;
  for (const [index, packet] of packets.entries()) {
    const microseconds = Math.round((segments[index]?.at ?? 0) * 1000);
    view.setUint32(at, Math.floor(microseconds / 1_000_000));
    view.setUint32(at + 4, microseconds % 1_000_000);
    view.setUint32(at + 8, packet.length);
    view.setUint32(at + 12, packet.length);
    file.set(packet, at + 16);
    at += 16 + packet.length;
  }
  return file;
}

const IP_HEADER = 20;
const TCP_HEADER = 20;

/** The segment as an IPv4 packet (RFC 791, RFC 9293) with its checksums. */
export function ipPacket(segment: TcpSegment): Uint8Array {
  const { flow, flags, payload } = segment;
  const options = flags.syn === true ? SYN_OPTIONS : NO_OPTIONS;
  const header = TCP_HEADER + options.length;
  const packet = new Uint8Array(IP_HEADER + header + payload.length);
  const view = new DataView(packet.buffer);
  packet[0] = 0x45;
  packet[1] = NETWORK_CONTROL;
  view.setUint16(2, packet.length);
  view.setUint16(6, DONT_FRAGMENT);
  packet[8] = segment.ttl;
  packet[9] = flow.protocol;
  view.setUint32(12, toNumber(flow.sourceAddress));
  view.setUint32(16, toNumber(flow.destinationAddress));
  view.setUint16(10, checksum(packet.subarray(0, IP_HEADER), 0));
  view.setUint16(20, flow.sourcePort);
  view.setUint16(22, flow.destinationPort);
  view.setUint32(24, segment.sequence >>> 0);
  view.setUint32(28, flags.ack === true ? segment.acknowledgment >>> 0 : 0);
  packet[32] = (header / 4) << 4;
  packet[33] = flagBits(flags);
  view.setUint16(34, flags.rst === true ? 0 : WINDOW);
  packet.set(options, IP_HEADER + TCP_HEADER);
  packet.set(payload, IP_HEADER + header);
  const length = packet.length - IP_HEADER;
  const pseudo = sum(packet.subarray(12, IP_HEADER), flow.protocol + length);
  view.setUint16(36, checksum(packet.subarray(IP_HEADER), pseudo));
  return packet;
}

/** DSCP CS6, which routing protocols use (RFC 4594 section 3.2). */
const NETWORK_CONTROL = 0xc0;
const DONT_FRAGMENT = 0x4000;
const WINDOW = 0xffff;
const NO_OPTIONS = new Uint8Array(0);
/** Maximum segment size 1460, a NOP, window scale 7: what Linux offers on Ethernet, without timestamps. */
const SYN_OPTIONS = Uint8Array.of(2, 4, 0x05, 0xb4, 1, 3, 3, 7);

function flagBits({ fin, syn, rst, psh, ack }: TcpFlags): number {
  return [fin, syn, rst, psh, ack].reduce((bits, on, index) => bits | (on === true ? 1 << index : 0), 0);
}

/** RFC 1071: 0 over a packet whose checksum is right. */
export function checksum(bytes: Uint8Array, start: number): number {
  let total = sum(bytes, start);
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 65536);
  return ~total & 0xffff;
}

function sum(bytes: Uint8Array, start: number): number {
  let total = start;
  for (let at = 0; at < bytes.length; at += 2) total += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  return total;
}
