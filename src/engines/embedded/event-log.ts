import type { Fact, LabEvent } from '../../lab/event.ts';

/** What happened, in order. Listeners get batches when the log is flushed. */
export class EventLog {
  private nextId: number;
  private batch: LabEvent[] = [];
  private readonly listeners: Set<(events: readonly LabEvent[]) => void>;
  private muted = false;

  constructor(firstId = 1, listeners = new Set<(events: readonly LabEvent[]) => void>()) {
    this.nextId = firstId;
    this.listeners = listeners;
  }

  /** A log for the same listeners, who hear nothing of it before `unmute`: what is told there was told before. */
  retelling(firstId: number): EventLog {
    const log = new EventLog(firstId, this.listeners);
    log.muted = true;
    return log;
  }

  unmute(): void {
    this.muted = false;
  }

  /** The id the next event gets. */
  get upcomingId(): number {
    return this.nextId;
  }

  /** False when nobody listens: then costly facts need not be put together. */
  get wanted(): boolean {
    return this.listeners.size > 0;
  }

  add(at: number, cause: number | undefined, fact: Fact): number {
    const id = this.nextId++;
    if (this.wanted && !this.muted) {
      this.batch.push(cause === undefined ? { id, at, ...fact } : { id, at, cause, ...fact });
    }
    return id;
  }

  /** Counts an event nobody would hear of, so that ids do not depend on listeners. */
  skip(): number {
    return this.nextId++;
  }

  subscribe(listener: (events: readonly LabEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Hands what gathered to every listener, as one batch. */
  flush(): void {
    if (this.batch.length === 0) return;
    const batch = this.batch;
    this.batch = [];
    for (const listener of [...this.listeners]) listener(batch);
  }
}
