import type { Message } from '../../bgp/message.ts';
import type { ConnectionId } from '../../bgp/outcome.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { Device } from './device.ts';

/** One end of a connection: a BGP process that lives on a device, in one routing context. */
export interface TransportUser {
  readonly device: Device;
  readonly instance: string;
  /** False when the process is dead: the kernel answers with resets. */
  readonly alive: boolean;
  /** Stopped by a signal: its kernel goes on, takes connections and keeps what arrives. */
  readonly frozen: boolean;
  /** The event that stopped it. */
  readonly frozenBy: number | undefined;
  /** Does it at once, or as soon as the process goes on. */
  whenAwake(happens: () => void): void;
  /** Whether somebody is configured who may connect from there to this address of ours. */
  expects(localAddress: Ipv4, peerAddress: Ipv4): boolean;
  /** Somebody connected. Calls `established` before it uses the connection; false refuses. */
  accept(
    localAddress: Ipv4,
    peerAddress: Ipv4,
    established: (connection: ConnectionId, ttl: number) => void,
  ): boolean;
  opened(connection: ConnectionId, localAddress: Ipv4): void;
  failed(connection: ConnectionId, because: string): void;
  closed(connection: ConnectionId, because: string): void;
  received(connection: ConnectionId, message: Message): void;
}
