import type { TaskWork } from '../../real/stage-builder.ts';
import type { Machine } from '../machine.ts';
import { diagnosed } from './diagnose.ts';
import { note } from './own.ts';
import { performApply } from './perform-apply.ts';
import { performCluster } from './perform-cluster.ts';
import { performFabric } from './perform-fabric.ts';
import { performCable, performPort } from './perform-join.ts';
import { performNetwork } from './perform-network.ts';
import { type Done, runAll } from './run-commands.ts';
import type { Step } from './steps.ts';

/** Makes what a step makes. It is asked for only when the thing is not there, or not whole. */
export async function performStep(step: Step, machine: Machine, work: TaskWork): Promise<Done> {
  const limit = AbortSignal.timeout(step.limitSeconds * 1000);
  const signal = work.signal === undefined ? limit : AbortSignal.any([limit, work.signal]);
  const failure = await perform(step, machine, { ...work, signal });
  if (failure === undefined || !limit.aborted || work.signal?.aborted === true) return failure;
  const { because } = typeof failure === 'string' ? { because: failure } : failure;
  const said = because.startsWith(`${step.title}: `) ? because.slice(step.title.length + 2) : because;
  return diagnosed(step, `${said}\nno end after ${step.limitSeconds} s: context deadline exceeded`);
}

async function perform(step: Step, machine: Machine, task: TaskWork): Promise<Done> {
  const { work } = step;
  switch (work.type) {
    case 'network':
      return performNetwork(step, work, machine);
    case 'pull':
      return pull(step, work.image, machine, task);
    case 'fabric':
      return performFabric(step, work, machine, task);
    case 'cluster':
      return performCluster(step, work, machine, task);
    case 'cable':
      return performCable(step, work, machine, task);
    case 'port':
      return performPort(step, work, machine, task);
    case 'load':
      return runAll(step, machine, task);
    case 'apply':
      return performApply(step, machine, task);
  }
}

async function pull(step: Step, image: string, machine: Machine, task: TaskWork): Promise<Done> {
  const { signal, said } = task;
  const pulled = await machine.docker.pull(image, {
    ...(signal === undefined ? {} : { signal }),
    onProgress: said,
  });
  if (pulled.outcome === 'failed') return diagnosed(step, pulled.because);
  return note(machine, { type: 'image', name: image, own: 'made' });
}
