import type { DaemonSet, Node, Pod } from '../objects.ts';
import { isAvailable, isDeleting } from '../pod.ts';
import { templateHash } from '../pod-names.ts';
import { type Control, note, ownedBy, putStatus } from './control-plane.ts';
import { startDeletion } from './deletion.ts';
import { createOwnedPod } from './replica-set.ts';
import { nodeAccepts, tolerates } from './scheduler.ts';

const GENERATION = 'controller-revision-hash';

/** One pod on every node whose taints are tolerated. Daemon pods tolerate nodes that are cordoned, unready or unreachable. */
export function reconcileDaemonSets(control: Control): void {
  for (const set of control.store.list('DaemonSet')) {
    const hash = templateHash(set.spec.template);
    const owned = control.store.list('Pod', set.metadata.namespace).filter(pod => ownedBy(pod, set));
    const nodes = control.store.list('Node').filter(node => wantsNode(set, node));
    for (const node of nodes) {
      const there = owned.filter(pod => pod.spec.nodeName === node.metadata.name && !isDeleting(pod));
      if (
        there.length === 0 &&
        !owned.some(pod => pod.spec.nodeName === node.metadata.name && isDeleting(pod))
      ) {
        createOn(control, set, node, hash);
      }
    }
    for (const pod of owned.filter(pod => !nodes.some(node => node.metadata.name === pod.spec.nodeName))) {
      startDeletion(control, pod);
    }
    replaceOutdated(control, owned, hash);
    updateStatus(control, set, nodes.length, hash);
  }
}

function wantsNode(set: DaemonSet, node: Node): boolean {
  const spec = set.spec.template.spec;
  const taints = (node.spec.taints ?? []).filter(taint => !daemonTolerates(taint.key));
  return (
    taints.every(taint => taint.effect === 'PreferNoSchedule' || tolerates(spec, taint)) &&
    nodeAccepts(spec, node)
  );
}

function daemonTolerates(key: string): boolean {
  return [
    'node.kubernetes.io/not-ready',
    'node.kubernetes.io/unreachable',
    'node.kubernetes.io/unschedulable',
  ].includes(key);
}

function createOn(control: Control, set: DaemonSet, node: Node, hash: string): void {
  const { spec } = set.spec.template;
  const tolerations = [
    ...(spec.tolerations ?? []),
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' } as const,
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' } as const,
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' } as const,
  ];
  const pod = createOwnedPod(
    control,
    set,
    { ...set.spec.template, spec: { ...spec, tolerations } },
    { nodeName: node.metadata.name, labels: { [GENERATION]: hash } },
  );
  note(
    control,
    set,
    'Normal',
    'SuccessfulCreate',
    `Created pod: ${pod.metadata.name}`,
    'daemonset-controller',
  );
}

/** RollingUpdate with maxUnavailable 1: the next outdated pod goes when all others are available. */
function replaceOutdated(control: Control, owned: readonly Pod[], hash: string): void {
  const outdated = owned.find(pod => pod.metadata.labels?.[GENERATION] !== hash && !isDeleting(pod));
  if (outdated === undefined) return;
  if (owned.every(pod => pod === outdated || isAvailable(pod))) startDeletion(control, outdated);
}

function updateStatus(control: Control, set: DaemonSet, desired: number, hash: string): void {
  const pods = control.store
    .list('Pod', set.metadata.namespace)
    .filter(pod => ownedBy(pod, set) && !isDeleting(pod));
  const ready = pods.filter(isAvailable).length;
  putStatus(control, set, {
    observedGeneration: set.metadata.generation ?? 1,
    desiredNumberScheduled: desired,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.filter(pod => pod.metadata.labels?.[GENERATION] === hash).length,
    numberReady: ready,
    numberAvailable: ready,
  });
}
