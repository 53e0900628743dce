import type { ClusterState, PodState, ServiceState } from '../../lab/cluster-state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { amountText, durationText } from '../wording/amount.ts';
import { nodeShortText } from '../wording/names.ts';
import { notAnnouncedText } from '../wording/not-announced.ts';
import { type ShownRow, showTable, type Table } from './table.ts';

/** One cluster as rows: nodes with what they announce, services with their endpoints, pods. */
export function clusterRows(
  cluster: ClusterState,
  options: { readonly at: number; readonly width: number; readonly filter: string },
): ShownRow[] {
  const { at, width, filter } = options;
  const section = (title: string, count: number, rows: readonly ShownRow[]): ShownRow[] =>
    rows.length === 0
      ? []
      : [
          { key: '', line: line(span(title, 'strong'), span(` ${count}`, 'dim')) },
          ...rows,
          { key: '', line: blank },
        ];
  const shown = <R extends { readonly namespace: string }>(all: readonly R[]): R[] =>
    filter === '' ? all.filter(each => !isOfTheSystem(each.namespace)) : [...all];
  const pods = [...shown(cluster.pods)].sort((a, b) => rank(a.namespace) - rank(b.namespace));
  const services = shown(cluster.services).filter(service => service.name !== 'kubernetes' || filter !== '');
  const left = cluster.pods.length - pods.length;
  const rows = [
    ...section(
      'Nodes',
      cluster.nodes.length,
      showTable(nodesTable(cluster), cluster.nodes, { width, filter }).rows,
    ),
    ...section(
      'Services',
      services.length,
      services.flatMap(service => serviceRows(cluster, service, { width, filter })),
    ),
    ...section('Pods', pods.length, showTable(podsTable(cluster, at), pods, { width, filter }).rows),
  ];
  if (left > 0 && rows.length > 0)
    rows.push({
      key: '',
      line: line(span(`${amountText(left, 'pod')} of Kubernetes itself: /kube-system shows them`, 'dim')),
    });
  return rows;
}

/** Kubernetes' own house-keeping, which no lesson is about. */
function isOfTheSystem(namespace: string): boolean {
  return ['kube-system', 'local-path-storage', 'kube-node-lease', 'kube-public'].includes(namespace);
}

/** The learner's own pods first. */
function rank(namespace: string): number {
  return namespace === 'default' ? 0 : isOfTheSystem(namespace) ? 2 : 1;
}

function nodesTable(cluster: ClusterState): Table<ClusterState['nodes'][number]> {
  return {
    keyOf: node => `node ${node.name}`,
    columns: [
      {
        id: 'name',
        title: '',
        priority: 0,
        cell: node => line(span(node.ready ? '● ' : '✘ ', node.ready ? 'up' : 'down'), node.name),
      },
      {
        id: 'state',
        title: '',
        priority: 1,
        cell: node =>
          line(
            node.ready ? span('Ready', 'dim') : span('NotReady', 'down'),
            span(node.schedulable ? '' : ', no pods', 'dim'),
          ),
      },
      {
        id: 'fabric',
        title: '',
        priority: 2,
        cell: node =>
          line(
            span(
              node.fabricAddress ?? 'not on the fabric',
              node.fabricAddress === undefined ? 'dim' : 'plain',
            ),
          ),
      },
      {
        id: 'pods',
        title: '',
        align: 'right',
        priority: 3,
        cell: node =>
          line(span(amountText(cluster.pods.filter(pod => pod.node === node.name).length, 'pod'), 'dim')),
      },
      { id: 'address', title: '', priority: 4, cell: node => line(span(node.address, 'dim')) },
    ],
  };
}

