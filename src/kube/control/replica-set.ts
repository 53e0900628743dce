import type { KubeObject, Pod, PodTemplate, ReplicaSet } from '../objects.ts';
import { isAvailable, isDeleting, newPod } from '../pod.ts';
import { nameSuffix } from '../pod-names.ts';
import { type Control, note, ownedBy, ownerReference, putStatus } from './control-plane.ts';
import { startDeletion } from './deletion.ts';

/** Makes and deletes pods until each ReplicaSet has as many as it wants. */
export function reconcileReplicaSets(control: Control): void {
  for (const set of control.store.list('ReplicaSet')) {
    const pods = control.store
      .list('Pod', set.metadata.namespace)
      .filter(pod => ownedBy(pod, set) && !isDeleting(pod) && pod.status.phase !== 'Failed');
    const wanted = set.spec.replicas;
    for (let missing = wanted - pods.length; missing > 0; missing--) createPod(control, set);
    for (const pod of victims(set, pods).slice(0, Math.max(0, pods.length - wanted))) {
      note(
        control,
        set,
        'Normal',
        'SuccessfulDelete',
        `Deleted pod: ${pod.metadata.name}`,
        'replicaset-controller',
      );
      startDeletion(control, pod);
    }
    updateStatus(control, set);
  }
}

/** Makes a pod for a controller from its template. */
export function createOwnedPod(
  control: Control,
  owner: KubeObject,
  template: PodTemplate,
  extra: { readonly nodeName?: string; readonly labels?: Readonly<Record<string, string>> },
): Pod {
  let name = `${owner.metadata.name}-${nameSuffix(control.random)}`;
  while (control.store.get('Pod', name, owner.metadata.namespace) !== undefined)
    name = `${owner.metadata.name}-${nameSuffix(control.random)}`;
  const pod = newPod({
    name,
    namespace: owner.metadata.namespace ?? 'default',
    template,
    owner: ownerReference(owner),
    ...extra,
  });
  return control.store.create(pod, control.now);
}

function createPod(control: Control, set: ReplicaSet): void {
  const pod = createOwnedPod(control, set, set.spec.template, {});
  note(
    control,
    set,
    'Normal',
    'SuccessfulCreate',
    `Created pod: ${pod.metadata.name}`,
    'replicaset-controller',
  );
}

/** In the order Kubernetes gives pods up: unscheduled, not ready, on crowded nodes, young ones first. */
function victims(set: ReplicaSet, pods: readonly Pod[]): Pod[] {
  const crowd = new Map<string, number>();
  for (const pod of pods) {
    const node = pod.spec.nodeName;
    if (node !== undefined) crowd.set(node, (crowd.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod) => [
    pod.spec.nodeName === undefined ? 0 : 1,
    pod.status.phase === 'Pending' ? 0 : 1,
    isAvailable(pod) ? 1 : 0,
    -(crowd.get(pod.spec.nodeName ?? '') ?? 0),
    -(pod.metadata.creationTimestamp ?? 0),
  ];
  // The crowd thins as pods go: choose one after the other.
  const chosen: Pod[] = [];
  const left = [...pods];
  while (chosen.length < pods.length - set.spec.replicas && left.length > 0) {
    left.sort((a, b) => compareRanks(rank(a), rank(b)) || (a.metadata.name < b.metadata.name ? -1 : 1));
    const next = left.shift();
    if (next === undefined) break;
    chosen.push(next);
    const node = next.spec.nodeName;
    if (node !== undefined) crowd.set(node, (crowd.get(node) ?? 1) - 1);
  }
  return chosen;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function updateStatus(control: Control, set: ReplicaSet): void {
  const pods = control.store
    .list('Pod', set.metadata.namespace)
    .filter(pod => ownedBy(pod, set) && !isDeleting(pod));
  const ready = pods.filter(isAvailable).length;
  putStatus(control, set, {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
  });
}
