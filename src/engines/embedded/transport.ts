import type { Message } from '../../bgp/message.ts';
import type { ConnectionId } from '../../bgp/outcome.ts';
import type { Ipv4 } from '../../net/address.ts';
import { Capture, type Captured } from './capture.ts';
import { ConnectionEnd, segment } from './connection-end.ts';
import type { Device, WalkResult } from './device.ts';
import { BGP_PORT, type Packet } from './packet.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

/** First retransmission of data, doubled each time (Linux's minimum RTO; RFC 6298 section 5.5). */
const RETRANSMIT_AFTER = 200;
const LONGEST_RETRANSMIT = 120_000;
/** First retransmission of a SYN (RFC 6298 section 2.1), and how many Linux sends (tcp_syn_retries). */
const SYN_RETRANSMIT_AFTER = 1000;
const MOST_SYNS = 6;
/** Linux's ephemeral ports. */
const FIRST_EPHEMERAL_PORT = 32768;
const EPHEMERAL_PORTS = 28232;

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

/**
 * TCP between BGP speakers over the lab's own forwarding. Segments are walked through the forwarding tables as they
 * are when sent: what does not arrive is retransmitted with backoff, and a connection exists only while both ends know it.
 */
export class Transport {
  /** What was sent and arrived. */
  readonly capture: Capture;
  private readonly world: World;
  private readonly listeners = new Map<string, TransportUser>();
  private readonly ends = new Map<TransportUser, Map<ConnectionId, ConnectionEnd>>();
  private nextPort = 0;
  /** Grows whenever a connection came or went, got stuck or was freed. */
  private version = 0;
  private checkedFor = '';
  private brokenThen = false;

  constructor(world: World, capture = new Capture()) {
    this.world = world;
    this.capture = capture;
    world.askWhetherBusy(() => this.someConnectionIsBroken());
  }

  /** The process takes connections to port 179 of any address of its device in its routing context. */
  listen(user: TransportUser): void {
    this.listeners.set(listenerKey(user.device, user.instance), user);
  }

  open(
    user: TransportUser,
    connection: ConnectionId,
    to: { readonly peer: Ipv4; readonly localAddress: Ipv4 | undefined; readonly ttl: number },
  ): void {
    const local = to.localAddress ?? user.device.sourceAddressTowards(to.peer, user.instance);
    const end = new ConnectionEnd(
      user,
      connection,
      local ?? '0.0.0.0',
      this.ephemeralPort(),
      to.peer,
      BGP_PORT,
      to.ttl,
    );
    this.add(end);
    if (local === undefined) {
      this.world.schedule(0, () => this.fail(end, 'no route to host'), { background: true });
      return;
    }
    this.sendSyn(end, 0);
  }

  send(user: TransportUser, connection: ConnectionId, message: Message): void {
    const end = this.endOf(user, connection);
    if (end === undefined) return;
    end.unsent.push({ message, cause: this.world.cause });
    if (end.retransmission === undefined) this.transmit(end, RETRANSMIT_AFTER);
  }

  /** Closes after what was sent before. The other end learns if the path still works. */
  close(user: TransportUser, connection: ConnectionId): void {
    const end = this.endOf(user, connection);
    if (end === undefined) return;
    this.forget(end);
    if (end.peerEnd !== undefined) this.tellOfEnd(end, CLOSED, 0, RETRANSMIT_AFTER);
  }

  /** The process was stopped by a signal, or goes on. */
  processStopped(): void {
    this.version++;
  }

  /** The process died and its kernel resets what it had. */
  processDied(user: TransportUser, delay: number): void {
    for (const end of this.backlogOf(user))
      this.world.schedule(delay, () => this.lose(end, 'connection reset by the peer'));
    for (const end of [...(this.ends.get(user)?.values() ?? [])]) {
      this.forget(end);
      if (end.peerEnd !== undefined) this.tellOfEnd(end, 'connection reset by the peer', delay);
    }
  }

  /** Power is gone: nobody is told. */
  deviceStopped(user: TransportUser): void {
    for (const end of this.backlogOf(user)) end.inBacklog = undefined;
    for (const end of [...(this.ends.get(user)?.values() ?? [])]) this.forget(end);
    this.ends.delete(user);
  }