function serviceRows(
  cluster: ClusterState,
  service: ServiceState,
  options: { readonly width: number; readonly filter: string },
): ShownRow[] {
  const ready = service.endpoints.filter(endpoint => endpoint.ready).length;
  const ports = service.ports.map(({ port }) => `:${port}`).join(',');
  const address: Line =
    service.type === 'LoadBalancer'
      ? service.externalIp === undefined
        ? line(span('… <pending>', 'pending'))
        : line(span(`${service.externalIp}${ports}`, 'chosen'))
      : line(span(`${service.clusterIp}${ports}`, 'dim'));
  const head: ShownRow[] = showTable(
    {
      keyOf: () => `service ${service.namespace}/${service.name}`,
      columns: [
        { id: 'name', title: '', priority: 0, cell: () => line(service.name) },
        { id: 'address', title: '', priority: 0, cell: () => address },
        {
          id: 'endpoints',
          title: '',
          priority: 1,
          cell: () =>
            line(
              span(
                service.endpoints.length === 0
                  ? 'no pods'
                  : `${ready} of ${amountText(service.endpoints.length, 'pod')} ready`,
                ready === 0 ? 'pending' : 'plain',
              ),
            ),
        },
        { id: 'type', title: '', priority: 2, cell: () => line(span(service.type, 'dim')) },
        {
          id: 'policy',
          title: '',
          priority: 3,
          cell: () => line(span(`policy ${service.externalTrafficPolicy}`, 'dim')),
        },
      ],
    },
    [service],
    options,
  ).rows.slice();
  const announcements = showTable(
    {
      keyOf: row => `announcement ${row.service} ${row.node}`,
      columns: [
        {
          id: 'who',
          title: '',
          priority: 0,
          cell: row =>
            line(
              '  ',
              row.announced ? span('▲ ', 'up') : span('▽ ', 'dim'),
              span(row.node, row.announced ? 'plain' : 'dim'),
            ),
        },
        {
          id: 'why',
          title: '',
          priority: 0,
          least: 12,
          cell: row =>
            row.announced
              ? line(span('announces it by BGP', 'plain'))
              : line(
                  span(
                    row.reason === undefined ? 'does not' : `does not: ${notAnnouncedText(row.reason)}`,
                    'dim',
                  ),
                ),
        },
      ],
    },
    cluster.announcements.filter(row => isOf(row.service, service)),
    options,
  ).rows;
  return [...head, ...announcements];
}

/** Announcements name a service with or without its namespace. */
function isOf(name: string, service: ServiceState): boolean {
  return name === service.name || name === `${service.namespace}/${service.name}`;
}

function podsTable(cluster: ClusterState, at: number): Table<PodState> {
  return {
    keyOf: pod => `pod ${pod.namespace}/${pod.name}`,
    columns: [
      {
        id: 'name',
        title: '',
        priority: 0,
        least: 14,
        cell: pod => {
          const settled = pod.phase === 'Running';
          const mark = pod.ready ? span('● ', 'up') : span(settled ? '◐ ' : '… ', 'pending');
          return line(mark, pod.name);
        },
      },
      {
        id: 'phase',
        title: '',
        priority: 1,
        cell: pod =>
          line(
            span(
              pod.ready ? 'ready' : pod.phase === 'Running' ? 'not ready' : pod.phase,
              pod.ready ? 'dim' : 'pending',
            ),
          ),
      },
      {
        id: 'node',
        title: '',
        priority: 2,
        cell: pod => line(pod.node === undefined ? 'no node yet' : nodeShortText(pod.node, [cluster])),
      },
      {
        id: 'address',
        title: '',
        priority: 3,
        cell: pod => line(span(pod.fabricAddress ?? pod.address ?? '', 'dim')),
      },
      {
        id: 'restarts',
        title: '',
        align: 'right',
        priority: 5,
        cell: pod => line(span(pod.restarts === 0 ? '' : amountText(pod.restarts, 'restart'), 'pending')),
      },
      {
        id: 'age',
        title: '',
        align: 'right',
        priority: 4,
        volatile: true,
        cell: pod => line(span(durationText(at - pod.since), 'dim')),
      },
    ],
  };
}
