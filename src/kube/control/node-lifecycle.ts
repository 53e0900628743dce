import type { Node, Taint } from '../objects.ts';
import { conditionOf, isDeleting, withCondition } from '../pod.ts';
import { type Control, note } from './control-plane.ts';
import { startDeletion } from './deletion.ts';
import type { Machine } from './machine.ts';
import { markNotReady } from './pod-status.ts';
import { nodeLeaseInterval, nodeMonitorGracePeriod, nodeMonitorPeriod } from './timing.ts';

const UNREACHABLE = 'node.kubernetes.io/unreachable';
const NOT_READY = 'node.kubernetes.io/not-ready';

/** Notices nodes whose lease ran out, takes their pods out of service, and evicts them when their toleration ends. */
export function watchNodes(control: Control, machines: ReadonlyMap<string, Machine>): void {
  for (const node of control.store.list('Node')) {
    const machine = machines.get(node.metadata.name);
    if (machine === undefined) continue;
    keepCordonTaint(control, node.metadata.name);
    const answers = machine.runningSince !== undefined && machine.runningSince <= control.now;
    if (answers) markReady(control, node, machine);
    else if (machine.stoppedAt !== undefined) watchSilent(control, node, machine, machine.stoppedAt);
    else if (machine.runningSince !== undefined) control.wakeAt(machine.runningSince);
    if (machine.lost) evict(control, node);
  }
}

function markReady(control: Control, node: Node, machine: Machine): void {
  machine.lost = false;
  if (conditionOf(node.status.conditions, 'Ready')?.status === 'True') return;
  setReady(control, node, 'True', 'KubeletReady', 'kubelet is posting ready status', false);
  note(
    control,
    node,
    'Normal',
    'NodeReady',
    `Node ${node.metadata.name} status is now: NodeReady`,
    `kubelet, ${node.metadata.name}`,
  );
  control.report({ type: 'cluster-node-ready', cluster: control.cluster, node: node.metadata.name });
}

/** Silent since a moment: NotReady once the last lease is older than the grace period, seen at the next look. */
function watchSilent(control: Control, node: Node, machine: Machine, stoppedAt: number): void {
  if (machine.lost) return;
  const lastLease = Math.floor(stoppedAt / nodeLeaseInterval) * nodeLeaseInterval;
  const expires = lastLease + nodeMonitorGracePeriod(node.status.nodeInfo.kubeletVersion);
  const seenAt = Math.ceil(expires / nodeMonitorPeriod) * nodeMonitorPeriod;
  if (control.now < seenAt) {
    control.wakeAt(seenAt);
    return;
  }
  machine.lost = true;
  if (conditionOf(node.status.conditions, 'Ready')?.status !== 'True') return;
  setReady(control, node, 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.', true);
  note(
    control,
    node,
    'Normal',
    'NodeNotReady',
    `Node ${node.metadata.name} status is now: NodeNotReady`,
    'node-controller',
  );
  control.report({ type: 'cluster-node-not-ready', cluster: control.cluster, node: node.metadata.name });
  for (const pod of control.store.list('Pod')) {
    if (pod.spec.nodeName === node.metadata.name) markNotReady(control, pod);
  }
}

function setReady(
  control: Control,
  node: Node,
  status: 'True' | 'Unknown',
  reason: string,
  message: string,
  tainted: boolean,
): void {
  const others = (node.spec.taints ?? []).filter(
    taint => taint.key !== UNREACHABLE && taint.key !== NOT_READY,
  );
  const taints: Taint[] = tainted
    ? [
        ...others,
        { key: UNREACHABLE, effect: 'NoSchedule', timeAdded: control.now },
        { key: UNREACHABLE, effect: 'NoExecute', timeAdded: control.now },
      ]
    : others;
  control.store.replace<Node>({
    ...node,
    spec: { ...node.spec, taints },
    status: {
      ...node.status,
      conditions: withCondition(
        node.status.conditions,
        { type: 'Ready', status, reason, message },
        control.now,
      ),
    },
  });
}

/** `spec.unschedulable` comes with a taint of its own. */
function keepCordonTaint(control: Control, name: string): void {
  const node = control.store.get('Node', name);
  if (node === undefined) return;
  const key = 'node.kubernetes.io/unschedulable';
  const taints = node.spec.taints ?? [];
  const tainted = taints.some(taint => taint.key === key);
  if (tainted === (node.spec.unschedulable === true)) return;
  const others = taints.filter(taint => taint.key !== key);
  control.store.replace<Node>({
    ...node,
    spec: {
      ...node.spec,
      taints: tainted ? others : [...others, { key, effect: 'NoSchedule', timeAdded: control.now }],
    },
  });
}

/** Pods leave a lost node when their toleration of it ends; they stay Terminating until the node is heard of again. */
function evict(control: Control, before: Node): void {
  const node = control.store.get('Node', before.metadata.name);
  const taint = node?.spec.taints?.find(each => each.key === UNREACHABLE && each.effect === 'NoExecute');
  if (node === undefined || taint?.timeAdded === undefined) return;
  for (const pod of control.store.list('Pod')) {
    if (pod.spec.nodeName !== node.metadata.name || isDeleting(pod)) continue;
    const toleration = pod.spec.tolerations?.find(
      each =>
        (each.key === undefined || each.key === UNREACHABLE) &&
        (each.effect === undefined || each.effect === 'NoExecute'),
    );
    if (toleration !== undefined && toleration.tolerationSeconds === undefined) continue;
    const until = taint.timeAdded + (toleration?.tolerationSeconds ?? 0) * 1_000;
    if (until > control.now) {
      control.wakeAt(until);
      continue;
    }
    note(
      control,
      pod,
      'Normal',
      'TaintManagerEviction',
      `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
      'taint-eviction-controller',
    );
    startDeletion(control, pod);
  }
}
