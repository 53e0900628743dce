import { addressOfService } from '../../../kube/metallb/allocator.ts';
import type { Node, Pod, Service } from '../../../kube/objects.ts';
import { conditionOf, isDeleting, isReady, restartsOf } from '../../../kube/pod.ts';
import type { LabCluster } from '../../../lab/lab.ts';
import type { ClusterState, PodState, ServiceState } from '../../../lab/snapshot.ts';
import { serviceText } from './announcement-log.ts';
import type { ClusterRun } from './cluster-run.ts';

/** A cluster as panes and probes see it. */
export function clusterState(definition: LabCluster, run: ClusterRun | undefined): ClusterState {
  if (run === undefined) {
    return { name: definition.name, state: 'absent', nodes: [], pods: [], services: [], announcements: [] };
  }
  const { store, metallb } = run.cluster;
  return {
    name: definition.name,
    state: run.everReady ? 'running' : 'starting',
    nodes: store.list('Node').map(node => nodeState(node, run)),
    pods: store.list('Pod').map(pod => podState(pod, run)),
    services: store.list('Service').map(service => serviceState(service, run)),
    announcements: metallb
      .announcements()
      .filter(({ service }) => addressOfService(service) !== undefined)
      .map(({ service, node, decision }) => ({
        service: serviceText(service.metadata.namespace, service.metadata.name),
        node,
        announced: decision.announced && run.speakers.alive(node),
        ...(decision.announced ? {} : { reason: decision.reason }),
      })),
  };
}

function nodeState(node: Node, run: ClusterRun): ClusterState['nodes'][number] {
  const device = run.nodes.get(node.metadata.name);
  const fabricAddress = device?.fabricAddress;
  return {
    name: node.metadata.name,
    role:
      node.metadata.labels?.['node-role.kubernetes.io/control-plane'] === undefined
        ? 'worker'
        : 'control-plane',
    ready: conditionOf(node.status.conditions, 'Ready')?.status === 'True',
    schedulable: node.spec.unschedulable !== true,
    address: device?.dockerAddress ?? '0.0.0.0',
    ...(fabricAddress === undefined ? {} : { fabricAddress }),
  };
}

function podState(pod: Pod, run: ClusterRun): PodState {
  const { spec, status, metadata } = pod;
  const fabricAddress = run.cluster.runOf(pod)?.networks[0]?.address;
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

function serviceState(service: Service, run: ClusterRun): ServiceState {
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
    endpoints: run.cluster.endpointSlices(service).flatMap(slice =>
      slice.endpoints.map(endpoint => ({
        address: endpoint.addresses[0] ?? '',
        node: endpoint.nodeName ?? '',
        pod: endpoint.targetRef?.name ?? '',
        ready: endpoint.conditions.ready,
      })),
    ),
  };
}
