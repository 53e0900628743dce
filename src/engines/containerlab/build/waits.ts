import type { Service } from '../../../kube/objects.ts';
import type { LabResource } from '../../../lab/lab.ts';
import type { ObjectName } from '../../../programs/kubectl.ts';

/** What must hold before a manifest counts as applied. */
export type Wait = {
  readonly for: 'rollout' | 'established' | 'address';
  readonly object: ObjectName;
  readonly seconds: number;
};

/** Definitions first, then workloads, then addresses: each needs those before it. */
export function waitsOf({ objects }: LabResource): Wait[] {
  const named = (kind: string): ObjectName[] =>
    objects
      .filter(object => object.kind === kind)
      .map(({ metadata: { name, namespace } }) => ({
        kind: kind.toLowerCase(),
        name,
        ...(kind === 'CustomResourceDefinition' ? {} : { namespace: namespace ?? 'default' }),
      }));
  const services = objects.filter(
    object => object.kind === 'Service' && (object as Service).spec?.type === 'LoadBalancer',
  );
  return [
    ...named('CustomResourceDefinition').map(object => ({
      for: 'established' as const,
      object,
      seconds: 60,
    })),
    ...[...named('Deployment'), ...named('DaemonSet')].map(object => ({
      for: 'rollout' as const,
      object,
      seconds: 300,
    })),
    ...services.map(({ metadata: { name, namespace } }) => ({
      for: 'address' as const,
      object: { kind: 'service', name, namespace: namespace ?? 'default' },
      seconds: 60,
    })),
  ];
}
