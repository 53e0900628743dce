import { defined } from '../kube/admission.ts';
import { apiVersionOf, kinds } from '../kube/kinds.ts';
import { apiPortOf } from './api-port.ts';
import { plainTable } from './plain-table.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';
import { virtualKinds } from './virtual-kinds.ts';

/** `kubectl api-resources`. */
export function apiResources(session: Session): number {
  const { store } = session.run.cluster;
  const stored = kinds
    .filter(info => !info.custom || defined(info, store))
    .map(info => ({ ...info, version: apiVersionOf(info), short: info.shortNames.join(',') }));
  const told = virtualKinds(session).map(type => ({
    ...type,
    version: type.group === '' ? 'v1' : `${type.group}/v1beta1`,
    short: type.kind === 'Endpoints' ? 'ep' : '',
  }));
  type Row = (typeof told)[number];
  const lines = plainTable<Row>(
    [
      { title: 'NAME', of: row => row.plural },
      { title: 'SHORTNAMES', of: row => row.short },
      { title: 'APIVERSION', of: row => row.version },
      { title: 'NAMESPACED', of: row => String(row.namespaced) },
      { title: 'KIND', of: row => row.kind },
    ],
    [...stored, ...told],
  );
  for (const line of lines) session.out(line);
  return 0;
}

export function version(session: Session): number {
  session.out('Client Version: as modelled by this lab');
  session.out(`Server Version: ${session.run.cluster.version}`);
  return 0;
}

export function clusterInfo(session: Session): number {
  const port = apiPortOf(session.lab, session.run.definition.name);
  session.out(`Kubernetes control plane is running at https://127.0.0.1:${port}`);
  session.out(
    `CoreDNS is running at https://127.0.0.1:${port}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy`,
  );
  return 0;
}

/** `kubectl config get-contexts|current-context|use-context`: each cluster of the lab has its own kubeconfig. */
export function config(around: Surroundings, words: readonly string[], current: string | undefined): number {
  const clusters = around.lab.clusters.filter(({ name }) => around.clusters.has(name));
  const [verb = ''] = words;
  if (verb === 'current-context') {
    if (clusters.length === 0) {
      around.err('error: current-context is not set');
      return 1;
    }
    around.out(`kind-${current ?? clusters[0]?.name ?? ''}`);
    return 0;
  }
  if (verb === 'get-contexts') {
    const lines = plainTable(
      [
        { title: 'CURRENT', of: ({ name }: (typeof clusters)[number]) => (name === current ? '*' : '') },
        { title: 'NAME', of: ({ name }) => `kind-${name}` },
        { title: 'CLUSTER', of: ({ name }) => `kind-${name}` },
        { title: 'AUTHINFO', of: ({ name }) => `kind-${name}` },
        { title: 'NAMESPACE', of: () => '' },
      ],
      clusters,
    );
    for (const line of lines) around.out(line);
    return 0;
  }
  around.err(
    `error: this lab keeps no kubeconfig to change; choose the cluster with --context ${clusters.map(({ name }) => `kind-${name}`).join(' or --context ')}`,
  );
  return 1;
}
