import type { Ipv4 } from './address.ts';

/** What a switch hashes: the 5-tuple. Protocol numbers are IANA's (6 TCP, 17 UDP, 1 ICMP with ports 0). */
export type FiveTuple = {
  readonly sourceAddress: Ipv4;
  readonly destinationAddress: Ipv4;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
};

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;

/** The same flow seen from the other end. */
export function reversed(flow: FiveTuple): FiveTuple {
  return {
    sourceAddress: flow.destinationAddress,
    destinationAddress: flow.sourceAddress,
    protocol: flow.protocol,
    sourcePort: flow.destinationPort,
    destinationPort: flow.sourcePort,
  };
}

/** "10.1.4.20:40001 → 10.254.254.240:8080 tcp", also usable as a key. */
export function flowText(flow: FiveTuple): string {
  const protocol =
    flow.protocol === TCP
      ? 'tcp'
      : flow.protocol === UDP
        ? 'udp'
        : flow.protocol === ICMP
          ? 'icmp'
          : `${flow.protocol}`;
  return `${flow.sourceAddress}:${flow.sourcePort} → ${flow.destinationAddress}:${flow.destinationPort} ${protocol}`;
}
