import type { Endpoint, EndpointSlice, Pod, Service, ServicePort } from '../objects.ts';
import { containerPortNamed, isDeleting, isReady } from '../pod.ts';
import { nameSuffix } from '../pod-names.ts';
import { labelsMatch } from '../selector.ts';
import { type Control, ownerReference } from './control-plane.ts';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** Keeps one EndpointSlice per service with a selector. (The API splits at 100 endpoints; the model keeps one.) */
export function reconcileEndpointSlices(control: Control): void {
  for (const service of control.store.list('Service')) {
    const { selector } = service.spec;
    if (selector === undefined || Object.keys(selector).length === 0) continue;
    const pods = control.store
      .list('Pod', service.metadata.namespace)
      .filter(pod => labelsMatch(selector, pod.metadata.labels) && pod.status.podIP !== undefined);
    write(control, service, pods);
  }
}

export function endpointSlicesOf(control: Pick<Control, 'store'>, service: Service): EndpointSlice[] {
  return control.store
    .list('EndpointSlice', service.metadata.namespace)
    .filter(slice => slice.metadata.labels?.[SERVICE_LABEL] === service.metadata.name);
}

function write(control: Control, service: Service, pods: readonly Pod[]): void {
  const before = endpointSlicesOf(control, service)[0];
  const ports = service.spec.ports.map(port => ({
    name: port.name ?? '',
    port: targetPortOf(port, pods[0]),
    protocol: port.protocol,
  }));
  const endpoints = pods.map(endpointOf);
  if (before === undefined) {
    control.store.create<EndpointSlice>(
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: `${service.metadata.name}-${nameSuffix(control.random)}`,
          namespace: service.metadata.namespace ?? 'default',
          labels: {
            ...service.metadata.labels,
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            [SERVICE_LABEL]: service.metadata.name,
          },
          ownerReferences: [ownerReference(service)],
        },
        addressType: 'IPv4',
        endpoints,
        ports,
      },
      control.now,
    );
  } else control.store.replace<EndpointSlice>({ ...before, endpoints, ports });
  const now = readySet(endpoints);
  if (readySet(before?.endpoints ?? []) === now) return;
  const ready = endpoints.filter(endpoint => endpoint.conditions.ready);
  control.report({
    type: 'endpoints-changed',
    cluster: control.cluster,
    namespace: service.metadata.namespace ?? 'default',
    service: service.metadata.name,
    ready: ready.length,
    nodes: [...new Set(ready.map(endpoint => endpoint.nodeName ?? ''))].sort(),
  });
}

function endpointOf(pod: Pod): Endpoint {
  const serving = isReady(pod);
  const terminating = isDeleting(pod);
  return {
    addresses: pod.status.podIP === undefined ? [] : [pod.status.podIP],
    conditions: { ready: serving && !terminating, serving, terminating },
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace ?? 'default', name: pod.metadata.name },
  };
}

function readySet(endpoints: readonly Endpoint[]): string {
  return endpoints
    .filter(endpoint => endpoint.conditions.ready)
    .map(endpoint => endpoint.addresses[0] ?? '')
    .sort()
    .join(' ');
}

function targetPortOf(port: ServicePort, pod: Pod | undefined): number {
  if (typeof port.targetPort === 'number') return port.targetPort;
  return (pod === undefined ? undefined : containerPortNamed(pod, port.targetPort)) ?? port.port;
}
