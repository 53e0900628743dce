import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Route, TrafficLedger } from './traffic-ledger.ts';

const route: Route = { leaf: 'LEAF-DC-1', spine: 'SPINE-DC-1', node: 'datacenter-worker', pod: 'hello-1' };

describe('the books of the traffic', () => {
  it('name a sample by its end, and go on while nothing happens', () => {
    const ledger = new TrafficLedger();
    ledger.sent(10);
    ledger.answered(20, 4, route);
    ledger.answered(20, 6, route);
    ledger.failed(260, 'lost');
    expect(ledger.samples(800, true)).toEqual([
      { at: 250, sent: 1, answered: 2, lost: 0, reset: 0, latencyMs: 5 },
      { at: 500, sent: 0, answered: 0, lost: 1, reset: 0 },
      { at: 750, sent: 0, answered: 0, lost: 0, reset: 0 },
      { at: 1000, sent: 0, answered: 0, lost: 0, reset: 0 },
    ]);
    expect(ledger.allTotals()).toEqual({ sent: 1, answered: 2, lost: 1, reset: 0 });
  });

  it('forget where answers came from after ten seconds, and a sample after a minute', () => {
    const ledger = new TrafficLedger();
    ledger.answered(100, 4, route);
    expect(ledger.shares(10_200, 'pod')).toEqual([{ name: 'hello-1', count: 1 }]);
    expect(ledger.shares(10_250, 'pod')).toEqual([]);
    expect(ledger.samples(60_000, true)).toHaveLength(240);
    expect(ledger.samples(60_000, true)[0]).toMatchObject({ at: 500, answered: 0 });
  });

  it('give samples that later bookings do not change', () => {
    const ledger = new TrafficLedger();
    ledger.sent(10);
    const before = ledger.samples(10, true);
    ledger.sent(20);
    expect(before).toEqual([{ at: 250, sent: 1, answered: 0, lost: 0, reset: 0 }]);
    expect(ledger.samples(20, true)).toEqual([{ at: 250, sent: 2, answered: 0, lost: 0, reset: 0 }]);
  });

  it('say at any moment what adding up everything that was booked would say', () => {
    const step = fc.record({
      wait: fc.constantFrom(0, 3, 40, 250, 900, 4_000, 11_000, 70_000),
      pod: fc.constantFrom('hello-1', 'hello-2', 'hello-3'),
      leaf: fc.constantFrom(undefined, 'LEAF-DC-1', 'LEAF-DC-2'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), steps => {
        const ledger = new TrafficLedger();
        const booked: { readonly bucket: number; readonly pod: string; readonly leaf: string | undefined }[] =
          [];
        let now = 0;
        for (const { wait, pod, leaf } of steps) {
          now += wait;
          ledger.answered(now, 1, { ...route, pod, leaf });
          booked.push({ bucket: (Math.floor(now / 250) + 1) * 250, pod, leaf });
          const lately = booked.filter(({ bucket }) => bucket > now - 10_000);
          expect(ledger.shares(now, 'pod')).toEqual(countsOf(lately.map(one => one.pod)));
          expect(ledger.shares(now, 'leaf')).toEqual(countsOf(lately.flatMap(one => one.leaf ?? [])));
          const samples = ledger.samples(now, true);
          const kept = booked.filter(({ bucket }) => bucket >= (samples[0]?.at ?? 0));
          expect(samples.reduce((sum, { answered }) => sum + answered, 0)).toBe(kept.length);
          expect(samples.at(-1)?.at).toBe((Math.floor(now / 250) + 1) * 250);
        }
      }),
    );
  });
});

function countsOf(names: readonly string[]): { readonly name: string; readonly count: number }[] {
  return [...new Set(names)]
    .sort()
    .map(name => ({ name, count: names.filter(each => each === name).length }));
}
