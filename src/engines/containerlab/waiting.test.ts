import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { emptyFolder } from '../../test-support/program.ts';
import { type Grip, gripOf } from './grip.ts';
import { Waiting } from './waiting.ts';

describe('Whoever comes second to a lab', () => {
  let heldBy: string | undefined;
  let gone: boolean;
  let looks: boolean[];
  let waiting: Waiting;
  const grip: Grip = {
    get heldBy() {
      return heldBy;
    },
    async take() {
      if (gone) heldBy = undefined;
    },
    async release() {},
  };

  beforeEach(() => {
    vi.useFakeTimers();
    heldBy = 'process 1';
    gone = false;
    looks = [];
    waiting = new Waiting(grip, async taken => {
      looks.push(taken);
    });
    waiting.begin();
  });

  afterEach(async () => {
    await waiting.stop();
    vi.useRealTimers();
  });

  test('looks every two seconds, takes it when the first has gone, and then looks no more', async () => {
    await vi.advanceTimersByTimeAsync(4_000);
    expect(looks).toEqual([false, false]);
    gone = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(looks).toEqual([false, false, true]);
    expect(waiting.heldBy).toBeUndefined();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(3);
  });

  test('takes it at once when something is asked of it and the first has gone', async () => {
    gone = true;
    expect(await waiting.heldNow()).toBeUndefined();
    expect(looks).toEqual([true]);
  });

  test('is refused while the first is there', async () => {
    expect(await waiting.heldNow()).toBe('process 1');
  });

  test('takes nothing any more once it was stopped', async () => {
    await waiting.stop();
    gone = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toEqual([]);
  });
});

test('A lab that was let go is taken by the one that waits, and by nobody else', async () => {
  const folder = emptyFolder();
  const words = () => 'held';
  const first = await gripOf(folder, 'lab', 'learn', words);
  const second = await gripOf(folder, 'lab', 'learn', words);
  const third = await gripOf(folder, 'lab', 'learn', words);
  await second.take();
  expect([first.heldBy, second.heldBy]).toEqual([undefined, 'held']);
  await first.release();
  await second.take();
  await third.take();
  expect([second.heldBy, third.heldBy]).toEqual([undefined, 'held']);
  // Who has it not lets nothing go.
  await third.release();
  await third.take();
  expect(third.heldBy).toBe('held');
});
