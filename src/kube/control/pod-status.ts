import type { Ipv4 } from '../../net/address.ts';
import type { Container, ContainerStatus, Node, Pod } from '../objects.ts';
import { conditionOf, isDeleting, isReady, withCondition } from '../pod.ts';
import { type Control, note } from './control-plane.ts';
import { podFact } from './deletion.ts';
import { type Machine, type PodRun, processRuns } from './machine.ts';

/** Writes what the kubelet sees of a pod into its status. */
export function writeStatus(control: Control, machine: Machine, node: Node, pod: Pod, run: PodRun): void {
  const { now } = control;
  const statuses = pod.spec.containers.map(container => containerStatus(run, container, now));
  const running = statuses.some(status => 'running' in status.state || status.restartCount > 0);
  const ready = statuses.every(status => status.ready) && !machine.lost;
  let conditions = withCondition(pod.status.conditions, { type: 'Initialized', status: 'True' }, now);
  for (const type of ['ContainersReady', 'Ready']) {
    conditions = withCondition(
      conditions,
      ready ? { type, status: 'True' } : { type, status: 'False', reason: 'ContainersNotReady' },
      now,
    );
  }
  const wasReady = isReady(pod);
  const after = control.store.replace<Pod>({
    ...pod,
    status: {
      ...pod.status,
      phase: running ? 'Running' : 'Pending',
      hostIP: internalAddress(node),
      startTime: run.startTime,
      ...(run.address === undefined ? {} : { podIP: run.address }),
      conditions,
      containerStatuses: statuses,
    },
  });
  run.steady = ready && !isDeleting(after) ? after : undefined;
  if (wasReady !== ready && !isDeleting(pod))
    control.report({ type: ready ? 'pod-ready' : 'pod-not-ready', ...podFact(control, after) });
}

function containerStatus(run: PodRun, container: Container, now: number): ContainerStatus {
  const state = run.containers.get(container.name);
  const runs = processRuns(state, now);
  const waitsForInit = run.initialized !== undefined && run.initialized > now;
  return {
    name: container.name,
    image: container.image,
    ready: runs && state !== undefined && state.readyAt <= now,
    restartCount: state?.restarts ?? 0,
    state:
      runs && state !== undefined
        ? { running: { startedAt: state.startsAt } }
        : { waiting: state?.waiting ?? { reason: waitsForInit ? 'PodInitializing' : 'ContainerCreating' } },
    ...(state?.last === undefined ? {} : { lastState: state.last }),
  };
}

/** The pod's Ready condition as the node controller sets it when the node is lost. */
export function markNotReady(control: Control, pod: Pod): void {
  if (conditionOf(pod.status.conditions, 'Ready')?.status !== 'True') return;
  control.store.replace<Pod>({
    ...pod,
    status: {
      ...pod.status,
      conditions: withCondition(
        pod.status.conditions,
        { type: 'Ready', status: 'False', reason: 'NodeNotReady' },
        control.now,
      ),
    },
  });
  note(control, pod, 'Warning', 'NodeNotReady', 'Node is not ready', 'node-controller');
  if (!isDeleting(pod)) control.report({ type: 'pod-not-ready', ...podFact(control, pod) });
}

export function internalAddress(node: Node): Ipv4 {
  return node.status.addresses.find(address => address.type === 'InternalIP')?.address ?? '0.0.0.0';
}
