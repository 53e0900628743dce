import type { RequestCounts, Share, TrafficState } from './traffic-state.ts';

/** Length of a sample, and how many are kept. */
const SAMPLE = 250;
const SAMPLES = 240;
/** The shares are those of the last ten seconds. */
const SHARE_SAMPLES = 40;
const RECENT = 50;

type Recent = TrafficState['recent'][number];

/** Where an answered request went. */
export type Route = {
  readonly leaf: string | undefined;
  readonly spine: string | undefined;
  readonly node: string | undefined;
  readonly pod: string;
};

type Bucket = {
  readonly at: number;
  readonly counts: { sent: number; answered: number; lost: number; reset: number };
  latencySum: number;
  /** As it was told last, until something is booked. */
  told: TrafficState['samples'][number] | undefined;
  readonly shares: { readonly [K in keyof Route]: Map<string, number> };
};

/** The books of the client traffic: totals, quarter-second samples, shares, the latest requests. */
export class TrafficLedger {
  readonly totals = { sent: 0, answered: 0, lost: 0, reset: 0 };
  private readonly buckets: Bucket[] = [];
  private readonly latest: Recent[] = [];

  sent(now: number): void {
    this.totals.sent++;
    this.booked(now).counts.sent++;
  }

  answered(now: number, latency: number, route: Route): void {
    const bucket = this.booked(now);
    this.totals.answered++;
    bucket.counts.answered++;
    bucket.latencySum += latency;
    for (const key of ['leaf', 'spine', 'node', 'pod'] as const) {
      const name = route[key];
      if (name !== undefined) bucket.shares[key].set(name, (bucket.shares[key].get(name) ?? 0) + 1);
    }
  }

  failed(now: number, how: 'lost' | 'reset'): void {
    this.totals[how]++;
    this.booked(now).counts[how]++;
  }

  remember(entry: Recent): void {
    this.latest.push(entry);
    if (this.latest.length > RECENT * 2) this.latest.splice(0, RECENT);
  }

  /** Samples up to now, whether or not something happened in them. `running`: traffic is on. */
  samples(now: number, running: boolean): TrafficState['samples'] {
    if (running || this.buckets.length > 0) this.bucket(now);
    return this.buckets.map(sampleOf);
  }

  shares(now: number, key: keyof Route): Share[] {
    const counts = new Map<string, number>();
    for (const bucket of this.buckets) {
      if (bucket.at <= now - SHARE_SAMPLES * SAMPLE) continue;
      for (const [name, count] of bucket.shares[key]) counts.set(name, (counts.get(name) ?? 0) + count);
    }
    return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  recent(): readonly Recent[] {
    return this.latest.slice(-RECENT);
  }

  allTotals(): RequestCounts {
    return { ...this.totals };
  }

  /** The sample that `now` falls into, about to say something else. */
  private booked(now: number): Bucket {
    const bucket = this.bucket(now);
    bucket.told = undefined;
    return bucket;
  }

  /** The sample that `now` falls into; a sample is named by its end. */
  private bucket(now: number): Bucket {
    const at = (Math.floor(now / SAMPLE) + 1) * SAMPLE;
    let last = this.buckets.at(-1);
    if (last?.at === at) return last;
    // Booked late: it belongs to a sample that is there already.
    if (last !== undefined && last.at > at) return this.buckets.findLast(each => each.at <= at) ?? last;
    let next = last === undefined ? at : Math.max(last.at + SAMPLE, at - SAMPLES * SAMPLE);
    for (; next <= at; next += SAMPLE) {
      last = newBucket(next);
      this.buckets.push(last);
    }
    if (this.buckets.length > SAMPLES) this.buckets.splice(0, this.buckets.length - SAMPLES);
    return last ?? newBucket(at);
  }
}

function newBucket(at: number): Bucket {
  return {
    at,
    counts: { sent: 0, answered: 0, lost: 0, reset: 0 },
    latencySum: 0,
    told: undefined,
    shares: { leaf: new Map(), spine: new Map(), node: new Map(), pod: new Map() },
  };
}

function sampleOf(bucket: Bucket): TrafficState['samples'][number] {
  const { at, counts, latencySum } = bucket;
  bucket.told ??= {
    at,
    ...counts,
    ...(counts.answered === 0 ? {} : { latencyMs: latencySum / counts.answered }),
  };
  return bucket.told;
}
