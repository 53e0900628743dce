import type { Command, CommandResult } from '../../lab/command.ts';
import type { BuildResult, LabEngine, RunResult } from '../../lab/engine.ts';
import type { StageId } from '../../lab/stage.ts';
import { wrapped } from './wrapped-engine.ts';

export type Observer = {
  readonly built?: (stage: StageId, result: BuildResult) => void;
  readonly performed?: (command: Command, result: CommandResult) => void;
  readonly running?: (commandLine: string) => void;
  readonly ran?: (commandLine: string, result: RunResult) => void;
};

/** An engine that tells somebody of each request and its answer, as they come. */
export function observed(engine: LabEngine, observer: Observer): LabEngine {
  return wrapped(engine, {
    async build(stage, options) {
      const result = await engine.build(stage, options);
      observer.built?.(stage, result);
      return result;
    },
    async perform(command) {
      const result = await engine.perform(command);
      observer.performed?.(command, result);
      return result;
    },
    async run(commandLine, options) {
      observer.running?.(commandLine);
      const result = await engine.run(commandLine, options);
      observer.ran?.(commandLine, result);
      return result;
    },
  });
}
