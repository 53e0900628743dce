import type { Message } from '../../bgp/message.ts';

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

export function noCounts(): PeerCounts {
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
