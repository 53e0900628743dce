import type { LabClock, LabEngine, TimeTravel } from '../../lab/engine.ts';
import type { LabEvent } from '../../lab/event.ts';

export type SwitchableEngine = LabEngine & {
  /** From now on everything goes to this one; the one before is stopped, and if it cannot stop any more, left. */
  switchTo(next: LabEngine): Promise<void>;
};

/** An engine in front of an engine that can be exchanged while somebody uses it. Has a clock when the first one has. */
export function switchable(first: LabEngine): SwitchableEngine {
  let current = first;
  const listeners = new Set<(events: readonly LabEvent[]) => void>();
  const forward = (events: readonly LabEvent[]) => {
    for (const listener of listeners) listener(events);
  };
  let leave = current.subscribe(forward);
  const clock: LabClock = {
    now: () => current.clock?.now() ?? 0,
    advance: milliseconds => current.clock?.advance(milliseconds),
    step: () => current.clock?.step() ?? false,
    busy: () => current.clock?.busy() ?? false,
    runUntilQuiet: limit => current.clock?.runUntilQuiet(limit) ?? true,
  };
  const timeTravel: TimeTravel = {
    to: async event =>
      current.timeTravel?.to(event) ?? { outcome: 'refused', because: 'a recording only goes forward' },
  };
  return {
    get name() {
      return current.name;
    },
    get lab() {
      return current.lab;
    },
    get absent() {
      return current.absent;
    },
    ...(first.clock === undefined ? {} : { clock }),
    ...(first.timeTravel === undefined ? {} : { timeTravel }),
    build: (stage, options) => current.build(stage, options),
    perform: command => current.perform(command),
    run: (commandLine, options) => current.run(commandLine, options),
    snapshot: wanted => current.snapshot(wanted),
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => current.stop(),
    async switchTo(next) {
      const before = current;
      leave();
      current = next;
      leave = next.subscribe(forward);
      await before.stop().catch(() => undefined);
    },
  };
}
