import type { KubeObject, Pod } from '../objects.ts';
import { isDeleting, isReady, withMeta } from '../pod.ts';
import { type Control, note, ownedBy } from './control-plane.ts';

/** Asks a pod to go: it leaves the endpoints at once, its process gets SIGTERM, and the kubelet removes it. */
export function startDeletion(control: Control, pod: Pod): void {
  if (isDeleting(pod)) return;
  if (pod.spec.nodeName === undefined) {
    removePod(control, pod);
    return;
  }
  control.store.replace(withMeta(pod, { deletionTimestamp: control.now }));
  for (const container of pod.spec.containers) {
    note(
      control,
      pod,
      'Normal',
      'Killing',
      `Stopping container ${container.name}`,
      `kubelet, ${pod.spec.nodeName}`,
    );
  }
  if (isReady(pod)) control.report({ type: 'pod-not-ready', ...podFact(control, pod) });
}

/** Removes a pod from the API at once. */
export function removePod(control: Control, pod: Pod): void {
  if (control.store.remove('Pod', pod.metadata.name, pod.metadata.namespace) === undefined) return;
  control.report({ type: 'pod-gone', ...podFact(control, pod) });
}

/** Garbage collection: what an owner leaves behind goes, and a namespace takes everything in it along. */
export function collectGarbage(control: Control): void {
  for (const kind of ['ReplicaSet', 'EndpointSlice', 'Pod'] as const) {
    for (const object of control.store.list(kind)) {
      const owner = object.metadata.ownerReferences?.[0];
      if (owner === undefined) continue;
      const found = control.store.get(owner.kind, owner.name, object.metadata.namespace);
      if (found !== undefined && ownedBy(object, found)) continue;
      if (kind === 'Pod') startDeletion(control, object as Pod);
      else control.store.remove(kind, object.metadata.name, object.metadata.namespace);
    }
  }
}

export function podFact(
  control: Control,
  pod: KubeObject & Pick<Pod, 'spec'>,
): { readonly cluster: string; readonly namespace: string; readonly pod: string; readonly node?: string } {
  return {
    cluster: control.cluster,
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name,
    ...(pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
  };
}