  /** Everybody who listens, dead processes included. */
  users(): IterableIterator<TransportUser> {
    return this.listeners.values();
  }

  /** Its connections as `ss` lists them; what was asked for and not answered yet included. */
  connectionsOf(
    user: TransportUser,
  ): { readonly local: string; readonly peer: string; readonly open: boolean }[] {
    return [...(this.ends.get(user)?.values() ?? [])].map(end => ({
      local: `${end.localAddress}:${end.localPort}`,
      peer: `${end.peerAddress}:${end.peerPort}`,
      open: end.peerEnd !== undefined,
    }));
  }

  stopListening(user: TransportUser): void {
    const key = listenerKey(user.device, user.instance);
    if (this.listeners.get(key) === user) this.listeners.delete(key);
  }

  /** Whether a connection to the peer could be made now: both ways open, somebody listening who knows us. */
  couldConnect(user: TransportUser, peer: Ipv4, localAddress: Ipv4 | undefined, ttl: number): boolean {
    const local = localAddress ?? user.device.sourceAddressTowards(peer, user.instance);
    if (local === undefined) return false;
    const there = this.imagine(user, segment(local, FIRST_EPHEMERAL_PORT, peer, BGP_PORT, ttl));
    const listener = this.listenerAt(there);
    if (listener?.alive !== true || listener.frozen || !listener.expects(peer, local)) return false;
    const back = this.imagine(listener, segment(peer, BGP_PORT, local, FIRST_EPHEMERAL_PORT, ttl));
    return arrivedAt(back, user);
  }

  /** The event that made a peer fall silent, where a wire or a frozen process did: what a timer that waits in vain may name. */
  causeOfSilence(user: TransportUser, peer: Ipv4): number | undefined {
    for (const end of this.ends.get(user)?.values() ?? []) {
      const other = end.peerEnd;
      if (end.peerAddress !== peer || other === undefined) continue;
      if (other.user.frozen) return other.user.frozenBy;
      const towardsUs = this.imagine(other.user, other.segment());
      const fromUs = this.imagine(end.user, end.segment());
      return (towardsUs.wire ?? fromUs.wire)?.changedBy;
    }
    return undefined;
  }

  // opening

  private sendSyn(end: ConnectionEnd, attempt: number): void {
    const { world } = this;
    const outward = this.travel(end.user, end.segment());
    const there = outward.result;
    const listener = this.listenerAt(there);
    if (there.outcome === 'delivered') {
      this.captured('SYN', outward);
      const answer = this.answer(there, end, world.now() + there.delay);
      const back = answer.result;
      if (arrivedAt(back, end.user)) {
        const roundTrip = there.delay + back.delay;
        if (listener?.alive !== true) {
          end.pending = world.schedule(
            roundTrip,
            () => {
              this.captured('RST', answer);
              this.fail(end, 'connection refused');
            },
            { background: true },
          );
          return;
        }
        end.pending = world.schedule(roundTrip, () => this.synAnswered(end, listener, outward, answer));
        return;
      }
      end.lastProblem = `the answer does not arrive: ${back.because ?? 'no way back'}`;
    } else end.lastProblem = there.because;
    if (there.outcome === 'dropped' && there.device === end.user.device && there.reason === 'no-route') {
      end.pending = world.schedule(0, () => this.fail(end, 'no route to host'), { background: true });
      return;
    }
    if (attempt >= MOST_SYNS) {
      this.fail(end, `timed out (${end.lastProblem ?? 'no answer'})`);
      return;
    }
    end.pending = world.schedule(SYN_RETRANSMIT_AFTER * 2 ** attempt, () => this.sendSyn(end, attempt + 1), {
      background: true,
    });
  }

  private synAnswered(end: ConnectionEnd, listener: TransportUser, outward: Journey, answer: Journey): void {
    const { delay } = outward.result;
    end.pending = undefined;
    this.captured('SYN-ACK', answer);
    this.captured('ACK', { ...outward, sentAt: this.world.now() });
    end.inBacklog = { of: listener, arrived: [] };
    this.world.schedule(delay, () => {
      if (!this.isOpen(end)) return;
      if (listener.alive) listener.whenAwake(() => this.accept(end, listener, answer));
      else this.refuse(end, answer);
    });
    end.user.opened(end.connection, end.localAddress);
  }

