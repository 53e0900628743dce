import { type Admission, type AdmissionContext, admitted, invalid } from './admission-verdict.ts';
import { admitService } from './admit-service.ts';
import { admitWorkload } from './admit-workload.ts';
import { apiVersionOf, type KindInfo, kindNamed } from './kinds.ts';
import { addressesOk, peerProblem } from './metallb/webhooks.ts';
import type { Deployment, KubeObject, Pod, Service } from './objects.ts';
import { admittedPod } from './pod.ts';
import type { ObjectStore } from './store.ts';

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
      return admitService(object, before as Service | undefined, context);
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
      return admitWorkload(object, before as Deployment | undefined);
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
  const kind = object.kind.toLowerCase();
  const home = store
    .list('DaemonSet')
    .find(set =>
      set.spec.template.spec.containers.some(({ image }) => /metallb\/speaker(:|@|$)/.test(image)),
    );
  const service = store.list('Service').find(each => each.metadata.name === 'metallb-webhook-service');
  const namespace = (service ?? home)?.metadata.namespace;
  if (namespace === undefined) return undefined;
  if (service !== undefined && !answers(service, store)) {
    const version = object.apiVersion.replace('metallb.io/', '');
    return {
      outcome: 'refused',
      reason: 'InternalError',
      message:
        `Internal error occurred: failed calling webhook "${kind}validationwebhook.metallb.io": failed to call webhook: ` +
        `Post "https://metallb-webhook-service.${namespace}.svc:443/validate-metallb-io-${version}-${kind}?timeout=10s": ` +
        `dial tcp ${service.spec.clusterIP}:443: connect: connection refused`,
    };
  }
  return object.metadata.namespace === namespace
    ? undefined
    : denied(kind, `resource must be created in ${namespace} namespace`);
}

function answers(service: Service, store: ObjectStore): boolean {
  return store
    .list('EndpointSlice', service.metadata.namespace)
    .some(
      slice =>
        slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name &&
        slice.endpoints.some(endpoint => endpoint.conditions.ready),
    );
}

function pod(object: KubeObject, before: Pod | undefined): Admission {
  if (before !== undefined) return admitted({ ...object, status: before.status });
  const spec = object.spec as Pod['spec'] | undefined;
  if (spec?.containers === undefined || spec.containers.length === 0)
    return invalid(object, ['spec.containers: Required value']);
  return admitted(admittedPod({ ...object, spec }));
}
