import { resolve } from 'node:path';
import { containerlab, containerlabEnv } from '../../../programs/containerlab.ts';
import { plainText } from '../../../programs/plain-text.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import type { TaskWork } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { diagnosed } from './diagnose.ts';
import { fabricContainers } from './is-there.ts';
import { madeOf, note, ownership } from './own.ts';
import { type Done, runAll, runOne } from './run-commands.ts';
import type { Step, StepWork } from './steps.ts';
import { strangersInTheWay } from './strangers.ts';

/** Switches and their links; a lab of that name made from another topology is left alone. */
export async function performFabric(
  step: Step,
  work: Extract<StepWork, { type: 'fabric' }>,
  machine: Machine,
  task: TaskWork,
): Promise<Done> {
  const { lab, folder } = machine;
  const topology = resolve(folder, lab.topologyFile);
  const there = await fabricContainers(machine);
  const strangers = await strangersInTheWay(machine, there);
  if (strangers !== undefined) return strangers;
  const thing = { type: 'fabric', topology, containers: [] } as const;
  const own = ownership(machine.ledger.ledger, { ...thing, own: 'made' }, there.length > 0);
  const cutOff = machine.ledger.ledger.things.some(one => one.type === 'fabric' && one.own === 'making');
  const noted = await note(machine, { ...thing, own: own === 'adopted' ? 'adopted' : 'making' });
  if (noted !== undefined) return noted;
  let failure = await runAll(step, machine, task);
  if (cutOff && own === 'made' && failure !== undefined && hasLooseCables(failure)) {
    const destroyed = await runOne(step, destroying(machine, topology), machine, task);
    failure = destroyed ?? (await runAll(step, machine, task));
  }
  const containers = await fabricContainers(machine);
  await note(machine, {
    ...thing,
    own: failure === undefined ? own : 'making',
    containers: madeOf(containers),
  });
  if (failure !== undefined) return failure;
  const dead = work.containers.filter(
    name => !containers.some(one => one.name === name && one.state === 'running'),
  );
  if (dead.length === 0) return undefined;
  const logs = await machine.docker.logs(dead[0] ?? '', 5);
  return diagnosed(
    step,
    `${dead.join(', ')} did not stay up.\n${logs.outcome === 'done' ? plainText(logs.value) : logs.because}`,
  );
}

/** A containerlab that was killed between making a cable's end and marking it as its own refuses that end from then on. */
function hasLooseCables(failure: Exclude<Done, undefined>): boolean {
  const because = typeof failure === 'string' ? failure : failure.because;
  return /exists but is not\s+containerlab-owned/.test(because);
}

/** What was half made is ours: the ledger says so. */
function destroying({ privilege }: Machine, topology: string): PlannedCommand {
  return {
    by: 'program',
    argv: containerlab.destroy(privilege, topology),
    env: containerlabEnv,
    asRoot: true,
  };
}
