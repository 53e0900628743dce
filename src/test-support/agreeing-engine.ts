import type { LabEngine } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import { labOfTheTalk } from './lab-of-the-talk.ts';

/** An engine that says yes to everything and reports one event for each build. */
export function engineThatAgrees(): LabEngine {
  const listeners = new Set<(events: readonly LabEvent[]) => void>();
  let id = 1;
  return {
    name: 'embedded',
    lab: labOfTheTalk,
    absent: new Map(),
    async build(stage) {
      for (const listener of listeners) listener([{ id, at: 0, type: 'stage-started', stage }]);
      id++;
      return { outcome: 'done' };
    },
    perform: async () => ({ outcome: 'done' }),
    run: async () => ({ exitCode: 0, output: [] }),
    snapshot: async () => {
      throw new Error('nobody looks');
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {},
  };
}
