import { addressOfService } from '../kube/metallb/allocator.ts';
import type { EndpointSlice, Node, Pod, Service } from '../kube/objects.ts';
import { conditionOf, isDeleting, isReady, restartsOf } from '../kube/pod.ts';
import type { Ipv4 } from '../net/address.ts';
import type { NotAnnouncedReason } from './event.ts';

export type ClusterState = {
  readonly name: string;
  readonly state: 'absent' | 'starting' | 'running';
  readonly nodes: readonly {
    readonly name: string;
    readonly role: string;
    readonly ready: boolean;
    readonly schedulable: boolean;
    readonly address: Ipv4;
    readonly fabricAddress?: Ipv4;
  }[];
  readonly pods: readonly PodState[];
  readonly services: readonly ServiceState[];
  /** One row per (service with an address, node): MetalLB's decision. */
  readonly announcements: readonly {
    readonly service: string;
    readonly node: string;
    readonly announced: boolean;
    readonly reason?: NotAnnouncedReason;
  }[];
};

export type PodState = {
  readonly namespace: string;
  readonly name: string;
  readonly node?: string;
  readonly address?: Ipv4;
  /** Second interface (ipvlan), where it has one. */
  readonly fabricAddress?: Ipv4;
  readonly phase: 'Pending' | 'ContainerCreating' | 'Running' | 'Terminating' | 'Failed';
  readonly ready: boolean;
  readonly restarts: number;
  readonly since: number;
  readonly labels: Readonly<Record<string, string>>;
};

export type ServiceState = {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  readonly clusterIp: Ipv4;
  /** Undefined while `<pending>`. */
  readonly externalIp?: Ipv4;
  readonly ports: readonly {
    readonly port: number;
    readonly targetPort: number;
    readonly nodePort?: number;
    readonly protocol: string;
  }[];
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly endpoints: readonly {
    readonly address: Ipv4;
    readonly node: string;
    readonly pod: string;
    readonly ready: boolean;
  }[];
};

/** A cluster's objects, and what of it only the engine that runs it can say. */
export type ClusterView = {
  readonly name: string;
  /** All nodes were ready once. */
  readonly everReady: boolean;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  endpointSlices(service: Service): readonly EndpointSlice[];
  /** Of a node, in the Docker network and in the fabric. */
  dockerAddress(node: string): Ipv4 | undefined;
  fabricAddress(node: string): Ipv4 | undefined;
  /** Of a pod's second interface. */
  secondAddress(pod: Pod): Ipv4 | undefined;
  readonly announcements: readonly {
    readonly service: Service;
    readonly node: string;
    readonly decision:
      | { readonly announced: true }
      /** No reason: it is known that it does not, but not why. */
      | { readonly announced: false; readonly reason?: NotAnnouncedReason };
  }[];
  /** Whether the speaker that would tell it runs. */
  speakerRuns(node: string): boolean;
};

/** A cluster as panes and probes see it. */
export function clusterState(view: ClusterView): ClusterState {
  return {
    name: view.name,
    state: view.everReady ? 'running' : 'starting',
    nodes: view.nodes.map(node => nodeState(node, view)),
    pods: view.pods.map(pod => podState(pod, view)),
    services: view.services.map(service => serviceState(service, view)),
    announcements: view.announcements
      .filter(({ service }) => addressOfService(service) !== undefined)
      .map(({ service, node, decision }) => ({
        service: serviceText(service),
        node,
        announced: decision.announced && view.speakerRuns(node),
        ...(decision.announced || decision.reason === undefined ? {} : { reason: decision.reason }),
      })),
  };
}

/** A cluster that nobody has created yet. */
export function absentCluster(name: string): ClusterState {
  return { name, state: 'absent', nodes: [], pods: [], services: [], announcements: [] };
}

/** "hello-lb"; the namespace before it where it is not the default one: as every engine names services. */
export function serviceText({ metadata: { namespace = 'default', name } }: Service): string {
  return namespace === 'default' ? name : `${namespace}/${name}`;
}

function nodeState({ metadata, status, spec }: Node, view: ClusterView): ClusterState['nodes'][number] {
  const fabricAddress = view.fabricAddress(metadata.name);
  return {
    name: metadata.name,
    role:
      metadata.labels?.['node-role.kubernetes.io/control-plane'] === undefined ? 'worker' : 'control-plane',
    ready: conditionOf(status.conditions, 'Ready')?.status === 'True',
    schedulable: spec.unschedulable !== true,
    address: view.dockerAddress(metadata.name) ?? '0.0.0.0',
    ...(fabricAddress === undefined ? {} : { fabricAddress }),
  };
}

function podState(pod: Pod, view: ClusterView): PodState {
  const { spec, status, metadata } = pod;
  const fabricAddress = view.secondAddress(pod);
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    ...(spec.nodeName === undefined ? {} : { node: spec.nodeName }),
    ...(status.podIP === undefined ? {} : { address: status.podIP }),
    ...(fabricAddress === undefined ? {} : { fabricAddress }),
    phase: phaseOf(pod),
    ready: isReady(pod) && !isDeleting(pod),
    restarts: restartsOf(pod),
    since: metadata.creationTimestamp ?? 0,
    labels: metadata.labels ?? {},
  };
}

function phaseOf(pod: Pod): PodState['phase'] {
  if (isDeleting(pod)) return 'Terminating';
  if (pod.status.phase === 'Failed') return 'Failed';
  if (pod.status.phase === 'Running') return 'Running';
  return pod.spec.nodeName === undefined ? 'Pending' : 'ContainerCreating';
}

function serviceState(service: Service, view: ClusterView): ServiceState {
  const { spec, metadata } = service;
  const externalIp = addressOfService(service);
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    type: spec.type,
    clusterIp: spec.clusterIP,
    ...(externalIp === undefined ? {} : { externalIp }),
    ports: spec.ports.map(port => ({
      port: port.port,
      targetPort: typeof port.targetPort === 'number' ? port.targetPort : port.port,
      ...(port.nodePort === undefined ? {} : { nodePort: port.nodePort }),
      protocol: port.protocol,
    })),
    externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
    endpoints: view.endpointSlices(service).flatMap(slice =>
      slice.endpoints.map(endpoint => ({
        address: endpoint.addresses[0] ?? '',
        node: endpoint.nodeName ?? '',
        pod: endpoint.targetRef?.name ?? '',
        ready: endpoint.conditions.ready,
      })),
    ),
  };
}
