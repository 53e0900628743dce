import { resolve } from 'node:path';
import type { LedgerThing } from '../ledger.ts';
import { thingId } from '../ledger.ts';
import type { Machine } from '../machine.ts';
import { clusterContainers, fabricContainers } from './is-there.ts';
import { madeOf, note } from './own.ts';
import { kubeconfigOf, LAB_LABEL } from './step-commands.ts';
import type { Step } from './steps.ts';

/**
 * Writes down whose a thing is that was found whole: what we had begun is ours, and so is a network with our label; all else was there
 * before us. Images are nobody's.
 */
export async function adopt(step: Step, machine: Machine): Promise<void> {
  const thing = await found(step, machine);
  if (thing === undefined) return;
  const known = machine.ledger.ledger.things.find(one => thingId(one) === thingId(thing));
  if (known === undefined) await note(machine, thing);
  else if (known.own === 'making') await note(machine, { ...thing, own: 'made' });
}

async function found({ work }: Step, machine: Machine): Promise<LedgerThing | undefined> {
  const { docker, lab, folder } = machine;
  switch (work.type) {
    case 'network': {
      const answer = await docker.network(work.name);
      if (answer.outcome === 'failed' || answer.value === undefined) return undefined;
      const own = answer.value.labels[LAB_LABEL] === lab.name ? 'made' : 'adopted';
      return { type: 'network', name: work.name, own, id: answer.value.id };
    }
    case 'fabric': {
      const containers = madeOf(await fabricContainers(machine));
      return { type: 'fabric', topology: resolve(folder, lab.topologyFile), own: 'adopted', containers };
    }
    case 'cluster': {
      const { name } = work.cluster;
      const containers = madeOf(await clusterContainers(machine, name));
      const kubeconfig = kubeconfigOf(work.cluster, folder);
      return { type: 'cluster', name, kubeconfig, own: 'adopted', containers };
    }
    default:
      return undefined;
  }
}
