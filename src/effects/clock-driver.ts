import type { LabClock } from '../lab/engine.ts';
import type { ClockState } from '../tutor/clock.ts';

/** Real time, as the driver needs it; tests hand in their own. */
export type RealTime = {
  readonly now: () => number;
  readonly after: (milliseconds: number, call: () => void) => () => void;
};

export const realTime: RealTime = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = milliseconds <= 0 ? undefined : setTimeout(call, milliseconds);
    const immediate = timer === undefined ? setImmediate(call) : undefined;
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};

export type ClockDriver = {
  /** How time passes from now on. */
  set(state: ClockState, hurry: boolean): void;
  /** Does just the next thing that is due. */
  step(): void;
  /** Whether somebody waits for the lab: the driver then winds often instead of now and then. */
  setWatched(watched: boolean): void;
  stop(): void;
};

/** Milliseconds of real time between windings: while something happens, and while nothing does. */
const lively = 33;
const calm = 250;
/** After a longer gap (a suspended laptop) lab time does not jump. */
const longestGap = 1000;
/** Lab milliseconds that pass at once in a hurry: whoever waits for the lab gets a word in before the next. */
const hurriedStep = 50;
const longestQuietRun = 600_000;

/**
 * Winds a lab's clock with real time: at most 30 times a second, seldom while nothing happens (four times in a second of
 * lab time), not at all while paused.
 * `wound` is called after each winding, `quiet` when a run until quiet is over.
 */
export function createClockDriver(
  clock: LabClock,
  on: { readonly wound: () => void; readonly quiet: (reached: boolean) => void },
  time: RealTime = realTime,
): ClockDriver {
  let state: ClockState = { mode: 'paused', speed: 1 };
  let hurry = false;
  let watched = false;
  let last = time.now();
  let quietLeft = longestQuietRun;
  let cancel: (() => void) | undefined;

  const schedule = (milliseconds: number) => {
    cancel?.();
    cancel = time.after(milliseconds, wind);
  };
  const fast = () => hurry || state.mode === 'until-quiet';
  // What lasts some seconds of lab time is seen at any speed.
  const pace = () => (watched || clock.busy() ? lively : Math.max(lively, calm / Math.max(1, state.speed)));

  const wind = () => {
    cancel = undefined;
    const began = time.now();
    if (hurry) clock.advance(hurriedStep);
    else if (state.mode === 'until-quiet') runOn();
    else if (state.mode === 'running') clock.advance(Math.min(longestGap, began - last) * state.speed);
    else return;
    last = time.now();
    on.wound();
    if (hurry || state.mode !== 'paused') schedule(fast() ? 0 : Math.max(pace(), last - began));
  };

  const runOn = () => {
    const before = clock.now();
    const reached = clock.runUntilQuiet(Math.min(1000, quietLeft));
    quietLeft -= Math.max(1, clock.now() - before);
    if (!reached && quietLeft > 0) return;
    state = { ...state, mode: 'running' };
    on.quiet(reached);
  };

  return {
    set(next, hurrying) {
      const rests = cancel === undefined;
      if (next.mode === 'until-quiet' && state.mode !== 'until-quiet') quietLeft = longestQuietRun;
      state = next;
      hurry = hurrying;
      if (rests) last = time.now();
      if (!hurry && state.mode === 'paused') {
        cancel?.();
        cancel = undefined;
      } else schedule(fast() ? 0 : Math.min(lively, pace()));
    },
    step() {
      clock.step();
      on.wound();
    },
    setWatched(next) {
      if (watched === next) return;
      watched = next;
      if (watched && cancel !== undefined && !fast()) schedule(0);
    },
    stop() {
      cancel?.();
      cancel = undefined;
      hurry = false;
      state = { ...state, mode: 'paused' };
    },
  };
}
