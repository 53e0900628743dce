import { expect, test } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { fakeMachine } from '../../test-support/fake-machine.ts';
import { liteLab } from '../../test-support/lite-lab.ts';
import { undoStages } from './undo.ts';

/** What is run to take a stage of the light lab away: `datacenter` is kind's there, `client` a model. */
async function undone(lab: Lab, ...stages: string[]): Promise<readonly string[]> {
  const machine = fakeMachine(lab);
  const failed = await undoStages(
    lab.stages.filter(({ id }) => stages.includes(id)),
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
