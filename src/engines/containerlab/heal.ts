import { hadNothingToRepair } from '../../programs/containerlab.ts';
import { plainText } from '../../programs/plain-text.ts';
import { type PlannedCommand, plannedText } from '../../programs/planned-command.ts';
import { lastLines } from '../../programs/run-program.ts';
import { type LedgerFault, withoutFault } from './ledger.ts';
import type { Machine } from './machine.ts';

/** Heals every fault that the ledger knows, also those of a run that crashed. What could not be healed, a sentence each. */
export async function healAll(machine: Machine): Promise<string[]> {
  const failures: string[] = [];
  for (const fault of machine.ledger.ledger.faults) {
    const because = await healOne(fault, machine);
    if (because !== undefined) failures.push(`${fault.id}: ${because}`);
  }
  return failures;
}

/** Runs what heals a fault, and strikes it off. */
export async function healOne(fault: LedgerFault, machine: Machine): Promise<string | undefined> {
  for (const command of fault.heal) {
    const because = await runPlanned(command, machine);
    if (because !== undefined) return because;
  }
  return machine.ledger.change(ledger => withoutFault(ledger, fault.id));
}

/** Runs a command of the ledger; `docker` ones, which can only start, unpause or exec, are asked of Docker. */
async function runPlanned(command: PlannedCommand, machine: Machine): Promise<string | undefined> {
  const { docker } = machine;
  if (command.by === 'docker') {
    const [, verb, container = '', ...words] = command.argv;
    if (verb === 'start' || verb === 'unpause') {
      const answer = await docker[verb](container);
      return answer.outcome === 'failed' ? answer.because : undefined;
    }
    if (verb !== 'exec') return `the ledger holds a command that heals nothing: ${plannedText(command)}`;
    return problemOf(await docker.exec(container, words));
  }
  const env = command.env === undefined ? {} : { env: command.env };
  const result = await machine.run(command.argv, { timeout: 60_000, ...env });
  return hadNothingToRepair(command.argv, lastLines(result)) ? undefined : problemOf(result);
}

function problemOf(result: Awaited<ReturnType<Machine['run']>>): string | undefined {
  if (result.exitCode === 0) return undefined;
  return plainText(lastLines(result)) || result.problem || `exit code ${result.exitCode}`;
}
