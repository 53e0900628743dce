import { resolve } from 'node:path';
import type { DockerContainer } from '../../../programs/docker.ts';
import type { TaskFailure } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { exists, fabricContainers } from './is-there.ts';

/** Containers of a lab with this one's name that was made from another topology: they are neither built over nor removed. `there`: what Docker was heard to have. */
export async function strangersInTheWay(
  machine: Machine,
  there?: readonly DockerContainer[],
): Promise<TaskFailure | undefined> {
  const { lab, folder } = machine;
  const topology = resolve(folder, lab.topologyFile);
  const topologies = (there ?? (await fabricContainers(machine))).map(
    ({ labels }) => labels['clab-topo-file'],
  );
  const other = topologies.find(one => one !== undefined && one !== topology);
  if (other === undefined) return undefined;
  // By its name, since a file that is gone cannot be given: somebody cleared the folder and not the lab.
  const named = (await exists(other)) ? `-t ${other}` : `--name ${lab.name}`;
  return {
    because: `a lab ${lab.name} runs already, of another topology: ${other}`,
    nextSteps: [`If nobody needs it: containerlab destroy ${named}, then start again.`],
  };
}
