import { isIpv4 } from '../net/address.ts';
import { apiVersionOf, type KindInfo, kindNamed } from './kinds.ts';
import { addressesOk, peerProblem } from './metallb/webhooks.ts';
import type { Deployment, KubeObject, Pod, Service, ServicePort } from './objects.ts';
import { admittedPod } from './pod.ts';
import { nameSuffix } from './pod-names.ts';
import { selectorMatches } from './selector.ts';
import { freeClusterIp, freeNodePort, type ServiceAddresses } from './service-addresses.ts';
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

/** What the API server does with an object before it stores it: kind, namespace, validation, defaults, webhooks. `before` is what it replaces. */
export function admit(
  object: KubeObject,
  before: KubeObject | undefined,
  context: AdmissionContext,
): Admission {
  const info = kindNamed(object.kind);
  if (info === undefined || !served(info, object.apiVersion, context.store)) {
    return {
      outcome: 'refused',
      reason: 'NoMatch',
      message: `no matches for kind "${object.kind}" in version "${object.apiVersion}"`,
    };
  }
  const namespace = info.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
  if (namespace !== undefined && context.store.get('Namespace', namespace) === undefined)
    return { outcome: 'refused', reason: 'NotFound', message: `namespaces "${namespace}" not found` };
  const { namespace: _, ...metadata } = object.metadata;
  const placed: KubeObject = {
    ...object,
    apiVersion: info.custom ? apiVersionOf(info) : object.apiVersion,
    metadata: namespace === undefined ? metadata : { ...metadata, namespace },
  };
  const webhook = webhookRefusal(placed, context.store);
  if (webhook !== undefined) return webhook;
  return defaulted(placed, before, context);
}

/** Built-in kinds always are; custom ones once their definition is there. */
export function served(info: KindInfo, apiVersion: string, store: ObjectStore): boolean {
  const [group, version] = apiVersion.includes('/')
    ? [apiVersion.slice(0, apiVersion.indexOf('/')), apiVersion.slice(apiVersion.indexOf('/') + 1)]
    : ['', apiVersion];
  if (group !== info.group || !info.versions.includes(version)) return false;
  return !info.custom || defined(info, store);
}

export function defined(info: KindInfo, store: ObjectStore): boolean {
  return store.get('CustomResourceDefinition', `${info.plural}.${info.group}`) !== undefined;
}

function defaulted(object: KubeObject, before: KubeObject | undefined, context: AdmissionContext): Admission {
  switch (object.kind) {
    case 'Service':
      return service(object, before as Service | undefined, context);
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
      return workload(object, before as Deployment | undefined);
    case 'Pod':
      return pod(object, before as Pod | undefined);
    case 'Namespace':
      return admitted({ ...object, status: { phase: 'Active' } });
    case 'BGPPeer': {
      const problem = peerProblem(object);
      return problem === undefined ? admitted(object) : denied('bgppeer', problem);
    }
    case 'IPAddressPool': {
      const problem = addressesOk(object, context.store);
      return problem === undefined ? admitted(object) : denied('ipaddresspool', problem);
    }
    default:
      return admitted(object);
  }
}

function admitted(object: KubeObject): Admission {
  return { outcome: 'admitted', object };
}

function invalid(object: KubeObject, problems: readonly string[]): Admission {
  const all = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  return {
    outcome: 'refused',
    reason: 'Invalid',
    message: `The ${object.kind} "${object.metadata.name}" is invalid: ${all}`,
  };
}

function denied(name: string, problem: string): Admission {
  return {
    outcome: 'refused',
    reason: 'Forbidden',
    message: `admission webhook "${name}validationwebhook.metallb.io" denied the request: ${problem}`,
  };
}

/** MetalLB's webhook stands behind a service of its own: without a ready controller nobody answers, and the request fails. */
function webhookRefusal(object: KubeObject, store: ObjectStore): Admission | undefined {
  if (!object.apiVersion.startsWith('metallb.io/')) return undefined;
  const service = store.list('Service').find(each => each.metadata.name === 'metallb-webhook-service');
  if (service === undefined) return undefined;
  const namespace = service.metadata.namespace ?? 'default';
  const ready = store
    .list('EndpointSlice', namespace)
    .some(
      slice =>
        slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name &&
        slice.endpoints.some(endpoint => endpoint.conditions.ready),
    );
  const kind = object.kind.toLowerCase();
  const version = object.apiVersion.replace('metallb.io/', '');
  if (!ready)
    return {
      outcome: 'refused',
      reason: 'InternalError',
      message:
        `Internal error occurred: failed calling webhook "${kind}validationwebhook.metallb.io": failed to call webhook: ` +
        `Post "https://metallb-webhook-service.${namespace}.svc:443/validate-metallb-io-${version}-${kind}?timeout=10s": ` +
        `dial tcp ${service.spec.clusterIP}:443: connect: connection refused`,
    };
  if (object.metadata.namespace !== namespace)
    return denied(kind, `resource must be created in ${namespace} namespace`);
  return undefined;
}

