import type { LabEngine } from '../lab/engine.ts';
import type { StageId } from '../lab/stage.ts';
import type { Effect } from '../tutor/effect.ts';
import type { Message, WorkResult } from '../tutor/message.ts';
import type { EngineFacts } from '../tutor/state.ts';
import type { Job } from '../tutor/work.ts';
import { awaitCheck } from './await-check.ts';
import type { ClockDriver } from './clock-driver.ts';
import type { ProgressFile } from './progress-file.ts';

/** What effects act upon. */
export type World = {
  readonly engine: LabEngine;
  readonly clock: ClockDriver | undefined;
  readonly progress: ProgressFile;
  readonly copy: (text: string) => void;
  readonly send: (message: Message) => void;
  readonly quit: () => void;
  /** Jobs under way, by work id. */
  readonly underway: Map<number, AbortController>;
  readonly timers: Set<NodeJS.Timeout>;
  /** Puts the engine that stands by in the place of the one that runs. */
  readonly replaceEngine: (() => Promise<EngineFacts>) | undefined;
};

/** Does what the tutor wants. The only place where an effect becomes an action. */
export function perform(effect: Effect, world: World): void {
  switch (effect.type) {
    case 'start-work':
      startWork(effect.work, effect.job, world);
      return;
    case 'cancel-work':
      world.underway.get(effect.work)?.abort();
      return;
    case 'set-clock':
      world.clock?.set(effect.clock, effect.hurry);
      return;
    case 'step-clock':
      world.clock?.step();
      return;
    case 'travel':
      void world.engine.timeTravel?.to(effect.event).then(
        result => world.send({ type: 'travelled', result }),
        (error: unknown) => world.send(bugMessage(error)),
      );
      return;
    case 'fall-back':
      void fallBack(effect.stage, world).catch((error: unknown) => world.send(bugMessage(error)));
      return;
    case 'save-progress':
      void world.progress.save(effect.progress).then(result => {
        if (result.outcome === 'failed') {
          world.send({
            type: 'notice-given',
            tone: 'warning',
            text: `Progress is not kept: ${result.because}`,
          });
        }
      });
      return;
    case 'expire-notice': {
      const timer = setTimeout(() => {
        world.timers.delete(timer);
        world.send({ type: 'notice-expired', id: effect.id });
      }, effect.afterMs);
      timer.unref();
      world.timers.add(timer);
      return;
    }
    case 'copy':
      world.copy(effect.text);
      return;
    case 'quit':
      world.quit();
      return;
  }
}

/** The engine that stands by takes over and is brought to the stage; where it cannot be, it says so. */
async function fallBack(stage: StageId | 'empty', world: World): Promise<void> {
  if (world.replaceEngine === undefined) return;
  const engine = await world.replaceEngine();
  world.send({ type: 'engine-replaced', engine });
  const result = await world.engine.perform({ type: 'restore', stage });
  if (result.outcome === 'refused')
    world.send({
      type: 'notice-given',
      tone: 'warning',
      text: [result.because, ...result.nextSteps].join(' '),
    });
}

function startWork(id: number, job: Job, world: World): void {
  const controller = new AbortController();
  world.underway.set(id, controller);
  world.clock?.setWatched(true);
  const finish = (result: WorkResult) => {
    world.underway.delete(id);
    world.clock?.setWatched(world.underway.size > 0);
    world.send({ type: 'work-finished', work: id, result });
  };
  doJob(id, job, world, controller.signal).then(finish, (error: unknown) => {
    world.send(bugMessage(error));
    finish(failedResult(job));
  });
}

async function doJob(id: number, job: Job, world: World, signal: AbortSignal): Promise<WorkResult> {
  const { engine, send } = world;
  switch (job.type) {
    case 'run': {
      const { commandLine, on, cluster } = job;
      const result = await engine.run(commandLine, {
        ...(on !== undefined && { on }),
        ...(cluster !== undefined && { cluster }),
        signal,
        onOutput: chunk => send({ type: 'output-arrived', work: id, chunk }),
      });
      return { of: 'run', result };
    }
    case 'build':
      return { of: 'build', result: await engine.build(job.stage, { signal }) };
    case 'perform':
      return { of: 'perform', result: await engine.perform(job.command) };
    case 'await-check': {
      const { holds } = await awaitCheck(engine, job.check, () => untilWound(engine), signal);
      return { of: 'await-check', holds };
    }
  }
}

/** A journey's clock is wound once in each turn; a lab with a time of its own is asked four times a second. */
function untilWound(engine: LabEngine): Promise<void> {
  return new Promise(resolve => {
    if (engine.clock === undefined) setTimeout(resolve, 250);
    else setImmediate(resolve);
  });
}

/** A bug as the tutor hears of it. */
export function bugMessage(error: unknown): Message {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { type: 'bug-met', message, ...(stack !== undefined && { stack }) };
}

function failedResult(job: Job): WorkResult {
  switch (job.type) {
    case 'run':
      return { of: 'run', result: { exitCode: 1, output: [] } };
    case 'build':
      return { of: 'build', result: { outcome: 'cancelled' } };
    case 'perform':
      return {
        of: 'perform',
        result: { outcome: 'refused', because: 'A bug got in the way.', nextSteps: [] },
      };
    case 'await-check':
      return { of: 'await-check', holds: false };
  }
}
