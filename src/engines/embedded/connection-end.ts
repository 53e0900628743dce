import type { Message } from '../../bgp/message.ts';
import type { ConnectionId } from '../../bgp/outcome.ts';
import type { Ipv4 } from '../../net/address.ts';
import { TCP } from '../../net/flow.ts';
import type { Packet } from './packet.ts';
import type { Task } from './queue.ts';
import type { TransportUser } from './transport-user.ts';

type Sent = { readonly message: Message; readonly cause: number | undefined };

/** A connection as one end knows it. */
export class ConnectionEnd {
  readonly user: TransportUser;
  readonly connection: ConnectionId;
  readonly localAddress: Ipv4;
  readonly localPort: number;
  readonly peerAddress: Ipv4;
  readonly peerPort: number;
  readonly ttl: number;
  peerEnd: ConnectionEnd | undefined;
  unsent: Sent[] = [];
  /** The other end's kernel has taken the connection and what arrived over it, the process there has not. */
  inBacklog: { readonly of: TransportUser; readonly arrived: Sent[] } | undefined;
  pending: Task | undefined;
  retransmission: Task | undefined;
  lastArrival = 0;
  lastProblem: string | undefined;

  constructor(
    user: TransportUser,
    connection: ConnectionId,
    localAddress: Ipv4,
    localPort: number,
    peerAddress: Ipv4,
    peerPort: number,
    ttl: number,
  ) {
    this.user = user;
    this.connection = connection;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.peerAddress = peerAddress;
    this.peerPort = peerPort;
    this.ttl = ttl;
  }

  segment(): Packet {
    return segment(this.localAddress, this.localPort, this.peerAddress, this.peerPort, this.ttl);
  }
}

export function segment(
  source: Ipv4,
  sourcePort: number,
  destination: Ipv4,
  port: number,
  ttl: number,
): Packet {
  return {
    flow: {
      sourceAddress: source,
      destinationAddress: destination,
      protocol: TCP,
      sourcePort,
      destinationPort: port,
    },
    ttl,
  };
}
