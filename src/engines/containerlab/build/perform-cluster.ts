import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { kind } from '../../../programs/kind.ts';
import type { TaskWork } from '../../real/stage-builder.ts';
import { thingNamed } from '../ledger.ts';
import type { Machine } from '../machine.ts';
import { diagnosed } from './diagnose.ts';
import { clusterContainers } from './is-there.ts';
import { madeOf, note, ownership } from './own.ts';
import { type Done, programOptions, runAll, runOne, wordsOf } from './run-commands.ts';
import { commandsOf, kubeconfigOf } from './step-commands.ts';
import type { Step, StepWork } from './steps.ts';

/** A kind cluster. One that we were interrupted at is made anew; one that is whole is brought back to life; a stranger’s is left alone. */
export async function performCluster(
  step: Step,
  { cluster, nodes }: Extract<StepWork, { type: 'cluster' }>,
  machine: Machine,
  task: TaskWork,
): Promise<Done> {
  const { name } = cluster;
  const kubeconfig = kubeconfigOf(cluster, machine.folder);
  await mkdir(dirname(kubeconfig), { recursive: true, mode: 0o700 });
  const thing = { type: 'cluster', name, kubeconfig, containers: [] } as const;
  const there = await clusterContainers(machine, name);
  const known = thingNamed(machine.ledger.ledger, 'cluster', name);
  const whole = nodes.every(node => there.some(one => one.name === node));
  const own = ownership(machine.ledger.ledger, { ...thing, own: 'made' }, there.length > 0);
  if (there.length > 0 && !(whole && known?.own !== 'making')) {
    if (known === undefined || known.own === 'adopted')
      return {
        because: `a kind cluster ${name} is there already, of other nodes: ${there.map(one => one.name).join(', ')}`,
        nextSteps: [`If nobody needs it: kind delete cluster --name ${name}, then start again.`],
      };
    // Ours, and cut off while it was being made: kind cannot go on from there.
    task.said(`removing what an interrupted run left of cluster ${name}`);
    const gone = await removeCluster(machine, name, kubeconfig, task);
    if (gone !== undefined) return diagnosed(step, gone);
  } else if (whole) {
    const revived = await revive(step, machine, name, kubeconfig, nodes, task);
    await note(machine, { ...thing, own, containers: madeOf(there) });
    return revived;
  }
  const noted = await note(machine, { ...thing, own: 'making' });
  if (noted !== undefined) return noted;
  const failure = await runAll(step, machine, task);
  await chmod(kubeconfig, 0o600).catch(() => undefined);
  const containers = madeOf(await clusterContainers(machine, name));
  await note(machine, { ...thing, own: failure === undefined ? 'made' : 'making', containers });
  return failure;
}

/** All nodes are there, but one is stopped, not ready, or its kubeconfig is gone. */
async function revive(
  step: Step,
  machine: Machine,
  name: string,
  kubeconfig: string,
  nodes: readonly string[],
  task: TaskWork,
): Promise<Done> {
  for (const node of nodes) {
    const started = await machine.docker.start(node);
    if (started.outcome === 'failed') return diagnosed(step, started.because);
  }
  const exported = await machine.run(kind.exportKubeconfig(name, kubeconfig), programOptions(task));
  if (exported.exitCode !== 0) return diagnosed(step, wordsOf(exported));
  await chmod(kubeconfig, 0o600).catch(() => undefined);
  const [, ready] = commandsOf(step, machine);
  return ready === undefined ? undefined : runOne(step, ready, machine, task);
}

async function removeCluster(
  machine: Machine,
  name: string,
  kubeconfig: string,
  task: TaskWork,
): Promise<string | undefined> {
  const result = await machine.run(kind.delete(name, kubeconfig), programOptions(task));
  return result.exitCode === 0 ? undefined : wordsOf(result);
}
