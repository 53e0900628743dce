import { absentCluster, type ClusterState, clusterState } from '../../lab/cluster-state.ts';
import { clusterNodesOf, type Lab, type LabCluster } from '../../lab/lab.ts';
import { addressOf } from '../../net/prefix.ts';
import type { KubeCluster } from './kube-cluster.ts';

/** A cluster of this lab as panes and probes see it. */
export function stateOf(lab: Lab, { name }: LabCluster, run: KubeCluster | undefined): ClusterState {
  if (run === undefined) return absentCluster(name);
  const { cluster, everReady, hosts } = run;
  const { store, metallb } = cluster;
  const joined = new Map(clusterNodesOf(lab, name).map(node => [node.name, node.attachments[0]?.address]));
  return clusterState({
    name,
    everReady,
    nodes: store.list('Node'),
    pods: store.list('Pod'),
    services: store.list('Service'),
    endpointSlices: service => cluster.endpointSlices(service),
    dockerAddress: node => hosts.get(node)?.dockerAddress,
    fabricAddress: node => {
      const address = joined.get(node);
      return address === undefined ? undefined : addressOf(address);
    },
    secondAddress: pod => cluster.runOf(pod)?.networks[0]?.address,
    announcements: metallb.announcements(),
    speakerRuns: node => run.speakerRuns(node),
  });
}
