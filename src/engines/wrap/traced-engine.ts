import type { LabEngine } from '../../lab/engine.ts';
import { wrapped } from './wrapped-engine.ts';

/** An engine that tells of every call, its answer and every event, one line each. */
export function traced(engine: LabEngine, write: (line: string) => void): LabEngine {
  const line = (what: string, value: unknown) => write(`${what} ${JSON.stringify(value)}`);
  const stopListening = engine.subscribe(events => {
    for (const event of events) line('event', event);
  });
  return wrapped(engine, {
    async build(stage, options) {
      line('build', stage);
      const result = await engine.build(stage, options);
      line(`built ${stage}`, result);
      return result;
    },
    async perform(command) {
      line('perform', command);
      const result = await engine.perform(command);
      line('performed', result);
      return result;
    },
    async run(commandLine, options) {
      line('run', commandLine);
      const result = await engine.run(commandLine, options);
      line('ran', { commandLine, exitCode: result.exitCode });
      return result;
    },
    async snapshot(wanted) {
      const snapshot = await engine.snapshot(wanted);
      line('snapshot', { at: snapshot.at, tables: [...snapshot.tables.keys()] });
      return snapshot;
    },
    async stop() {
      line('stop', engine.name);
      await engine.stop();
      stopListening();
    },
  });
}
