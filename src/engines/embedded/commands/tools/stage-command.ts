import type { BuildResult } from '../../../../lab/engine.ts';
import { INTERRUPTED } from '../../../../lab/exit-code.ts';
import type { StageId } from '../../../../lab/stage.ts';
import type { Terminal } from '../command.ts';

/** Builds a stage because a command does the same, printing its tasks as they end. */
export async function buildStage(terminal: Terminal, stage: StageId): Promise<number> {
  const { lab, signal } = terminal.context;
  const before = lab.snapshot([]).stages.find(({ id }) => id === stage);
  if (before?.progress === 'done') {
    terminal.out(`Nothing to do: stage ${stage} is built.`);
    return 0;
  }
  const result = await new Promise<BuildResult>(resolve => lab.build(stage, signal, resolve));
  if (result.outcome === 'done') return 0;
  if (result.outcome === 'cancelled') return INTERRUPTED;
  terminal.err(`Error: ${result.because}`);
  for (const step of result.nextSteps) terminal.err(`  ${step}`);
  return 1;
}
