import type { LabEngine } from '../../lab/engine.ts';

type Calls = Pick<LabEngine, 'build' | 'perform' | 'run' | 'snapshot' | 'subscribe' | 'stop'>;

/** An engine like another one, some of whose calls go through a wrapper. */
export function wrapped(engine: LabEngine, calls: Partial<Calls>): LabEngine {
  return {
    name: engine.name,
    get lab() {
      return engine.lab;
    },
    absent: engine.absent,
    ...(engine.clock === undefined ? {} : { clock: engine.clock }),
    ...(engine.timeTravel === undefined ? {} : { timeTravel: engine.timeTravel }),
    build: (stage, options) => engine.build(stage, options),
    perform: command => engine.perform(command),
    run: (commandLine, options) => engine.run(commandLine, options),
    snapshot: wanted => engine.snapshot(wanted),
    subscribe: listener => engine.subscribe(listener),
    stop: () => engine.stop(),
    ...calls,
  };
}
