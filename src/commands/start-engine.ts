import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import type { Arguments } from './command-table.ts';

/** The engine that a command line names, ready to be asked; a sentence when it cannot be had. */
export async function startEngine(args: Arguments, lab: Lab): Promise<LabEngine | string> {
  const seed = args.values['seed'] ?? '1';
  if (!/^\d{1,9}$/.test(seed)) return `--seed ${seed}: it is a number from 0 to 999999999`;
  const { createEmbeddedEngine } = await import('../engines/embedded/embedded-engine.ts');
  return createEmbeddedEngine(lab, { seed: Number(seed) });
}
