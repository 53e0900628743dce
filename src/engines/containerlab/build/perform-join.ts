import type { TaskWork } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { diagnosed } from './diagnose.ts';
import { note } from './own.ts';
import { type Done, programOptions, runAll, wordsOf } from './run-commands.ts';
import { commandsOf } from './step-commands.ts';
import type { Step, StepWork } from './steps.ts';

/** A cable between a Kubernetes node and a switch. */
export async function performCable(
  step: Step,
  { node, switchPort }: Extract<StepWork, { type: 'cable' }>,
  machine: Machine,
  task: TaskWork,
): Promise<Done> {
  // containerlab waits a quarter of an hour for a container that does not run.
  for (const { container } of [node, switchPort]) {
    const found = await machine.docker.container(container);
    if (found.outcome === 'failed') return diagnosed(step, found.because);
    if (found.value?.state !== 'running')
      return {
        because: `${step.title}: the container ${container} ${found.value === undefined ? 'is not there' : `is ${found.value.state}`}`,
        nextSteps: ['Build the stages before it again: what is there already stays.'],
      };
  }
  const failure = await runAll(step, machine, task);
  if (failure !== undefined) return failure;
  const ends = [node, switchPort].map(({ container, device }) => `${container}:${device}`).join(' ');
  return note(machine, { type: 'cable', ends, own: 'made' });
}

/** A VLAN device that is there cannot be made again: what the kernel says of it then is no failure. */
export async function performPort(
  step: Step,
  work: Extract<StepWork, { type: 'port' }>,
  machine: Machine,
  task: TaskWork,
): Promise<Done> {
  for (const command of commandsOf(step, machine)) {
    const result = await machine.docker.exec(work.node, command.argv.slice(3), programOptions(task));
    if (result.exitCode === 0 || /File exists/.test(result.stderr)) continue;
    return diagnosed(step, `${command.argv.join(' ')}\n${wordsOf(result)}`);
  }
  return undefined;
}
