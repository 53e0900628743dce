import { expect, test } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { fakeContainer, fakeMachine } from '../../test-support/fake-machine.ts';
import { liteLab } from '../../test-support/lite-lab.ts';
import { undoStages } from './undo.ts';

/** What is run to take a stage of the light lab away: `datacenter` is kind's there, `client` a model. */
async function undone(lab: Lab, ...stages: string[]): Promise<readonly string[]> {
  const machine = fakeMachine(lab);
  const failed = await undoStages(
    lab.stages.filter(({ id }) => stages.includes(id)),
    stages,
    machine,
  );
  expect(failed).toBeUndefined();
  return machine.ran;
}

test('what was applied to kind’s cluster is deleted there', async () => {
  expect(await undone(liteLab(), 'service')).toEqual([
    'kubectl --kubeconfig /lab/.kube/config-datacenter delete --ignore-not-found -f /lab/app/hello-lb.yaml',
  ]);
});

test('a modelled cluster has no API server: nothing is asked of kubectl', async () => {
  expect(await undone(liteLab(), 'clients')).toEqual([]);
});

/** Everything is to go, and no stage is whole: two containers are there, by this topology. */
async function emptied(topology: string) {
  const machine = fakeMachine(liteLab());
  for (const node of ['LEAF-DC-1', 'LEAF-DC-2'])
    machine.containers.push(
      fakeContainer(`clab-dc-k8s-${node}`, { containerlab: 'dc-k8s', 'clab-topo-file': topology }),
    );
  return { failed: await undoStages(machine.lab.stages, [], machine), ran: machine.ran };
}

test('switches that Docker started again without their links are no stage, and go all the same', async () => {
  expect(await emptied('/lab/topo.frr.yml')).toEqual({
    failed: undefined,
    ran: ['containerlab destroy --name dc-k8s --cleanup --keep-mgmt-net'],
  });
});

test('a lab of that name from another folder stays: its topology is named, and how to remove it', async () => {
  expect(await emptied('/gone/topo.frr.yml')).toEqual({
    failed: {
      because: 'a lab dc-k8s runs already, of another topology: /gone/topo.frr.yml',
      nextSteps: ['If nobody needs it: containerlab destroy --name dc-k8s, then start again.'],
    },
    ran: [],
  });
});
