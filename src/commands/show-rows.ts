import { FIRST_PORT } from '../lab/measurement.ts';
import { type FlowRow, rowsOf, type Snapshot, type TableRef } from '../lab/snapshot.ts';
import type { Seen } from './shown-table.ts';

/** The way of 16 new flows from the first client to the service; nothing while the lab has neither. */
export function flowRefs({ traffic, clusters }: Snapshot): TableRef[] {
  const client = traffic.clients[0];
  const services = clusters.flatMap(cluster => cluster.services);
  const service = services.find(entry => entry.externalIp !== undefined);
  const address = traffic.destination?.address ?? service?.externalIp;
  const port = traffic.destination?.port ?? service?.ports[0]?.port;
  if (client === undefined || address === undefined || port === undefined) return [];
  return [
    { name: 'flows', client: client.name, destination: address, port, firstPort: FIRST_PORT, count: 16 },
  ];
}

export function flowRows({ snapshot, refs }: Seen): FlowRow[] {
  return refs.flatMap(ref => (ref.name === 'flows' ? [...(rowsOf(snapshot, ref) ?? [])] : []));
}

/** A Kubernetes cluster, one row for each thing in it. */
export function clusterRows(cluster: Snapshot['clusters'][number]): string[][] {
  return [
    ...cluster.nodes.map(node => [
      cluster.name,
      'node',
      node.name,
      node.ready ? 'Ready' : 'NotReady',
      '',
      node.fabricAddress ?? node.address,
    ]),
    ...cluster.pods.map(pod => [
      cluster.name,
      'pod',
      `${pod.namespace}/${pod.name}`,
      pod.ready ? `${pod.phase}, ready` : pod.phase,
      pod.node ?? '',
      pod.fabricAddress ?? pod.address ?? '',
    ]),
    ...cluster.services.map(service => [
      cluster.name,
      'service',
      `${service.namespace}/${service.name}`,
      `${service.type} ${service.externalTrafficPolicy}`,
      '',
      service.externalIp ?? (service.type === 'LoadBalancer' ? '<pending>' : service.clusterIp),
    ]),
    ...cluster.announcements.map(entry => [
      cluster.name,
      'announced',
      entry.service,
      entry.announced ? 'yes' : `no: ${entry.reason ?? ''}`,
      entry.node,
      '',
    ]),
  ];
}
