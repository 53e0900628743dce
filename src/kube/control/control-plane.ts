import type { KubeFact, Occurrence } from '../fact.ts';
import type { KubeObject, OwnerReference } from '../objects.ts';
import type { ObjectStore } from '../store.ts';
import type { OccurrenceLog } from './occurrences.ts';

/** What a controller is given: the store, the time, a source of chance, and places to report to. */
export type Control = {
  readonly cluster: string;
  readonly store: ObjectStore;
  /** Lab milliseconds. */
  readonly now: number;
  readonly random: () => number;
  readonly occurrences: OccurrenceLog;
  readonly report: (fact: KubeFact) => void;
  /** Asks to be run again at that moment. */
  readonly wakeAt: (at: number) => void;
};

/** Reports an Event object about an object. */
export function note(
  control: Control,
  about: KubeObject,
  type: Occurrence['type'],
  reason: string,
  message: string,
  from: string,
): void {
  control.occurrences.add(control.now, {
    type,
    reason,
    message,
    from,
    kind: about.kind.toLowerCase(),
    namespace: about.metadata.namespace ?? 'default',
    name: about.metadata.name,
  });
}

export function ownedBy(object: KubeObject, owner: KubeObject): boolean {
  return object.metadata.ownerReferences?.some(reference => reference.uid === owner.metadata.uid) === true;
}

export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
  };
}

/** The object with its status replaced in the store. */
export function putStatus<T extends KubeObject>(control: Control, object: T, status: T['status']): T {
  return control.store.replace({ ...object, status });
}
