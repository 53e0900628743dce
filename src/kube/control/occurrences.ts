import type { Occurrence } from '../fact.ts';

type Reported = Omit<Occurrence, 'firstAt' | 'lastAt' | 'count'>;

/** Kubernetes Events: the newest thousand, repetitions counted. They expire after an hour, as the API server's do. */
export class OccurrenceLog {
  private readonly entries = new Map<string, Occurrence>();

  add(now: number, reported: Reported): void {
    const { kind, namespace, name, reason, message, from } = reported;
    const key = `${kind} ${namespace}/${name} ${reason} ${from} ${message}`;
    const before = this.entries.get(key);
    this.entries.delete(key);
    this.entries.set(key, {
      ...reported,
      firstAt: before?.firstAt ?? now,
      lastAt: now,
      count: (before?.count ?? 0) + 1,
    });
    if (this.entries.size > 1_000) {
      const oldest = this.entries.keys().next().value;
      if (oldest !== undefined) this.entries.delete(oldest);
    }
  }

  /** Oldest report first. */
  all(now: number): Occurrence[] {
    return [...this.entries.values()].filter(entry => now - entry.lastAt < 3_600_000);
  }

  about(now: number, kind: string, namespace: string, name: string): Occurrence[] {
    return this.all(now).filter(
      entry => entry.kind === kind && entry.namespace === namespace && entry.name === name,
    );
  }
}