const POLICIES = ['Cluster', 'Local'];
const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];

function service(object: KubeObject, before: Service | undefined, context: AdmissionContext): Admission {
  const written = (object.spec ?? {}) as Partial<Service['spec']> & {
    readonly ports?: readonly Partial<ServicePort>[];
  };
  const problems: string[] = [];
  const type = written.type ?? 'ClusterIP';
  if (!TYPES.includes(type)) problems.push(unsupported('spec.type', type, TYPES));
  const policy = written.externalTrafficPolicy;
  const external = type === 'LoadBalancer' || type === 'NodePort';
  if (policy !== undefined && !POLICIES.includes(policy))
    problems.push(unsupported('spec.externalTrafficPolicy', policy, POLICIES));
  else if (policy !== undefined && !external)
    problems.push(
      `spec.externalTrafficPolicy: Invalid value: "${policy}": may only be set for externally-accessible services`,
    );
  const ports = written.ports ?? [];
  if (ports.length === 0 && written.clusterIP !== 'None') problems.push('spec.ports: Required value');
  ports.forEach((port, index) => {
    if (!validPort(port.port))
      problems.push(
        `spec.ports[${index}].port: Invalid value: ${port.port ?? 0}: must be between 1 and 65535, inclusive`,
      );
    if (ports.length > 1 && (port.name ?? '') === '')
      problems.push(`spec.ports[${index}].name: Required value`);
  });
  if (written.loadBalancerIP !== undefined && !isIpv4(written.loadBalancerIP))
    problems.push(
      `spec.loadBalancerIP: Invalid value: "${written.loadBalancerIP}": must be a valid IP address`,
    );
  if (before !== undefined && written.clusterIP !== undefined && written.clusterIP !== before.spec.clusterIP)
    problems.push(`spec.clusterIPs[0]: Invalid value: ["${written.clusterIP}"]: may not change once set`);
  if (problems.length > 0) return invalid(object, problems);
  const clusterIP = before?.spec.clusterIP ?? written.clusterIP ?? freeClusterIp(context.store, context);
  const chosen: number[] = [];
  return admitted({
    ...object,
    spec: {
      ...written,
      type,
      clusterIP,
      clusterIPs: [clusterIP],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: written['sessionAffinity'] ?? 'None',
      ...(external ? { externalTrafficPolicy: policy ?? 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      ...(type === 'LoadBalancer' && policy === 'Local'
        ? {
            healthCheckNodePort:
              before?.spec.healthCheckNodePort ?? freeNodePort(context.store, context, chosen),
          }
        : {}),
      ports: ports.map(port => {
        const old = before?.spec.ports.find(
          each => each.port === port.port && each.protocol === (port.protocol ?? 'TCP'),
        );
        const nodePort =
          port.nodePort ??
          old?.nodePort ??
          (external ? freeNodePort(context.store, context, chosen) : undefined);
        return {
          ...port,
          protocol: port.protocol ?? 'TCP',
          targetPort: port.targetPort ?? port.port,
          ...(external && nodePort !== undefined ? { nodePort } : {}),
        };
      }),
    },
    status: before?.status ?? { loadBalancer: {} },
  });
}

function workload(object: KubeObject, before: Deployment | undefined): Admission {
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

function pod(object: KubeObject, before: Pod | undefined): Admission {
  if (before !== undefined) return admitted({ ...object, status: before.status });
  const spec = object.spec as Pod['spec'] | undefined;
  if (spec?.containers === undefined || spec.containers.length === 0)
    return invalid(object, ['spec.containers: Required value']);
  return admitted(admittedPod({ ...object, spec }));
}

/** A name made from `generateName`. */
export function generatedName(prefix: string, random: () => number): string {
  return `${prefix}${nameSuffix(random)}`;
}

function unsupported(field: string, value: string, supported: readonly string[]): string {
  return `${field}: Unsupported value: "${value}": supported values: ${supported.map(each => `"${each}"`).join(', ')}`;
}

function validPort(port: unknown): boolean {
  return Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
}
