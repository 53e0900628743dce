import { type Admission, admitted, invalid } from './admission-verdict.ts';
import type { Deployment, KubeObject } from './objects.ts';
import { selectorMatches } from './selector.ts';

/** Validates a Deployment, ReplicaSet or DaemonSet and fills in its defaults. */
export function admitWorkload(object: KubeObject, before: Deployment | undefined): Admission {
  const spec = (object.spec ?? {}) as Partial<Deployment['spec']>;
  const problems: string[] = [];
  const containers = spec.template?.spec?.containers;
  if (spec.selector === undefined) problems.push('spec.selector: Required value');
  else if (!selectorMatches(spec.selector, spec.template?.metadata?.labels))
    problems.push(
      `spec.template.metadata.labels: Invalid value: ${JSON.stringify(spec.template?.metadata?.labels ?? {})}: \`selector\` does not match template \`labels\``,
    );
  if (containers === undefined || containers.length === 0)
    problems.push('spec.template.spec.containers: Required value');
  containers?.forEach((container, index) => {
    for (const field of ['name', 'image'] as const) {
      if (typeof container[field] !== 'string' || container[field] === '')
        problems.push(`spec.template.spec.containers[${index}].${field}: Required value`);
    }
  });
  if (spec.replicas !== undefined && (!Number.isInteger(spec.replicas) || spec.replicas < 0))
    problems.push(`spec.replicas: Invalid value: ${spec.replicas}: must be greater than or equal to 0`);
  if (before !== undefined && JSON.stringify(before.spec.selector) !== JSON.stringify(spec.selector))
    problems.push(`spec.selector: Invalid value: ${JSON.stringify(spec.selector)}: field is immutable`);
  if (problems.length > 0) return invalid(object, problems);
  if (object.kind === 'DaemonSet')
    return admitted({
      ...object,
      status: before?.status ?? {
        observedGeneration: 0,
        desiredNumberScheduled: 0,
        currentNumberScheduled: 0,
        updatedNumberScheduled: 0,
        numberReady: 0,
        numberAvailable: 0,
      },
    });
  const strategy =
    object.kind === 'Deployment'
      ? {
          strategy: spec.strategy ?? {
            type: 'RollingUpdate',
            rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
          },
        }
      : {};
  return admitted({
    ...object,
    spec: { ...spec, replicas: spec.replicas ?? 1, ...strategy },
    status: before?.status ?? {
      observedGeneration: 0,
      replicas: 0,
      updatedReplicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      unavailableReplicas: 0,
    },
  });
}
