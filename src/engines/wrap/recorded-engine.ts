import type { Command, CommandResult } from '../../lab/command.ts';
import type { BuildResult, LabEngine, RunResult } from '../../lab/engine.ts';
import type { LabEvent } from '../../lab/event.ts';
import type { Snapshot, TableRef } from '../../lab/snapshot.ts';
import type { StageId } from '../../lab/stage.ts';
import { wrapped } from './wrapped-engine.ts';

/** One thing that went through an engine, in order. */
export type RecordingEntry =
  | { readonly type: 'events'; readonly events: readonly LabEvent[] }
  | { readonly type: 'built'; readonly stage: StageId; readonly result: BuildResult }
  | { readonly type: 'performed'; readonly command: Command; readonly result: CommandResult }
  | {
      readonly type: 'ran';
      readonly commandLine: string;
      readonly on: string | undefined;
      readonly result: RunResult;
    }
  | { readonly type: 'looked'; readonly wanted: readonly TableRef[]; readonly snapshot: Snapshot };

/** An engine whose answers and events are written down, each as it comes. */
export function recorded(engine: LabEngine, write: (entry: RecordingEntry) => void): LabEngine {
  const stopListening = engine.subscribe(events => write({ type: 'events', events }));
  return wrapped(engine, {
    async build(stage, options) {
      const result = await engine.build(stage, options);
      write({ type: 'built', stage, result });
      return result;
    },
    async perform(command) {
      const result = await engine.perform(command);
      write({ type: 'performed', command, result });
      return result;
    },
    async run(commandLine, options = {}) {
      const result = await engine.run(commandLine, options);
      write({ type: 'ran', commandLine, on: options.on, result });
      return result;
    },
    async snapshot(wanted) {
      const snapshot = await engine.snapshot(wanted);
      write({ type: 'looked', wanted, snapshot });
      return snapshot;
    },
    async stop() {
      await engine.stop();
      stopListening();
    },
  });
}