  /** The process takes the connection from its kernel, and what came over it meanwhile. */
  private accept(end: ConnectionEnd, listener: TransportUser, answer: Journey): void {
    if (!this.isOpen(end)) return;
    const accepted = listener.accept(end.peerAddress, end.localAddress, (connection, ttl) =>
      this.join(end, listener, connection, ttl),
    );
    if (!accepted) {
      this.refuse(end, answer);
      return;
    }
    const arrived = end.inBacklog?.arrived ?? [];
    end.inBacklog = undefined;
    for (const { message, cause } of arrived) {
      const other = end.peerEnd;
      if (other === undefined || !this.isOpen(other)) return;
      this.world.causedBy(cause, () => other.user.received(other.connection, message));
    }
  }

  private refuse(end: ConnectionEnd, answer: Journey): void {
    const { delay } = answer.result;
    this.forget(end);
    this.captured('RST', { ...answer, sentAt: this.world.now() });
    this.world.schedule(delay, () => end.user.closed(end.connection, 'connection reset by the peer'));
  }

  /** The listener's end of a connection comes to be. */
  private join(end: ConnectionEnd, listener: TransportUser, connection: ConnectionId, ttl: number): void {
    const { peerAddress, localAddress, localPort } = end;
    const other = new ConnectionEnd(
      listener,
      connection,
      peerAddress,
      BGP_PORT,
      localAddress,
      localPort,
      ttl,
    );
    this.add(other);
    end.peerEnd = other;
    other.peerEnd = end;
  }

  private fail(end: ConnectionEnd, because: string): void {
    if (!this.isOpen(end)) return;
    this.forget(end);
    end.user.failed(end.connection, because);
  }

  // data

  /** Sends everything unsent, or arms the retransmission timer. */
  private transmit(end: ConnectionEnd, backoff: number): void {
    const { world } = this;
    const journey = this.travel(end.user, end.segment());
    const there = journey.result;
    if (there.outcome === 'delivered') {
      const arrival = Math.max(end.lastArrival, world.now() + there.delay);
      end.lastArrival = arrival;
      const messages = end.unsent;
      end.unsent = [];
      const background = messages.every(({ message }) => message.type === 'keepalive');
      for (const { message, cause } of messages) {
        this.captured(message, journey, arrival);
        world.causedBy(cause, () =>
          world.schedule(arrival - world.now(), () => this.arrive(end, there, message), { background }),
        );
      }
      return;
    }
    this.version++;
    end.retransmission = world.schedule(
      backoff,
      () => {
        this.version++;
        end.retransmission = undefined;
        if (this.isOpen(end)) this.transmit(end, Math.min(backoff * 2, LONGEST_RETRANSMIT));
      },
      { background: true },
    );
  }

  private arrive(from: ConnectionEnd, there: WalkResult, message: Message): void {
    const other = from.peerEnd;
    if (from.inBacklog !== undefined && there.device.running) {
      from.inBacklog.arrived.push({ message, cause: this.world.cause });
      return;
    }
    if (other !== undefined && this.isOpen(other) && other.user.device.running) {
      other.user.received(other.connection, message);
      return;
    }
    if (!there.device.running || !this.isOpen(from)) return;
    const answer = this.answer(there, from, this.world.now());
    const back = answer.result;
    if (!arrivedAt(back, from.user)) return;
    this.captured('RST', answer);
    this.world.schedule(back.delay, () => this.lose(from, 'connection reset by the peer'));
  }

  /** A FIN or RST on its way to the other end. A FIN that chance swallowed is sent again after `backoff`. */
  private tellOfEnd(end: ConnectionEnd, because: string, delay: number, backoff?: number): void {
    const other = end.peerEnd;
    if (other === undefined) return;
    this.world.schedule(delay, () => {
      const journey = this.travel(end.user, end.segment());
      const there = journey.result;
      const again = backoff !== undefined && there.chance !== undefined && there.reason === 'lost-on-wire';
      if (again && backoff <= LONGEST_RETRANSMIT) this.tellOfEnd(end, because, backoff, backoff * 2);
      if (!arrivedAt(there, other.user)) return;
      const arrival = Math.max(end.lastArrival, this.world.now() + there.delay);
      this.captured(because === CLOSED ? 'FIN' : 'RST', journey, arrival);
      this.world.schedule(arrival - this.world.now(), () => this.lose(other, because));
    });
  }

