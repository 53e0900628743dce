import type { LabEngine } from '../../lab/engine.ts';
import { wrapped } from './wrapped-engine.ts';

export type FaultyOptions = {
  readonly seed: number;
  /** How often a call goes wrong, 0 to 1. Default 0.2. */
  readonly rate?: number;
};

/**
 * An engine that fails now and then, the way a real lab does: builds fail, commands are refused, command lines exit
 * with 1, tables are missing. Which calls fail follows from the seed. For tests of what stands above an engine.
 */
export function faulty(engine: LabEngine, options: FaultyOptions): LabEngine {
  const goesWrong = dice(options.seed, options.rate ?? 0.2);
  const because = 'the faulty engine made this fail';
  const nextSteps = ['Try again.'];
  return wrapped(engine, {
    build: (stage, how) =>
      goesWrong() ? Promise.resolve({ outcome: 'failed', because, nextSteps }) : engine.build(stage, how),
    perform: command =>
      goesWrong() ? Promise.resolve({ outcome: 'refused', because, nextSteps }) : engine.perform(command),
    async run(commandLine, how = {}) {
      if (!goesWrong()) return engine.run(commandLine, how);
      const chunk = { stream: 'stderr', text: `${because}\n` } as const;
      how.onOutput?.(chunk);
      return { exitCode: 1, output: [chunk] };
    },
    async snapshot(wanted) {
      return engine.snapshot(wanted.filter(() => !goesWrong()));
    },
  });
}

/** True in about `rate` of the calls; the same seed gives the same answers (a linear congruential generator). */
function dice(seed: number, rate: number): () => boolean {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 < rate;
  };
}
