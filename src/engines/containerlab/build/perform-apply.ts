import { pause } from '../../real/pause.ts';
import type { TaskWork } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { type Done, runAll } from './run-commands.ts';
import type { Step } from './steps.ts';

/** Said while MetalLB's webhook is not listening yet, though its pods are there. It passes. */
const PASSING = /failed calling webhook|connection refused|no endpoints available|EOF|TLS handshake/i;
const RETRY = 1_000;

/** A manifest, and what must hold after it. */
export async function performApply(step: Step, machine: Machine, task: TaskWork): Promise<Done> {
  let last: Done;
  for (;;) {
    const failure = await runAll(step, machine, task);
    if (task.signal?.aborted === true) return last ?? failure;
    if (failure === undefined || typeof failure === 'string' || !PASSING.test(failure.because))
      return failure;
    last = failure;
    task.said('the cluster’s webhook does not answer yet; asked again');
    await pause(RETRY, task.signal);
  }
}
