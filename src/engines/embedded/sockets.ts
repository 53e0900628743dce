import type { ConnectionId } from '../../bgp/outcome.ts';
import type { ConnectionEnd } from './connection-end.ts';
import type { Device, WalkResult } from './device.ts';
import type { TransportUser } from './transport-user.ts';
import type { World } from './world.ts';

/** What the kernels of a lab know: who listens, and the ends of connections. */
export class Sockets {
  private readonly world: World;
  private readonly listeners = new Map<string, TransportUser>();
  private readonly ends = new Map<TransportUser, Map<ConnectionId, ConnectionEnd>>();
  private changes = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Grows whenever a connection came or went, got stuck or was freed, or a process was stopped or goes on. */
  get version(): number {
    return this.changes;
  }

  changed(): void {
    this.changes++;
  }

  /** The process takes connections to port 179 of any address of its device in its routing context. */
  listen(user: TransportUser): void {
    this.listeners.set(listenerKey(user.device, user.instance), user);
  }

  stopListening(user: TransportUser): void {
    const key = listenerKey(user.device, user.instance);
    if (this.listeners.get(key) === user) this.listeners.delete(key);
  }

  /** Everybody who listens, dead processes included. */
  users(): IterableIterator<TransportUser> {
    return this.listeners.values();
  }

  /** Who listens where a segment ended. */
  listenerAt(there: WalkResult): TransportUser | undefined {
    if (there.outcome !== 'delivered') return undefined;
    return this.listeners.get(listenerKey(there.device, there.instance ?? ''));
  }

  endOf(user: TransportUser, connection: ConnectionId): ConnectionEnd | undefined {
    return this.ends.get(user)?.get(connection);
  }

  endsOf(user: TransportUser): ConnectionEnd[] {
    return [...(this.ends.get(user)?.values() ?? [])];
  }

  *all(): Generator<ConnectionEnd> {
    for (const ends of this.ends.values()) yield* ends.values();
  }

  /** Connections to the process that its kernel alone has taken. */
  backlogOf(user: TransportUser): ConnectionEnd[] {
    return [...this.all()].filter(end => end.inBacklog?.of === user);
  }

  isOpen(end: ConnectionEnd): boolean {
    return this.endOf(end.user, end.connection) === end;
  }

  add(end: ConnectionEnd): void {
    this.changed();
    const ends = this.ends.get(end.user);
    if (ends === undefined) this.ends.set(end.user, new Map([[end.connection, end]]));
    else ends.set(end.connection, end);
  }

  forget(end: ConnectionEnd): void {
    this.changed();
    this.ends.get(end.user)?.delete(end.connection);
    this.world.cancel(end.pending);
    this.world.cancel(end.retransmission);
  }

  forgetAllOf(user: TransportUser): void {
    for (const end of this.endsOf(user)) this.forget(end);
    this.ends.delete(user);
  }
}

function listenerKey(device: Device, instance: string): string {
  return `${device.name} ${instance}`;
}
