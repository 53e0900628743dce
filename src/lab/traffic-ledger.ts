import type { RequestCounts, Share, TrafficState } from './traffic-state.ts';

/** Length of a sample, and how many are kept. */
const SAMPLE = 250;
const SAMPLES = 240;
/** The shares are those of the last ten seconds. */
const SHARE_SAMPLES = 40;
const RECENT = 50;

type Recent = TrafficState['recent'][number];
type Sample = TrafficState['samples'][number];

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
  readonly shares: Counts;
};

type Counts = { readonly [Place in keyof Route]: Map<string, number> };

const places = ['leaf', 'spine', 'node', 'pod'] as const;

/** The books of the client traffic: totals, quarter-second samples, shares, the latest requests. */
export class TrafficLedger {
  readonly totals = { sent: 0, answered: 0, lost: 0, reset: 0 };
  private readonly buckets: Bucket[] = [];
  /** What was told of each of them last. */
  private readonly told: Sample[] = [];
  /** Those whose sample says something else by now. */
  private readonly stale = new Set<Bucket>();
  /** Counts over the buckets from `counted` on: those that shares are of. */
  private readonly lately: Counts = noCounts();
  private counted = 0;
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
    // Booked late, it may be of a bucket that no longer counts.
    const counts = this.buckets.lastIndexOf(bucket) >= this.counted;
    for (const place of places) {
      const name = route[place];
      if (name === undefined) continue;
      add(bucket.shares[place], name, 1);
      if (counts) add(this.lately[place], name, 1);
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
    for (const bucket of this.stale) {
      const index = this.buckets.lastIndexOf(bucket);
      if (index >= 0) this.told[index] = sampleOf(bucket);
    }
    this.stale.clear();
    return this.told.slice();
  }

  /** Of the answered requests of the last ten seconds. */
  shares(now: number, place: keyof Route): Share[] {
    for (; this.counted < this.buckets.length; this.counted++) {
      const gone = this.buckets[this.counted];
      if (gone === undefined || gone.at > now - SHARE_SAMPLES * SAMPLE) break;
      for (const each of places)
        for (const [name, count] of gone.shares[each]) add(this.lately[each], name, -count);
    }
    const shares: Share[] = [];
    for (const [name, count] of this.lately[place]) shares.push({ name, count });
    return shares.sort(byName);
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
    this.stale.add(bucket);
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
      this.told.push(sampleOf(last));
    }
    const over = this.buckets.length - SAMPLES;
    if (over > 0) {
      this.shares(now, 'leaf');
      this.buckets.splice(0, over);
      this.told.splice(0, over);
      this.counted = Math.max(0, this.counted - over);
    }
    return last ?? newBucket(at);
  }
}

function byName(a: Share, b: Share): number {
  return a.name < b.name ? -1 : 1;
}

function newBucket(at: number): Bucket {
  return {
    at,
    counts: { sent: 0, answered: 0, lost: 0, reset: 0 },
    latencySum: 0,
    shares: noCounts(),
  };
}

function noCounts(): Counts {
  return { leaf: new Map(), spine: new Map(), node: new Map(), pod: new Map() };
}

/** Names with nothing left are gone. */
function add(counts: Map<string, number>, name: string, count: number): void {
  const sum = (counts.get(name) ?? 0) + count;
  if (sum === 0) counts.delete(name);
  else counts.set(name, sum);
}

function sampleOf({ at, counts, latencySum }: Bucket): Sample {
  const { sent, answered, lost, reset } = counts;
  const sample = { at, sent, answered, lost, reset };
  return answered === 0 ? sample : { ...sample, latencyMs: latencySum / answered };
}
