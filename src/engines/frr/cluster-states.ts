import { addressOfService } from '../../kube/metallb/allocator.ts';
import type { Node, Pod, Service } from '../../kube/objects.ts';
import { conditionOf, isDeleting, isReady, restartsOf } from '../../kube/pod.ts';
import { clusterNodesOf, type Lab, type LabCluster } from '../../lab/lab.ts';
import type { ClusterState, PodState, ServiceState } from '../../lab/snapshot.ts';
import { addressOf } from '../../net/prefix.ts';
import type { KubeCluster } from './kube-cluster.ts';
import { serviceText } from './service-text.ts';

/** A cluster as panes and probes see it. */
export function clusterState(lab: Lab, definition: LabCluster, run: KubeCluster | undefined): ClusterState {
  if (run === undefined)
    return { name: definition.name, state: 'absent', nodes: [], pods: [], services: [], announcements: [] };
  const { store, metallb } = run.cluster;
  return {
    name: definition.name,
    state: run.everReady ? 'running' : 'starting',
    nodes: store.list('Node').map(node => nodeState(lab, node, run)),
    pods: store.list('Pod').map(pod => podState(pod, run)),
    services: store.list('Service').map(service => serviceState(service, run)),
    announcements: metallb
      .announcements()
      .filter(({ service }) => addressOfService(service) !== undefined)
      .map(({ service, node, decision }) => ({
        service: serviceText(service),
        node,
        announced: decision.announced && run.speakerRuns(node),
        ...(decision.announced ? {} : { reason: decision.reason }),
      })),
  };
}

function nodeState(
  lab: Lab,
  { metadata, status, spec }: Node,
  run: KubeCluster,
): ClusterState['nodes'][number] {
  const attachment = clusterNodesOf(lab, run.definition.name).find(({ name }) => name === metadata.name)
    ?.attachments[0];
  return {
    name: metadata.name,
    role:
      metadata.labels?.['node-role.kubernetes.io/control-plane'] === undefined ? 'worker' : 'control-plane',
    ready: conditionOf(status.conditions, 'Ready')?.status === 'True',
    schedulable: spec.unschedulable !== true,
    address: run.hosts.get(metadata.name)?.dockerAddress ?? '0.0.0.0',
    ...(attachment === undefined ? {} : { fabricAddress: addressOf(attachment.address) }),
  };
}

function podState(pod: Pod, run: KubeCluster): PodState {
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

function serviceState(service: Service, run: KubeCluster): ServiceState {
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
