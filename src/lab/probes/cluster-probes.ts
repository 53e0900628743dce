import type { ClusterState, ServiceState } from '../cluster-state.ts';
import type { Probe, ProbeName, Verdict } from '../probe.ts';
import type { Snapshot } from '../snapshot.ts';
import { counted, listed, sameSet, verdict } from './verdict.ts';

type Of<N extends ProbeName> = Probe & { readonly probe: N };

export function serviceAddress(probe: Of<'service.address'>, snapshot: Snapshot): Verdict {
  const service = serviceIn(clusterIn(snapshot, probe.cluster), probe.service, probe.namespace);
  const expected = `service ${probe.service} has ${probe.address === undefined ? 'an address' : `the address ${probe.address}`}`;
  const expectedAbsent = `service ${probe.service} is <pending>`;
  if (service === undefined) {
    return {
      holds: false,
      expected: probe.absent === true ? expectedAbsent : expected,
      observed: 'no such service',
    };
  }
  const holds =
    service.externalIp !== undefined && (probe.address === undefined || service.externalIp === probe.address);
  return verdict(probe, holds, expected, expectedAbsent, service.externalIp ?? '<pending>');
}

export function podsReady(probe: Of<'pod.ready'>, snapshot: Snapshot): Verdict {
  const pods = clusterIn(snapshot, probe.cluster)?.pods.filter(
    pod =>
      pod.name.startsWith(probe.name) &&
      (probe.namespace === undefined || pod.namespace === probe.namespace) &&
      (probe.node === undefined || pod.node === probe.node),
  );
  const ready = pods?.filter(pod => pod.ready).length ?? 0;
  const on = probe.node === undefined ? '' : ` on ${probe.node}`;
  const expected = `${counted(probe.count, 'pod')} of ${probe.name} ready${on}`;
  return verdict(
    probe,
    ready === probe.count,
    expected,
    `not ${expected}`,
    `${ready} of ${pods?.length ?? 0} ready`,
  );
}

export function nodeReady(probe: Of<'node.ready'>, snapshot: Snapshot): Verdict {
  const node = snapshot.clusters.flatMap(cluster => cluster.nodes).find(({ name }) => name === probe.node);
  const observed = node === undefined ? 'no such node' : node.ready ? 'Ready' : 'NotReady';
  return verdict(
    probe,
    node?.ready === true,
    `${probe.node} is Ready`,
    `${probe.node} is NotReady`,
    observed,
  );
}

export function announcedFrom(probe: Of<'announced.from'>, snapshot: Snapshot): Verdict {
  const rows = (clusterIn(snapshot, probe.cluster)?.announcements ?? []).filter(
    row => row.service === probe.service || row.service.endsWith(`/${probe.service}`),
  );
  const nodes = rows.filter(row => row.announced).map(row => row.node);
  const refusals = rows
    .filter(row => !row.announced)
    .map(row => `${row.node}: ${row.reason ?? 'not announced'}`);
  const wanted = listed(probe.nodes, 'no node');
  return verdict(
    probe,
    sameSet(nodes, probe.nodes, (node, name) => node === name),
    `${probe.service} is announced from ${wanted}`,
    `${probe.service} is not announced from ${wanted}`,
    [listed(nodes, 'announced from no node'), ...refusals].join('; '),
  );
}

function clusterIn(snapshot: Snapshot, name: string): ClusterState | undefined {
  return snapshot.clusters.find(cluster => cluster.name === name);
}

function serviceIn(
  cluster: ClusterState | undefined,
  name: string,
  namespace = 'default',
): ServiceState | undefined {
  return cluster?.services.find(service => service.name === name && service.namespace === namespace);
}
