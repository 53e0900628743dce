import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import type { Arguments } from './command-table.ts';

/** The seed that a command line names; a sentence when it is none. */
export function seedOf(args: Arguments): number | string {
  const seed = args.values['seed'] ?? '1';
  return /^\d{1,9}$/.test(seed) ? Number(seed) : `--seed ${seed}: it is a number from 0 to 999999999`;
}

/** The embedded lab, ready to be asked. It is loaded when the first one is needed. */
export async function startEngine(lab: Lab, seed: number): Promise<LabEngine> {
  const { createEmbeddedEngine } = await import('../engines/embedded/embedded-engine.ts');
  return createEmbeddedEngine(lab, { seed });
}
