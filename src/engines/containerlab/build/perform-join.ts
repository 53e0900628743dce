import type { Endpoint } from '../../../programs/containerlab.ts';
import { pause } from '../../real/pause.ts';
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
  // A container that went a moment ago took its end along, but the kernel may still be busy with the other one.
  const wait = Date.now() + LAST_OF_A_CABLE;
  let failure = await createCable(step, [node, switchPort], machine, task, wait);
  while (isTaken(failure) && Date.now() < wait && task.signal?.aborted !== true)
    failure = await createCable(step, [node, switchPort], machine, task, wait);
  if (failure !== undefined) return failure;
  const ends = [node, switchPort].map(({ container, device }) => `${container}:${device}`).join(' ');
  return note(machine, { type: 'cable', ends, own: 'made' });
}

const LAST_OF_A_CABLE = 20_000;

/** Waits until neither end is there, or the time is up, then plugs it in. */
async function createCable(
  step: Step,
  ends: readonly Endpoint[],
  machine: Machine,
  task: TaskWork,
  until: number,
): Promise<Done> {
  while ((await anyIsThere(ends, machine)) && Date.now() < until && task.signal?.aborted !== true)
    await pause(200, task.signal);
  return runAll(step, machine, task);
}

async function anyIsThere(ends: readonly Endpoint[], { docker }: Machine): Promise<boolean> {
  const found = await Promise.all(
    ends.map(({ container, device }) => docker.exec(container, ['ip', 'link', 'show', 'dev', device])),
  );
  return found.some(({ exitCode }) => exitCode === 0);
}

function isTaken(failure: Done): boolean {
  return typeof failure === 'object' && /file exists/i.test(failure.because);
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
