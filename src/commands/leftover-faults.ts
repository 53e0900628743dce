import { healAll } from '../engines/containerlab/heal.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import type { ProgramIo } from './program-io.ts';
import { confirmed } from './real-lab.ts';

/**
 * What an earlier run broke and did not heal: said, and healed where that is wanted. A sentence when it was wanted and did not
 * work.
 */
export async function healLeftovers(
  machine: Machine,
  io: ProgramIo,
  unasked: boolean,
): Promise<string | undefined> {
  const { faults } = machine.ledger.ledger;
  if (faults.length === 0) return undefined;
  const list = faults.map(({ fault }) => faultTitle(fault)).join(', ');
  io.stderr.write(`An earlier run left this broken: ${list}\n`);
  if (!unasked && (await confirmed(io, 'Heal it first?')) !== true) return undefined;
  const failures = await healAll(machine);
  return failures.length === 0 ? undefined : `not healed: ${failures.join('; ')}`;
}
