import { resolve } from 'node:path';
import type { LabCluster } from '../../lab/lab.ts';
import type { StageId, StagePlan, TaskAction } from '../../lab/stage.ts';
import { kubectl } from '../../programs/kubectl.ts';
import { lastLines } from '../../programs/run-program.ts';
import type { TaskFailure } from '../real/stage-builder.ts';
import { joinOf } from './build/link-ends.ts';
import type { Done } from './build/run-commands.ts';
import { kubeconfigOf } from './build/step-commands.ts';
import { strangersInTheWay } from './build/strangers.ts';
import { planClear, remove } from './clear/clear.ts';
import type { Machine } from './machine.ts';

/**
 * Takes stages away again, the last one first; `begun` are those of which something may be there. Docker is asked for networks,
 * switches and clusters of the others, too: half made or damaged they are no stage. Only what this lab made goes.
 */
export async function undoStages(
  stages: readonly StagePlan[],
  begun: readonly StageId[],
  machine: Machine,
): Promise<TaskFailure | undefined> {
  const actions = stages
    .flatMap(({ id, tasks }) => tasks.map(({ action }) => ({ action, begun: begun.includes(id) })))
    .filter(({ action, begun }) => begun || isAskedOfDocker(action))
    .map(({ action }) => action)
    .reverse();
  for (const action of actions) {
    const failed = await undo(action, actions, machine);
    if (typeof failed === 'string')
      return {
        because: failed,
        nextSteps: ['srklab-tutor clear removes the whole lab; then it is built anew.'],
      };
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function isAskedOfDocker({ type }: TaskAction): boolean {
  return type === 'create-network' || type === 'deploy-fabric' || type === 'create-cluster';
}

async function undo(action: TaskAction, all: readonly TaskAction[], machine: Machine): Promise<Done> {
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
      return (await removeAll('fabric', machine)) ?? strangersInTheWay(machine);
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
