import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';

/** What a fault (or its healing) did to the lab, read from the events that it caused. Times are lab milliseconds. */
export type FailoverSummary = {
  /** The `fault-injected` or `fault-healed` event. */
  readonly event: number;
  readonly kind: 'break' | 'heal';
  readonly fault: Fault;
  readonly at: number;
  /** The first sign that a router noticed: a port, BFD, a hold timer. Absent while nobody has. */
  readonly detected?: {
    readonly event: number;
    readonly afterMs: number;
    readonly node: string;
    readonly by: DetectedBy;
  };
  /** Sessions lost, in order. */
  readonly sessionsLost: readonly SessionLost[];
  /** Who sent withdrawals, in order of their first one. */
  readonly withdrawals: readonly Withdrawal[];
  /** Data planes that changed; the last change of each prefix on each node. */
  readonly forwarding: readonly ForwardingChange[];
  readonly requests: { readonly lost: number; readonly reset: number };
  /** From the first request lost to the first one answered again, as the traffic saw it; absent without traffic or loss. */
  readonly gapMs?: number;
  /** From the fault to the last change in a data plane; absent when none changed. */
  readonly reconvergedAfterMs?: number;
};

export type DetectedBy = 'port' | 'bfd' | 'hold-timer' | 'notification' | 'session' | 'kubernetes';

export type SessionLost = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly instance: string;
  readonly peer: string;
  readonly because: string;
};

export type Withdrawal = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly count: number;
  readonly routes: readonly string[];
};

export type ForwardingChange = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly instance: string;
  readonly prefix: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** One summary for each `fault-injected` and `fault-healed` in the events (ordered by id), oldest first. */
export function failoverSummaries(_events: readonly LabEvent[]): FailoverSummary[] {
  return [];
}
