import { expect, test } from 'vitest';
import { fakeMachine } from '../../../test-support/fake-machine.ts';
import { talkLab } from '../../../test-support/talk-lab.ts';
import type { CommandContext } from './context.ts';
import { runCommandLine } from './run-line.ts';

/** A line typed into the talk's lab, whose clusters are real: what is run for it, and what is complained. */
async function typed(line: string, context: Partial<CommandContext> = {}) {
  const machine = fakeMachine(talkLab());
  const said: string[] = [];
  await runCommandLine(line, {
    ...{ machine, running: undefined, heldBy: undefined, on: undefined, cluster: undefined },
    ...{ signal: undefined, print: ({ text }) => said.push(text) },
    look: () => Promise.reject(new Error('no router is asked here')),
    ...context,
  });
  return { ran: machine.ran, said: said.join('') };
}

const DATACENTER = 'kubectl --kubeconfig /lab/.kube/config-datacenter';
const CLIENT = 'kubectl --kubeconfig /lab/.kube/config-client';

test.each([
  ['kubectl get pods', undefined, `${DATACENTER} get pods`],
  ['kubectl get pods', 'client', `${CLIENT} get pods`],
  ['kubectl --context kind-client get pods', undefined, `${CLIENT} --context kind-client get pods`],
  [
    'kubectl --context=kind-datacenter get pods',
    'client',
    `${DATACENTER} --context=kind-datacenter get pods`,
  ],
  [
    'kubectl --kubeconfig ./.kube/config-client get pods',
    undefined,
    `${CLIENT} --kubeconfig ./.kube/config-client get pods`,
  ],
])('%s, in a step of the cluster %s, asks the cluster that it names', async (line, cluster, command) => {
  expect((await typed(line, { cluster })).ran).toEqual([command]);
});

test('while somebody else holds the lab, kubectl looks and changes nothing', async () => {
  const heldBy = 'process 7 holds this lab';
  for (const line of ['kubectl -n metallb-system get pods', 'kubectl rollout status deployment hello'])
    expect((await typed(line, { heldBy })).ran).toHaveLength(1);
  expect(await typed('kubectl -n metallb-system delete pod x', { heldBy })).toEqual({
    ran: [],
    said: `${heldBy}\n`,
  });
});
