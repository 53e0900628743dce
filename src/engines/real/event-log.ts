import type { Fact, LabEvent } from '../../lab/event.ts';

/** What is observed arrives a little late; it is held back that long so that it can be put in order. Milliseconds. */
const HOLD = 60;

/** What happened. Facts come from several places, each with its own time; listeners get them in order of (at, id). */
export class EventLog {
  private readonly now: () => number;
  private readonly hold: number;
  private nextId: number;
  private held: LabEvent[] = [];
  private lastAt = 0;
  private readonly listeners = new Set<(events: readonly LabEvent[]) => void>();

  /** `hold`: how late what is observed may arrive. */
  constructor(now: () => number, firstId = 1, hold = HOLD) {
    this.now = now;
    this.hold = hold;
    this.nextId = firstId;
  }

  get upcomingId(): number {
    return this.nextId;
  }

  add(fact: Fact, options: { readonly at?: number; readonly cause?: number | undefined } = {}): number {
    const id = this.nextId++;
    const at = Math.max(options.at ?? this.now(), this.lastAt);
    this.held.push({ id, at, ...(options.cause === undefined ? {} : { cause: options.cause }), ...fact });
    return id;
  }

  subscribe(listener: (events: readonly LabEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Hands over what can no longer be overtaken; all of it when the lab stops. */
  flush(all = false): void {
    const until = all ? Number.POSITIVE_INFINITY : this.now() - this.hold;
    const due = this.held.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.id - b.id);
    if (due.length === 0) return;
    this.held = this.held.filter(({ at }) => at > until);
    this.lastAt = due.at(-1)?.at ?? this.lastAt;
    for (const listener of [...this.listeners]) listener(due);
  }
}
