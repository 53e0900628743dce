import type { Message } from '../../bgp/message.ts';
import type { ConnectionId } from '../../bgp/outcome.ts';
import type { Ipv4 } from '../../net/address.ts';
import { Capture } from './capture.ts';
import { ConnectionEnd, segment } from './connection-end.ts';
import type { WalkResult } from './device.ts';
import { Handshake } from './handshake.ts';
import { arrivedAt, Journeys } from './journeys.ts';
import { BGP_PORT } from './packet.ts';
import { Sockets } from './sockets.ts';
import type { TransportUser } from './transport-user.ts';
import type { World } from './world.ts';

/** First retransmission of data, doubled each time (Linux's minimum RTO; RFC 6298 section 5.5). */
const RETRANSMIT_AFTER = 200;
const LONGEST_RETRANSMIT = 120_000;
/** Linux's ephemeral ports. */
const FIRST_EPHEMERAL_PORT = 32768;
const EPHEMERAL_PORTS = 28232;

/**
 * TCP between BGP speakers over the lab's own forwarding. Segments are walked through the forwarding tables as they
 * are when sent: what does not arrive is retransmitted with backoff, and a connection exists only while both ends know it.
 */
export class Transport {
  /** What was sent and arrived. */
  readonly capture: Capture;
  private readonly world: World;
  private readonly sockets: Sockets;
  private readonly journeys: Journeys;
  private readonly handshake: Handshake;
  private nextPort = 0;
  private checkedFor = '';
  private brokenThen = false;

  constructor(world: World, capture = new Capture()) {
    this.world = world;
    this.capture = capture;
    this.sockets = new Sockets(world);
    this.journeys = new Journeys(world, capture);
    this.handshake = new Handshake(world, this.sockets, this.journeys);
    world.askWhetherBusy(() => this.someConnectionIsBroken());
  }

  listen(user: TransportUser): void {
    this.sockets.listen(user);
  }

  stopListening(user: TransportUser): void {
    this.sockets.stopListening(user);
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
    this.sockets.add(end);
    if (local === undefined) {
      this.world.schedule(0, () => this.handshake.fail(end, 'no route to host'), { background: true });
      return;
    }
    this.handshake.begin(end);
  }

  send(user: TransportUser, connection: ConnectionId, message: Message): void {
    const end = this.sockets.endOf(user, connection);
    if (end === undefined) return;
    end.unsent.push({ message, cause: this.world.cause });
    if (end.retransmission === undefined) this.transmit(end, RETRANSMIT_AFTER);
  }

  /** Closes after what was sent before. The other end learns if the path still works. */
  close(user: TransportUser, connection: ConnectionId): void {
    const end = this.sockets.endOf(user, connection);
    if (end === undefined) return;
    this.sockets.forget(end);
    if (end.peerEnd !== undefined) this.tellOfEnd(end, CLOSED, 0, RETRANSMIT_AFTER);
  }

  /** The process was stopped by a signal, or goes on. */
  processStopped(): void {
    this.sockets.changed();
  }

  /** The process died and its kernel resets what it had. */
  processDied(user: TransportUser, delay: number): void {
    for (const end of this.sockets.backlogOf(user))
      this.world.schedule(delay, () => this.lose(end, 'connection reset by the peer'));
    for (const end of this.sockets.endsOf(user)) {
      this.sockets.forget(end);
      if (end.peerEnd !== undefined) this.tellOfEnd(end, 'connection reset by the peer', delay);
    }
  }

  /** Power is gone: nobody is told. */
  deviceStopped(user: TransportUser): void {
    for (const end of this.sockets.backlogOf(user)) end.inBacklog = undefined;
    this.sockets.forgetAllOf(user);
  }

  /** Everybody who listens, dead processes included. */
  users(): IterableIterator<TransportUser> {
    return this.sockets.users();
  }

  /** Its connections as `ss` lists them; what was asked for and not answered yet included. */
  connectionsOf(
    user: TransportUser,
  ): { readonly local: string; readonly peer: string; readonly open: boolean }[] {
    return this.sockets.endsOf(user).map(end => ({
      local: `${end.localAddress}:${end.localPort}`,
      peer: `${end.peerAddress}:${end.peerPort}`,
      open: end.peerEnd !== undefined,
    }));
  }

  /** Whether a connection to the peer could be made now: both ways open, somebody listening who knows us. */
  couldConnect(user: TransportUser, peer: Ipv4, localAddress: Ipv4 | undefined, ttl: number): boolean {
    const local = localAddress ?? user.device.sourceAddressTowards(peer, user.instance);
    if (local === undefined) return false;
    const there = this.journeys.imagine(user, segment(local, FIRST_EPHEMERAL_PORT, peer, BGP_PORT, ttl));
    const listener = this.sockets.listenerAt(there);
    if (listener?.alive !== true || listener.frozen || !listener.expects(peer, local)) return false;
    const back = this.journeys.imagine(listener, segment(peer, BGP_PORT, local, FIRST_EPHEMERAL_PORT, ttl));
    return arrivedAt(back, user);
  }

