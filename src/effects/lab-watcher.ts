import type { LabEngine } from '../lab/engine.ts';
import type { Snapshot, TableRef } from '../lab/snapshot.ts';
import { type RealTime, realTime } from './clock-driver.ts';

export type LabWatcher = {
  /** Something may have changed: look soon. */
  look(): void;
  stop(): void;
};

/** Milliseconds of real time between looks, at least. */
const between = 33;

/** Takes snapshots of what is wanted, at most 30 a second and one at a time, however often it is asked. */
export function createLabWatcher(
  engine: LabEngine,
  wanted: () => readonly TableRef[],
  seen: (snapshot: Snapshot) => void,
  failed: (error: unknown) => void,
  time: RealTime = realTime,
): LabWatcher {
  let last = -Infinity;
  let asked = false;
  let looking = false;
  let cancel: (() => void) | undefined;
  let stopped = false;

  const look = () => {
    if (stopped) return;
    // What happens while a snapshot is taken may be missing from it; one that is still to be taken shows everything.
    if (looking) asked = true;
    if (looking || cancel !== undefined) return;
    const wait = Math.max(0, last + between - time.now());
    cancel = time.after(wait, () => {
      cancel = undefined;
      void take();
    });
  };

  const take = async () => {
    looking = true;
    last = time.now();
    try {
      const snapshot = await engine.snapshot(wanted());
      if (!stopped) seen(snapshot);
    } catch (error) {
      if (!stopped) failed(error);
    }
    looking = false;
    if (!asked) return;
    asked = false;
    look();
  };

  return {
    look,
    stop() {
      stopped = true;
      cancel?.();
      cancel = undefined;
    },
  };
}
