import type { LabEngine } from '../lab/engine.ts';

const TICK = 50;

/** An engine with a clock, for whoever expects none: its time passes as fast as real time until it is stopped. */
export function selfWound(engine: LabEngine): LabEngine {
  const { clock, ...rest } = engine;
  if (clock === undefined) return engine;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    clock.advance(now - last);
    last = now;
  }, TICK);
  timer.unref();
  return {
    ...rest,
    build: (stage, options) => engine.build(stage, options),
    perform: command => engine.perform(command),
    run: (commandLine, options) => engine.run(commandLine, options),
    snapshot: wanted => engine.snapshot(wanted),
    subscribe: listener => engine.subscribe(listener),
    async stop() {
      clearInterval(timer);
      await engine.stop();
    },
  };
}
