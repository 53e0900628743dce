import { expect, it } from 'vitest';
import type { LabClock } from '../lab/engine.ts';
import { createClockDriver, type RealTime } from './clock-driver.ts';

it('a running clock advances with real time, at the chosen speed', () => {
  const lab = labClock({ busy: true });
  const { driver, time } = drivenBy(lab);
  driver.set({ mode: 'running', speed: 0.1 }, false);
  time.pass(1000);
  expect(lab.now()).toBeCloseTo(100, -1);
});

it('an idle lab is wound four times a second, a busy one thirty times', () => {
  const idle = labClock({ busy: false });
  const first = drivenBy(idle);
  first.driver.set({ mode: 'running', speed: 1 }, false);
  first.time.pass(10_000);
  expect(first.wound()).toBe(40);
  const busy = labClock({ busy: true });
  const second = drivenBy(busy);
  second.driver.set({ mode: 'running', speed: 1 }, false);
  second.time.pass(10_000);
  expect(second.wound()).toBe(303);
});

it('an idle lab whose time runs fast is still looked at four times in a second of its time, where 30 looks a second allow it', () => {
  const windings = (speed: number) => {
    const { driver, time, wound } = drivenBy(labClock({ busy: false }));
    driver.set({ mode: 'running', speed }, false);
    time.pass(10_000);
    return wound();
  };
  expect(windings(4)).toBeGreaterThan(155);
  expect(windings(100)).toBe(303);
  expect(windings(0.01)).toBe(40);
});

it('a paused clock costs nothing at all', () => {
  const lab = labClock({ busy: true });
  const { driver, time, wound } = drivenBy(lab);
  driver.set({ mode: 'paused', speed: 1 }, false);
  expect(time.pending()).toBe(0);
  time.pass(60_000);
  expect([lab.now(), wound()]).toEqual([0, 0]);
});

it('time that passed while paused is not made up for', () => {
  const lab = labClock({ busy: true });
  const { driver, time } = drivenBy(lab);
  driver.set({ mode: 'paused', speed: 1 }, false);
  time.pass(60_000);
  driver.set({ mode: 'running', speed: 1 }, false);
  time.pass(100);
  expect(lab.now()).toBeLessThanOrEqual(100);
});

it('a suspended laptop does not make lab time jump', () => {
  const lab = labClock({ busy: true });
  const { driver, time } = drivenBy(lab);
  driver.set({ mode: 'running', speed: 1 }, false);
  time.sleep(3_600_000);
  expect(lab.now()).toBe(1000);
});

it('in a hurry also a paused clock runs, a little in each turn, until the hurry is over', () => {
  const lab = labClock({ busy: true });
  const { driver, time } = drivenBy(lab);
  driver.set({ mode: 'paused', speed: 1 }, true);
  time.turn();
  time.turn();
  expect(lab.now()).toBe(100);
  driver.set({ mode: 'paused', speed: 1 }, false);
  time.pass(10_000);
  expect(lab.now()).toBe(100);
});

it('a run until quiet says when it is quiet, and goes on at the old speed', () => {
  const lab = labClock({ busy: true, quietAt: 5000 });
  const { driver, time, heard } = drivenBy(lab);
  driver.set({ mode: 'until-quiet', speed: 1 }, false);
  for (let turn = 0; turn < 5; turn++) time.turn();
  expect(heard).toEqual([true]);
  expect(lab.now()).toBe(5000);
  time.pass(1000);
  expect(lab.now()).toBeCloseTo(6000, -2);
});

it('a lab that never comes to rest is given up after ten minutes of its time', () => {
  const lab = labClock({ busy: true, quietAt: Infinity });
  const { driver, time, heard } = drivenBy(lab);
  driver.set({ mode: 'until-quiet', speed: 1 }, false);
  for (let turn = 0; turn < 700; turn++) time.turn();
  expect(heard).toEqual([false]);
});

function drivenBy(lab: LabClock) {
  const time = handTime();
  const heard: boolean[] = [];
  let count = 0;
  const on = {
    wound: () => {
      count++;
    },
    quiet: (reached: boolean) => heard.push(reached),
  };
  return { driver: createClockDriver(lab, on, time), time, heard, wound: () => count };
}

/** Real time turned by hand. */
function handTime() {
  let now = 0;
  let due: { at: number; call: () => void }[] = [];
  const take = () => {
    due.sort((a, b) => a.at - b.at);
    return due.shift();
  };
  const time: RealTime = {
    now: () => now,
    after(milliseconds, call) {
      const entry = { at: now + milliseconds, call };
      due.push(entry);
      return () => {
        due = due.filter(other => other !== entry);
      };
    },
  };
  return {
    ...time,
    pending: () => due.length,
    /** All that is due in the next milliseconds, each in its time. */
    pass(milliseconds: number) {
      const until = now + milliseconds;
      for (let next = take(); next !== undefined; next = take()) {
        if (next.at > until) {
          due.push(next);
          break;
        }
        now = Math.max(now, next.at);
        next.call();
      }
      now = until;
    },
    /** The next thing due. */
    turn() {
      take()?.call();
    },
    /** The machine sleeps: nothing runs, then what was due runs late. */
    sleep(milliseconds: number) {
      const next = take();
      now += milliseconds;
      next?.call();
    },
  };
}

function labClock({ busy = false, quietAt = 0 }): LabClock {
  let now = 0;
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds;
    },
    step() {
      now += 10;
      return true;
    },
    busy: () => busy,
    runUntilQuiet(limit = 600_000) {
      now = Math.min(now + limit, Math.max(now, quietAt));
      return now >= quietAt;
    },
  };
}
