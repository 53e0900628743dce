import { INTERRUPTED } from '../lab/exit-code.ts';
import { type CommandLine, type Pipeline, readCommandLine } from './command-line.ts';

/** How a pipeline is run, and whether the learner pressed Ctrl-C meanwhile. */
export type Runner = {
  readonly run: (programs: Pipeline['programs']) => Promise<number>;
  readonly cancelled: () => boolean;
  readonly err: (line: string) => void;
};

/** Exit code of a line that cannot be read, as a shell gives it. */
const UNREADABLE = 2;

/** Runs a line as a shell would, each pipeline as the joint before it says. Resolves with the last exit code. */
export async function runLine(text: string, runner: Runner): Promise<number> {
  const reading = readCommandLine(text);
  if (reading.outcome === 'read') return runEach(reading.line, runner);
  runner.err(reading.because);
  return UNREADABLE;
}

async function runEach(line: CommandLine, { run, cancelled }: Runner): Promise<number> {
  let exitCode = 0;
  for (const { when, programs } of line) {
    if (when === 'success' && exitCode !== 0) continue;
    if (when === 'failure' && exitCode === 0) continue;
    exitCode = await run(programs);
    if (cancelled()) return INTERRUPTED;
  }
  return exitCode;
}
