import type { Message } from '../../bgp/message.ts';
import type { SpeakerEvent } from '../../bgp/outcome.ts';
import type { Ipv4 } from '../../net/address.ts';

/** What a speaker's `show` counts about one peer, since the process started. */
export type PeerCounts = {
  readonly sent: Record<Message['type'], number>;
  readonly received: Record<Message['type'], number>;
  /** Lab milliseconds; undefined: never. */
  lastRead: number | undefined;
  lastWrite: number | undefined;
  established: number;
  dropped: number;
  /** When the session left Established last. */
  lastReset: number | undefined;
};

/** Counts messages and sessions, peer by peer. A peer that is not known (any more) is not counted. */
export class PeerCounters {
  private readonly counts = new Map<Ipv4, PeerCounts>();

  of(peer: Ipv4): PeerCounts {
    let counts = this.counts.get(peer);
    if (counts === undefined) {
      counts = noCounts();
      this.counts.set(peer, counts);
    }
    return counts;
  }

  sent(peer: Ipv4 | undefined, message: Message, now: number): void {
    if (peer === undefined) return;
    const counts = this.of(peer);
    counts.sent[message.type]++;
    counts.lastWrite = now;
  }

  received(peer: Ipv4 | undefined, message: Message, now: number): void {
    if (peer === undefined) return;
    const counts = this.of(peer);
    counts.received[message.type]++;
    counts.lastRead = now;
  }

  changed({ peer, from, to }: Extract<SpeakerEvent, { type: 'session-changed' }>, now: number): void {
    const counts = this.of(peer);
    if (to === 'established') counts.established++;
    if (from !== 'established') return;
    counts.dropped++;
    counts.lastReset = now;
  }

  forget(): void {
    this.counts.clear();
  }
}

function noCounts(): PeerCounts {
  const none = () => ({ open: 0, update: 0, notification: 0, keepalive: 0, 'route-refresh': 0 });
  return {
    sent: none(),
    received: none(),
    lastRead: undefined,
    lastWrite: undefined,
    established: 0,
    dropped: 0,
    lastReset: undefined,
  };
}
