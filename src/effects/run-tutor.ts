import type { Course } from '../course/lesson.ts';
import type { LabEngine } from '../lab/engine.ts';
import { tableKey } from '../lab/snapshot.ts';
import type { Message } from '../tutor/message.ts';
import { type EngineFacts, firstState, type TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { update } from '../tutor/update.ts';
import { wantedTables } from '../tutor/wanted-tables.ts';
import { createClockDriver } from './clock-driver.ts';
import { createLabWatcher } from './lab-watcher.ts';
import { bugMessage, perform, type World } from './perform.ts';
import type { ProgressFile } from './progress-file.ts';

export type TutorParts = {
  readonly engine: LabEngine;
  readonly course: Course;
  readonly progress: ProgressFile;
  /** Puts a text where the learner can paste it from. */
  readonly copy?: (text: string) => void;
  /** Exchanges the engine for the one that stands by (the same object goes on answering) and tells who it is. */
  readonly replaceEngine?: () => Promise<EngineFacts>;
};

/** Real milliseconds between looks although no event came: counters and the clock in the header go on. */
const idleLook = 1000;
const livelyLook = 100;

/** Runs the tutorial until it is left: messages in, states out, effects done. */
export async function runTutor(parts: TutorParts): Promise<Store> {
  const { engine, course } = parts;
  const loaded = await parts.progress.load();
  const { name, absent } = engine;
  const travels = engine.timeTravel === undefined ? {} : { travels: true as const };
  const facts = { name, absent, hasClock: engine.clock !== undefined, ...travels };
  let state = firstState({ lab: engine.lab, course, engine: facts, progress: loaded.progress });
  let wantedKey = '';
  const queue: Message[] = [];
  const listeners = new Set<() => void>();
  let scheduled = false;
  let finish: (exitCode: number) => void = () => undefined;
  const done = new Promise<number>(resolve => {
    finish = resolve;
  });

  const send = (message: Message) => {
    queue.push(message);
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(drain);
  };

  /** All messages that are there, then one word to the terminal. */
  const drain = () => {
    const before = state;
    let later = true;
    for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
      later &&= shownSoon(message);
      step(message);
    }
    scheduled = false;
    if (state === before) return;
    lookWhereWanted();
    if (later) return;
    for (const listener of listeners) listener();
  };

  /** Facts are followed by a look at the lab they come from: where that takes no time, both are drawn at once. */
  const shownSoon = (message: Message) => message.type === 'events-arrived' && engine.clock !== undefined;

  const step = (message: Message) => {
    try {
      const next = update(state, message);
      state = next.state;
      for (const effect of next.effects) perform(effect, world);
    } catch (error) {
      // Were telling of a bug the bug, nobody could be told.
      if (message.type === 'bug-met') throw error;
      queue.push(bugMessage(error));
    }
  };

  const lookWhereWanted = () => {
    const key = wantedTables(state).map(tableKey).join('\n');
    if (key === wantedKey) return;
    wantedKey = key;
    watcher.look();
  };

  const watcher = createLabWatcher(
    engine,
    () => wantedTables(state),
    snapshot => send({ type: 'snapshot-taken', snapshot }),
    error => send(bugMessage(error)),
  );
  const { clock } = engine;
  let lookedAt = 0;
  const driver =
    clock &&
    createClockDriver(clock, {
      wound: () => {
        const lively = state.view?.traffic.on === true || clock.busy();
        if (performance.now() - lookedAt < (lively ? livelyLook : idleLook)) return;
        lookedAt = performance.now();
        watcher.look();
      },
      quiet: quiet => send({ type: 'quiet-reached', quiet }),
    });
  const poll = clock === undefined ? setInterval(() => watcher.look(), idleLook) : undefined;
  const unsubscribe = engine.subscribe(events => {
    send({ type: 'events-arrived', events });
    watcher.look();
  });

  const leave = async () => {
    driver?.stop();
    watcher.stop();
    clearInterval(poll);
    unsubscribe();
    for (const timer of world.timers) clearTimeout(timer);
    for (const controller of world.underway.values()) controller.abort();
    if (state.progress !== loaded.progress) await parts.progress.save(state.progress);
    await engine.stop();
    finish(0);
  };

  const world: World = {
    engine,
    clock: driver,
    progress: parts.progress,
    copy: parts.copy ?? (() => undefined),
    send: message => {
      send(message);
      if (message.type === 'work-finished' || message.type === 'travelled') watcher.look();
    },
    quit: () => void leave(),
    replaceEngine: parts.replaceEngine,
    underway: new Map(),
    timers: new Set(),
  };

  if (state.clock !== undefined) driver?.set(state.clock, false);
  if (loaded.notice !== undefined) send({ type: 'notice-given', tone: 'warning', text: loaded.notice });
  watcher.look();

  return {
    getState: (): TutorState => state,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send,
    done,
  };
}