  private lose(end: ConnectionEnd, because: string): void {
    if (!this.isOpen(end)) return;
    this.forget(end);
    end.user.closed(end.connection, because);
  }

  // who is where

  /** Where a segment would end if it were sent now. */
  private imagine(user: TransportUser, packet: Packet): WalkResult {
    return walk(this.world, packet, user, { observe: true });
  }

  /** Sends a segment now, on the way that it then finds. */
  private travel(
    from: { device: Device; instance: string },
    packet: Packet,
    sentAt = this.world.now(),
  ): Journey {
    const links: string[] = [];
    return { packet, sentAt, links, result: walk(this.world, packet, from, { links }) };
  }

  private answer(there: WalkResult, end: ConnectionEnd, sentAt: number): Journey {
    const from = { device: there.device, instance: there.instance ?? '' };
    const packet = segment(end.peerAddress, end.peerPort, end.localAddress, end.localPort, end.ttl);
    return this.travel(from, packet, sentAt);
  }

  private captured(content: Captured['content'], journey: Journey, arrival?: number): void {
    const { packet, sentAt, links, result } = journey;
    this.capture.add({
      at: sentAt,
      arrival: arrival ?? sentAt + result.delay,
      flow: packet.flow,
      ttl: packet.ttl,
      content,
      nodes: result.path,
      links,
    });
  }

  private listenerAt(there: WalkResult): TransportUser | undefined {
    if (there.outcome !== 'delivered') return undefined;
    return this.listeners.get(listenerKey(there.device, there.instance ?? ''));
  }

  private endOf(user: TransportUser, connection: ConnectionId): ConnectionEnd | undefined {
    return this.ends.get(user)?.get(connection);
  }

  /** Connections to the process that its kernel alone has taken. */
  private backlogOf(user: TransportUser): ConnectionEnd[] {
    return [...this.ends.values()].flatMap(ends =>
      [...ends.values()].filter(end => end.inBacklog?.of === user),
    );
  }

  private isOpen(end: ConnectionEnd): boolean {
    return this.endOf(end.user, end.connection) === end;
  }

  private add(end: ConnectionEnd): void {
    this.version++;
    const ends = this.ends.get(end.user);
    if (ends === undefined) this.ends.set(end.user, new Map([[end.connection, end]]));
    else ends.set(end.connection, end);
  }

  private forget(end: ConnectionEnd): void {
    this.version++;
    this.ends.get(end.user)?.delete(end.connection);
    this.world.cancel(end.pending);
    this.world.cancel(end.retransmission);
  }

  private ephemeralPort(): number {
    return FIRST_EPHEMERAL_PORT + (this.nextPort++ % EPHEMERAL_PORTS);
  }

  /** A connection that waits to send again, whose packets cannot travel or whose other end is frozen changes when a timer says so: the lab is not quiet yet. */
  private someConnectionIsBroken(): boolean {
    const situation = `${this.world.forwardingGeneration} ${this.version}`;
    if (situation !== this.checkedFor) {
      this.checkedFor = situation;
      this.brokenThen = [...this.ends.values()].some(ends =>
        [...ends.values()].some(end => this.isBroken(end)),
      );
    }
    return this.brokenThen;
  }

  private isBroken(end: ConnectionEnd): boolean {
    const other = end.peerEnd;
    if (other === undefined || end.user.frozen) return false;
    // It waits for a process that stands still, until its hold timer ends that.
    if (end.retransmission !== undefined || other.user.frozen) return true;
    return !this.isOpen(other) || !arrivedAt(this.imagine(end.user, end.segment()), other.user);
  }
}

const CLOSED = 'connection closed by the peer';

/** A segment that was sent, and what became of it. */
type Journey = {
  readonly packet: Packet;
  readonly sentAt: number;
  readonly links: readonly string[];
  readonly result: WalkResult;
};

function arrivedAt(there: WalkResult, user: TransportUser): boolean {
  return (
    there.outcome === 'delivered' && there.device === user.device && (there.instance ?? '') === user.instance
  );
}

function listenerKey(device: Device, instance: string): string {
  return `${device.name} ${instance}`;
}
