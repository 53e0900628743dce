import type { ConnectionId } from '../../bgp/outcome.ts';
import { ConnectionEnd } from './connection-end.ts';
import { arrivedAt, type Journey, type Journeys } from './journeys.ts';
import { BGP_PORT } from './packet.ts';
import type { Sockets } from './sockets.ts';
import type { TransportUser } from './transport-user.ts';
import type { World } from './world.ts';

/** First retransmission of a SYN (RFC 6298 section 2.1), and how many Linux sends (tcp_syn_retries). */
const SYN_RETRANSMIT_AFTER = 1000;
const MOST_SYNS = 6;

/** How a connection comes to be: SYNs until one is answered, then the kernel there has it, then the process there takes it. */
export class Handshake {
  private readonly world: World;
  private readonly sockets: Sockets;
  private readonly journeys: Journeys;

  constructor(world: World, sockets: Sockets, journeys: Journeys) {
    this.world = world;
    this.sockets = sockets;
    this.journeys = journeys;
  }

  begin(end: ConnectionEnd): void {
    this.sendSyn(end, 0);
  }

  private sendSyn(end: ConnectionEnd, attempt: number): void {
    const { world } = this;
    const outward = this.journeys.travel(end.user, end.segment());
    const there = outward.result;
    const listener = this.sockets.listenerAt(there);
    if (there.outcome === 'delivered') {
      this.journeys.captured('SYN', outward);
      const answer = this.journeys.answer(there, end, world.now() + there.delay);
      const back = answer.result;
      if (arrivedAt(back, end.user)) {
        const roundTrip = there.delay + back.delay;
        if (listener?.alive !== true) {
          end.pending = world.schedule(
            roundTrip,
            () => {
              this.journeys.captured('RST', answer);
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
    this.journeys.captured('SYN-ACK', answer);
    this.journeys.captured('ACK', { ...outward, sentAt: this.world.now() });
    end.inBacklog = { of: listener, arrived: [] };
    this.world.schedule(delay, () => {
      if (!this.sockets.isOpen(end)) return;
      if (listener.alive) listener.whenAwake(() => this.accept(end, listener, answer));
      else this.refuse(end, answer);
    });
    end.user.opened(end.connection, end.localAddress);
  }

  /** The process takes the connection from its kernel, and what came over it meanwhile. */
  private accept(end: ConnectionEnd, listener: TransportUser, answer: Journey): void {
    if (!this.sockets.isOpen(end)) return;
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
      if (other === undefined || !this.sockets.isOpen(other)) return;
      this.world.causedBy(cause, () => other.user.received(other.connection, message));
    }
  }

  private refuse(end: ConnectionEnd, answer: Journey): void {
    const { delay } = answer.result;
    this.sockets.forget(end);
    this.journeys.captured('RST', { ...answer, sentAt: this.world.now() });
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
    this.sockets.add(other);
    end.peerEnd = other;
    other.peerEnd = end;
  }

  /** There will be no connection. */
  fail(end: ConnectionEnd, because: string): void {
    if (!this.sockets.isOpen(end)) return;
    this.sockets.forget(end);
    end.user.failed(end.connection, because);
  }
}
