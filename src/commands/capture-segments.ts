import type { PacketKind, PacketRow } from '../lab/packet-row.ts';
import type { TcpFlags, TcpSegment } from '../net/pcap.ts';

/** Lab time zero as a date. */
const LAB_EPOCH = Date.UTC(2026, 0, 1);

/** A captured packet as a capture file wants it. */
export function tcpSegment(row: PacketRow): TcpSegment {
  return {
    at: LAB_EPOCH + row.at,
    flow: row.flow,
    ttl: row.ttl,
    flags: flagsOf(row.kind),
    sequence: row.sequence,
    acknowledgment: row.acknowledgment,
    payload: Uint8Array.from(row.octets.match(/../g) ?? [], octet => Number.parseInt(octet, 16)),
  };
}

function flagsOf(kind: PacketKind): TcpFlags {
  switch (kind) {
    case 'SYN':
      return { syn: true };
    case 'SYN-ACK':
      return { syn: true, ack: true };
    case 'ACK':
      return { ack: true };
    case 'FIN':
      return { fin: true, ack: true };
    case 'RST':
      return { rst: true, ack: true };
    default:
      return { psh: true, ack: true };
  }
}
