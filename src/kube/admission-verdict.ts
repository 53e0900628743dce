import type { KubeObject } from './objects.ts';
import type { ServiceAddresses } from './service-addresses.ts';
import type { ObjectStore } from './store.ts';

export type Admission =
  | { readonly outcome: 'admitted'; readonly object: KubeObject }
  /** `message` in the API server's words, without "Error from server". */
  | { readonly outcome: 'refused'; readonly reason: RefusalReason; readonly message: string };

export type RefusalReason = 'Invalid' | 'BadRequest' | 'NotFound' | 'InternalError' | 'Forbidden' | 'NoMatch';

export type AdmissionContext = {
  readonly store: ObjectStore;
  readonly random: () => number;
  readonly addresses: ServiceAddresses;
};

export function admitted(object: KubeObject): Admission {
  return { outcome: 'admitted', object };
}

/** Refused by validation: all problems in one sentence. */
export function invalid(object: KubeObject, problems: readonly string[]): Admission {
  const all = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  return {
    outcome: 'refused',
    reason: 'Invalid',
    message: `The ${object.kind} "${object.metadata.name}" is invalid: ${all}`,
  };
}
