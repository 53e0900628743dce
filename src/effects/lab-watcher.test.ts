import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabEngine } from '../lab/engine.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import { everythingUp } from '../test-support/snapshots.ts';
import type { RealTime } from './clock-driver.ts';
import { createLabWatcher } from './lab-watcher.ts';

const time: RealTime = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Somebody who watches an engine whose snapshots take some time; when each was begun and when it was seen. */
function watching(takes: number) {
  const begun: number[] = [];
  const seen: number[] = [];
  const engine = {
    snapshot: async (): Promise<Snapshot> => {
      begun.push(performance.now());
      if (takes > 0) await new Promise(resolve => setTimeout(resolve, takes));
      return everythingUp;
    },
  } as unknown as LabEngine;
  const watcher = createLabWatcher(
    engine,
    () => [],
    () => seen.push(performance.now()),
    error => {
      throw error;
    },
    time,
  );
  return { watcher, begun, seen };
}

beforeEach(() => vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

describe('the watcher of the lab', () => {
  it('looks once, however often it was asked before it looked', async () => {
    const { watcher, begun } = watching(0);
    for (let asked = 0; asked < 5; asked++) watcher.look();
    await vi.advanceTimersByTimeAsync(10);
    for (let asked = 0; asked < 5; asked++) watcher.look();
    await vi.advanceTimersByTimeAsync(500);
    expect(begun).toEqual([0, 33]);
  });

  it('looks again when it was asked while a snapshot was being taken', async () => {
    const { watcher, begun, seen } = watching(20);
    watcher.look();
    await vi.advanceTimersByTimeAsync(10);
    watcher.look();
    watcher.look();
    await vi.advanceTimersByTimeAsync(500);
    expect(begun).toEqual([0, 33]);
    expect(seen).toEqual([20, 53]);
  });

  it('looks at most thirty times a second', async () => {
    const { watcher, begun } = watching(0);
    for (let passed = 0; passed < 1000; passed += 5) {
      watcher.look();
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(begun.length).toBeGreaterThan(27);
    expect(begun.length).toBeLessThanOrEqual(31);
  });

  it('sees nothing any more once it was stopped, also of what was under way', async () => {
    const { watcher, begun, seen } = watching(20);
    watcher.look();
    await vi.advanceTimersByTimeAsync(10);
    watcher.stop();
    watcher.look();
    await vi.advanceTimersByTimeAsync(500);
    expect([begun, seen]).toEqual([[0], []]);
  });
});
