import { absentCluster, type ClusterState, clusterState } from '../../../lab/cluster-state.ts';
import type { LabCluster } from '../../../lab/lab.ts';
import type { ClusterRun } from './cluster-run.ts';

/** A cluster of this lab as panes and probes see it. */
export function stateOf({ name }: LabCluster, run: ClusterRun | undefined): ClusterState {
  if (run === undefined) return absentCluster(name);
  const { cluster, nodes, everReady } = run;
  const { store, metallb } = cluster;
  return clusterState({
    name,
    everReady,
    nodes: store.list('Node'),
    pods: store.list('Pod'),
    services: store.list('Service'),
    endpointSlices: service => cluster.endpointSlices(service),
    dockerAddress: node => nodes.get(node)?.dockerAddress,
    fabricAddress: node => nodes.get(node)?.fabricAddress,
    secondAddress: pod => cluster.runOf(pod)?.networks[0]?.address,
    announcements: metallb.announcements(),
    speakerRuns: node => run.speakerRuns(node),
  });
}
