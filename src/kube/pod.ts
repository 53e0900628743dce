import { derived } from '../values/derived.ts';
import { defaultTolerationSeconds } from './control/timing.ts';
import type {
  Condition,
  Container,
  KubeObject,
  ObjectMeta,
  OwnerReference,
  Pod,
  PodTemplate,
  Toleration,
} from './objects.ts';

/** A pod as a controller creates it, with what the API server defaults. */
export function newPod(from: {
  readonly name: string;
  readonly namespace: string;
  readonly template: PodTemplate;
  readonly owner?: OwnerReference;
  readonly nodeName?: string;
  readonly labels?: Readonly<Record<string, string>>;
}): Pod {
  const { template } = from;
  return admittedPod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: from.name,
      namespace: from.namespace,
      labels: { ...template.metadata?.labels, ...from.labels },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ...(from.owner === undefined ? {} : { ownerReferences: [from.owner] }),
    },
    spec: { ...template.spec, ...(from.nodeName === undefined ? {} : { nodeName: from.nodeName }) },
  });
}

/** Adds the defaults of admission: tolerations, an empty status. */
export function admittedPod(pod: KubeObject & Pick<Pod, 'spec'>): Pod {
  const tolerations: Toleration[] = [...(pod.spec.tolerations ?? [])];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const known = tolerations.some(
      toleration =>
        (toleration.key === key || toleration.key === undefined) &&
        (toleration.effect === undefined || toleration.effect === 'NoExecute'),
    );
    if (!known)
      tolerations.push({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: defaultTolerationSeconds,
      });
  }
  return {
    ...pod,
    spec: { ...pod.spec, tolerations },
    status: { phase: 'Pending', conditions: [], containerStatuses: [] },
  };
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, 'Ready')?.status === 'True';
}

/** Ready and not on its way out; `minReadySeconds` is not modelled. */
export function isAvailable(pod: Pod): boolean {
  return isReady(pod) && !isDeleting(pod);
}

export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find(condition => condition.type === type);
}

/** The conditions with one set; its transition time moves only when the status does. */
export function withCondition(
  conditions: readonly Condition[],
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: number,
): Condition[] {
  const before = conditionOf(conditions, condition.type);
  const after: Condition = {
    ...condition,
    lastTransitionTime: before?.status === condition.status ? (before.lastTransitionTime ?? now) : now,
  };
  return before === undefined
    ? [...conditions, after]
    : conditions.map(each => (each.type === condition.type ? after : each));
}

export function restartsOf(pod: Pod): number {
  return pod.status.containerStatuses.reduce((sum, container) => sum + container.restartCount, 0);
}

/** The STATUS column of `kubectl get pods`: the most telling of phase, waiting reason and deletion. */
export function podStatusWord(pod: Pod): string {
  if (isDeleting(pod)) return 'Terminating';
  for (const { state } of pod.status.containerStatuses) {
    if ('waiting' in state) {
      const { reason } = state.waiting;
      return reason === 'PodInitializing' ? `Init:0/${pod.spec.initContainers?.length ?? 0}` : reason;
    }
    if ('terminated' in state) return state.terminated.reason;
  }
  return pod.status.reason ?? pod.status.phase;
}

/** Ports on which a pod's processes listen: those its containers declare. Undefined when none declares any: any port is taken to be open. */
export function listensOn(pod: Pod): readonly number[] | undefined {
  const declared = declaredPorts(pod);
  return declared.length === 0 ? undefined : declared;
}

/** Worked out once for each value of a pod: it is asked for every packet that arrives. */
const declaredPorts = derived(({ spec }: Pod): readonly number[] =>
  spec.containers.flatMap(({ ports = [] }) => ports.map(port => port.containerPort)),
);

export function containerPortNamed(pod: Pod, name: string): number | undefined {
  return pod.spec.containers.flatMap(container => container.ports ?? []).find(port => port.name === name)
    ?.containerPort;
}

/** What the container's policy is when it says nothing: Always for `:latest` or no tag, else IfNotPresent. */
export function pullPolicyOf(container: Container): 'Always' | 'IfNotPresent' | 'Never' {
  if (container.imagePullPolicy !== undefined) return container.imagePullPolicy;
  const tag = /:([^:/@]+)$/.exec(container.image)?.[1];
  return (tag === undefined || tag === 'latest') && !container.image.includes('@')
    ? 'Always'
    : 'IfNotPresent';
}

/** The name an image has on a node: registry and tag spelt out, so that "alpine" and "docker.io/library/alpine:latest" are one. */
export function canonicalImage(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const withRegistry = hasRegistry
    ? image
    : rest.length > 0
      ? `docker.io/${image}`
      : `docker.io/library/${image}`;
  return /(:[^:/]+|@[^/]+)$/.test(withRegistry) ? withRegistry : `${withRegistry}:latest`;
}

export function withMeta<T extends KubeObject>(object: T, metadata: Partial<ObjectMeta>): T {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}
