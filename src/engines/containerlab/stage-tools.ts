import { clusterNodesOf, type Lab } from '../../lab/lab.ts';
import type { TaskAction } from '../../lab/stage.ts';
import type { Builder, TaskFailure, TaskWork } from '../real/stage-builder.ts';
import type { Running } from './running.ts';

/** Waits until it holds, or for as long as a fresh container may take. */
type Until = (holds: () => boolean, signal: AbortSignal | undefined) => Promise<void>;

/** What builds the stages of a lab that is watched: this machine's builder, or the models where they play a cluster. */
export function stageTools(lab: Lab, running: Running, until: Until): Builder {
  const { builder, watch, models } = running;
  return {
    ...builder,
    isDone: async action => (models.concerns(action) ? models.isDone(action) : builder.isDone(action)),
    perform: async (action, work) => {
      if (models.concerns(action))
        return (await deployedFor(action, lab, running, work)) ?? models.perform(action);
      const failed = await builder.perform(action, work);
      if (failed !== undefined) return failed;
      if (action.type === 'deploy-fabric') await until(() => watch.knowsAllThatRuns(), work.signal);
      if (action.type === 'join') {
        const link = lab.links.find(({ id }) => id === action.link);
        await until(() => link === undefined || watch.isPlugged(link), work.signal);
        models.portsChanged();
      }
      return undefined;
    },
  };
}

/** Nodes of a modelled cluster are containers of the topology: containerlab makes them together with the switches. */
async function deployedFor(
  action: TaskAction,
  lab: Lab,
  { builder, watch }: Running,
  work: TaskWork,
): Promise<string | TaskFailure | undefined> {
  if (action.type !== 'create-cluster') return undefined;
  const nodes = clusterNodesOf(lab, action.cluster);
  if (nodes.every(({ name }) => watch.containers.stateOf(name) !== 'absent')) return undefined;
  const failed = await builder.perform({ type: 'deploy-fabric' }, work);
  await watch.containers.refresh();
  return failed;
}
