import { admit } from './admission.ts';
import type { Admission, AdmissionContext } from './admission-verdict.ts';
import type { KubeObject } from './objects.ts';
import { sameValue } from './store.ts';

export type ApplyOutcome =
  | { readonly outcome: 'created' | 'configured' | 'unchanged'; readonly object: KubeObject }
  | Extract<Admission, { outcome: 'refused' }>;

/** The annotation in which `kubectl apply` keeps what it was given. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** `kubectl apply`: a three-way merge of what was applied last, what is there, and what is wanted. */
export function applyObject(wanted: KubeObject, context: AdmissionContext, now: number): ApplyOutcome {
  const { store } = context;
  const clean = withoutServerFields(wanted);
  const live = find(clean, context);
  const marked = withAnnotation(clean, LAST_APPLIED, JSON.stringify(clean));
  if (live === undefined) {
    const admission = admit(marked, undefined, context);
    if (admission.outcome === 'refused') return admission;
    return { outcome: 'created', object: store.create(admission.object, now) };
  }
  const merged = merge(live, lastApplied(live), marked) as KubeObject;
  const admission = admit({ ...merged, metadata: { ...merged.metadata } }, live, context);
  if (admission.outcome === 'refused') return admission;
  if (sameValue(withoutServerFields(admission.object), withoutServerFields(live)))
    return { outcome: 'unchanged', object: live };
  return { outcome: 'configured', object: store.replace(keepServerFields(admission.object, live)) };
}

/** Changes an object in place (patch, scale, label): admitted like an applied one. */
export function editObject(live: KubeObject, changed: KubeObject, context: AdmissionContext): ApplyOutcome {
  const admission = admit(changed, live, context);
  if (admission.outcome === 'refused') return admission;
  const object = keepServerFields(admission.object, live);
  if (sameValue(object, live)) return { outcome: 'unchanged', object: live };
  return { outcome: 'configured', object: context.store.replace(object) };
}

/** JSON merge patch (RFC 7386), as `kubectl patch --type=merge` and, for maps, a strategic patch do it. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** What an object was applied as; nothing for one that was made otherwise. */
export function lastApplied({ metadata }: KubeObject): unknown {
  const text = metadata.annotations?.[LAST_APPLIED];
  return text === undefined ? {} : JSON.parse(text);
}

function find(object: KubeObject, { store }: AdmissionContext): KubeObject | undefined {
  const { name, namespace } = object.metadata;
  return store.get(object.kind, name) ?? store.get(object.kind, name, namespace ?? 'default');
}

/** Fields once applied and now gone are removed; lists are taken as wanted. */
function merge(live: unknown, last: unknown, wanted: unknown): unknown {
  if (!isRecord(wanted)) return wanted;
  const result: Record<string, unknown> = isRecord(live) ? { ...live } : {};
  const before = isRecord(last) ? last : {};
  for (const key of Object.keys(before)) if (!(key in wanted)) delete result[key];
  for (const [key, value] of Object.entries(wanted)) result[key] = merge(result[key], before[key], value);
  return result;
}

function withAnnotation(object: KubeObject, key: string, value: string): KubeObject {
  const annotations = { ...object.metadata.annotations, [key]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const { name, namespace, labels, annotations } = object.metadata;
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

function keepServerFields(object: KubeObject, live: KubeObject): KubeObject {
  const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, ownerReferences } =
    live.metadata;
  const kept = { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, ownerReferences };
  const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return {
    ...object,
    ...('status' in object || live.status === undefined ? {} : { status: live.status }),
    metadata: { ...object.metadata, ...present },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