  /** The event that made a peer fall silent, where a wire or a frozen process did: what a timer that waits in vain may name. */
  causeOfSilence(user: TransportUser, peer: Ipv4): number | undefined {
    for (const end of this.sockets.endsOf(user)) {
      const other = end.peerEnd;
      if (end.peerAddress !== peer || other === undefined) continue;
      if (other.user.frozen) return other.user.frozenBy;
      const towardsUs = this.journeys.imagine(other.user, other.segment());
      const fromUs = this.journeys.imagine(end.user, end.segment());
      return (towardsUs.wire ?? fromUs.wire)?.changedBy;
    }
    return undefined;
  }

  /** Sends everything unsent, or arms the retransmission timer. */
  private transmit(end: ConnectionEnd, backoff: number): void {
    const { world } = this;
    const journey = this.journeys.travel(end.user, end.segment());
    const there = journey.result;
    if (there.outcome === 'delivered') {
      const arrival = Math.max(end.lastArrival, world.now() + there.delay);
      end.lastArrival = arrival;
      const messages = end.unsent;
      end.unsent = [];
      const background = messages.every(({ message }) => message.type === 'keepalive');
      for (const { message, cause } of messages) {
        this.journeys.captured(message, journey, arrival);
        world.causedBy(cause, () =>
          world.schedule(arrival - world.now(), () => this.arrive(end, there, message), { background }),
        );
      }
      return;
    }
    this.sockets.changed();
    end.retransmission = world.schedule(
      backoff,
      () => {
        this.sockets.changed();
        end.retransmission = undefined;
        if (this.sockets.isOpen(end)) this.transmit(end, Math.min(backoff * 2, LONGEST_RETRANSMIT));
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
    if (other !== undefined && this.sockets.isOpen(other) && other.user.device.running) {
      other.user.received(other.connection, message);
      return;
    }
    if (!there.device.running || !this.sockets.isOpen(from)) return;
    const answer = this.journeys.answer(there, from, this.world.now());
    const back = answer.result;
    if (!arrivedAt(back, from.user)) return;
    this.journeys.captured('RST', answer);
    this.world.schedule(back.delay, () => this.lose(from, 'connection reset by the peer'));
  }

  /** A FIN or RST on its way to the other end. A FIN that chance swallowed is sent again after `backoff`. */
  private tellOfEnd(end: ConnectionEnd, because: string, delay: number, backoff?: number): void {
    const other = end.peerEnd;
    if (other === undefined) return;
    this.world.schedule(delay, () => {
      const journey = this.journeys.travel(end.user, end.segment());
      const there = journey.result;
      const again = backoff !== undefined && there.chance !== undefined && there.reason === 'lost-on-wire';
      if (again && backoff <= LONGEST_RETRANSMIT) this.tellOfEnd(end, because, backoff, backoff * 2);
      if (!arrivedAt(there, other.user)) return;
      const arrival = Math.max(end.lastArrival, this.world.now() + there.delay);
      this.journeys.captured(because === CLOSED ? 'FIN' : 'RST', journey, arrival);
      this.world.schedule(arrival - this.world.now(), () => this.lose(other, because));
    });
  }

  private lose(end: ConnectionEnd, because: string): void {
    if (!this.sockets.isOpen(end)) return;
    this.sockets.forget(end);
    end.user.closed(end.connection, because);
  }

  private ephemeralPort(): number {
    return FIRST_EPHEMERAL_PORT + (this.nextPort++ % EPHEMERAL_PORTS);
  }

  /** A connection that waits to send again, whose packets cannot travel or whose other end is frozen changes when a timer says so: the lab is not quiet yet. */
  private someConnectionIsBroken(): boolean {
    const situation = `${this.world.forwardingGeneration} ${this.sockets.version}`;
    if (situation !== this.checkedFor) {
      this.checkedFor = situation;
      this.brokenThen = [...this.sockets.all()].some(end => this.isBroken(end));
    }
    return this.brokenThen;
  }

  private isBroken(end: ConnectionEnd): boolean {
    const other = end.peerEnd;
    if (other === undefined || end.user.frozen) return false;
    // It waits for a process that stands still, until its hold timer ends that.
    if (end.retransmission !== undefined || other.user.frozen) return true;
    return (
      !this.sockets.isOpen(other) || !arrivedAt(this.journeys.imagine(end.user, end.segment()), other.user)
    );
  }
}

const CLOSED = 'connection closed by the peer';
