import { resolve } from 'node:path';
import type { LabCluster } from '../../lab/lab.ts';
import type { StagePlan, TaskAction } from '../../lab/stage.ts';
import { kubectl } from '../../programs/kubectl.ts';
import { lastLines } from '../../programs/run-program.ts';
import { joinOf } from './build/link-ends.ts';
import { kubeconfigOf } from './build/step-commands.ts';
import { planClear, remove } from './clear/clear.ts';
import type { Machine } from './machine.ts';

/** Takes stages away again, the last one first. Only what this lab made: a sentence where somebody else's would go. */
export async function undoStages(
  stages: readonly StagePlan[],
  machine: Machine,
): Promise<string | undefined> {
  const actions = stages.flatMap(({ tasks }) => tasks.map(({ action }) => action)).reverse();
  for (const action of actions) {
    const failed = await undo(action, actions, machine);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

async function undo(
  action: TaskAction,
  all: readonly TaskAction[],
  machine: Machine,
): Promise<string | undefined> {
  switch (action.type) {
    case 'apply': {
      const cluster = machine.lab.clusters.find(({ name }) => name === action.cluster);
      // What is in a cluster goes with it; a modelled one forgets by itself.
      if (cluster?.nodes !== 'kind' || goes(all, cluster)) return undefined;
      const file = action.file.startsWith('https://') ? action.file : resolve(machine.folder, action.file);
      const result = await machine.run(kubectl.delete(kubeconfigOf(cluster, machine.folder), file), {
        timeout: 180_000,
      });
      return result.exitCode === 0 ? undefined : `${action.file}: ${result.problem ?? lastLines(result)}`;
    }
    case 'join': {
      const link = machine.lab.links.find(({ id }) => id === action.link);
      const join = link === undefined ? undefined : joinOf(machine.lab, link);
      if (join === undefined || all.some(({ type }) => type === 'deploy-fabric')) return undefined;
      const { container, device } = join.node;
      const result = await machine.docker.exec(container, ['ip', 'link', 'delete', 'dev', device]);
      return result.exitCode === 0 || /Cannot find device/.test(result.stderr)
        ? undefined
        : `${container}: ${result.problem ?? lastLines(result)}`;
    }
    case 'load-image':
      // It stays in the cluster's nodes: loading it again would cost time and nothing else.
      return undefined;
    case 'create-cluster':
      return removeAll('cluster', machine, action.cluster);
    case 'deploy-fabric':
      return removeAll('fabric', machine);
    case 'create-network':
      return removeAll('network', machine);
  }
}

function goes(all: readonly TaskAction[], { name }: LabCluster): boolean {
  return all.some(action => action.type === 'create-cluster' && action.cluster === name);
}

async function removeAll(
  type: 'cluster' | 'fabric' | 'network',
  machine: Machine,
  name?: string,
): Promise<string | undefined> {
  const plan = await planClear(machine, false);
  if (typeof plan === 'string') return plan;
  for (const removal of plan.removals) {
    if (removal.type !== type || (removal.type === 'cluster' && removal.name !== name)) continue;
    const failed = await remove(removal, machine);
    if (failed !== undefined) return failed;
  }
  return undefined;
}
