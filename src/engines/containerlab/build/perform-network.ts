import type { Machine } from '../machine.ts';
import { diagnosed } from './diagnose.ts';
import { misfits, overlapping } from './network-fit.ts';
import { note } from './own.ts';
import type { Done } from './run-commands.ts';
import { LAB_LABEL } from './step-commands.ts';
import type { Step, StepWork } from './steps.ts';

/** The Docker network, unless its name or its addresses are taken. */
export async function performNetwork(
  step: Step,
  { name, prefix }: Extract<StepWork, { type: 'network' }>,
  machine: Machine,
): Promise<Done> {
  const { docker, lab } = machine;
  const networks = await docker.networks();
  if (networks.outcome === 'failed') return diagnosed(step, networks.because);
  const there = networks.value.find(network => network.name === name);
  if (there !== undefined)
    return {
      because: `the Docker network ${name} is there already and does not fit: ${misfits(there, prefix).join('; ')}`,
      nextSteps: [
        `If nothing needs it: docker network rm ${name}. Else give the lab another network: or prefix: in srklab.yml, and in its topology.`,
      ],
    };
  const others = overlapping(networks.value, name, prefix);
  if (others.length > 0)
    return {
      because: `${prefix} is taken: ${others.map(({ name, subnets }) => `the Docker network ${name} has ${subnets.join(', ')}`).join('; ')}`,
      nextSteps: [
        `If nothing needs it: docker network rm ${others[0]?.name}. Else give the lab another prefix: in srklab.yml, and in its topology.`,
      ],
    };
  const noted = await note(machine, { type: 'network', name, own: 'making' });
  if (noted !== undefined) return noted;
  const made = await docker.createNetwork({ name, prefix, labels: { [LAB_LABEL]: lab.name } });
  if (made.outcome === 'failed') return diagnosed(step, made.because);
  return note(machine, { type: 'network', name, own: 'made', id: made.value });
}
