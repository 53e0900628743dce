import type { LabEngine } from '../../lab/engine.ts';

type Calls = Pick<LabEngine, 'build' | 'perform' | 'run' | 'snapshot' | 'subscribe' | 'stop'>;

/** An engine like another one, some of whose calls go through a wrapper. `onlyForward`: it cannot go back in time. */
export function wrapped(
  engine: LabEngine,
  calls: Partial<Calls>,
  options: { readonly onlyForward?: true } = {},
): LabEngine {
  const { timeTravel } = engine;
  return {
    name: engine.name,
    get lab() {
      return engine.lab;
    },
    absent: engine.absent,
    ...(engine.clock === undefined ? {} : { clock: engine.clock }),
    ...(timeTravel === undefined || options.onlyForward ? {} : { timeTravel }),
    build: (stage, options) => engine.build(stage, options),
    perform: command => engine.perform(command),
    run: (commandLine, options) => engine.run(commandLine, options),
    snapshot: wanted => engine.snapshot(wanted),
    subscribe: listener => engine.subscribe(listener),
    stop: () => engine.stop(),
    ...calls,
  };
}
