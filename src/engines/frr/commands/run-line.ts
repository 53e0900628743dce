import type { LabEngine, OutputChunk } from '../../../lab/engine.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabTime } from '../lab-time.ts';
import type { Running } from '../running.ts';

export type CommandContext = {
  readonly lab: Lab;
  readonly running: Running | undefined;
  readonly time: LabTime;
  readonly engine: LabEngine;
  readonly on: string | undefined;
  readonly cluster: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
};

export async function runCommandLine(_line: string, _context: CommandContext): Promise<number> {
  return 127;
}
