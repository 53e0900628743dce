import { plainTable } from '../../../../kubectl/plain-table.ts';
import { LabClusters } from '../../cluster/lab-clusters.ts';
import type { Command } from '../command.ts';
import { flag, readOptions, valued } from '../options.ts';
import { ago, identity } from '../tools/containers.ts';
import { hostView } from './host-view.ts';

/** `crictl ps` on a Kubernetes node. */
export const crictl: Command = {
  name: 'crictl',
  summary: 'containers of a Kubernetes node: crictl ps',
  run(words, terminal) {
    const view = hostView(terminal, 'crictl');
    const { clusters, world } = terminal.context;
    if (typeof view === 'string' || view.instance !== '' || !(clusters instanceof LabClusters)) {
      terminal.err(typeof view === 'string' ? view : 'crictl: it runs on the node, not in a pod');
      return 1;
    }
    const reading = readOptions(words, [flag('all', 'a'), valued('name')]);
    if (reading.outcome === 'refused' || reading.options.words.join(' ') !== 'ps') {
      terminal.err(
        `crictl: ${reading.outcome === 'refused' ? reading.because : 'only ps is answered here'}; kubectl logs and kubectl exec do the rest`,
      );
      return 1;
    }
    const { options } = reading;
    const rows = [...clusters.runs.values()]
      .filter(run => run.nodes.has(view.node.name))
      .flatMap(run => run.cluster.store.list('Pod').filter(pod => pod.spec.nodeName === view.node.name))
      .flatMap(pod =>
        pod.status.containerStatuses.flatMap(status => {
          const running = 'running' in status.state;
          if ((!running && !options.has('all')) || !status.name.includes(options.value('name') ?? ''))
            return [];
          const spec = pod.spec.containers.find(({ name }) => name === status.name);
          const uid = pod.metadata.uid ?? '';
          return [
            {
              pod,
              status,
              running,
              image: spec?.image ?? '',
              id: identity(`${uid} ${status.name} ${status.restartCount}`),
            },
          ];
        }),
      );
    for (const line of plainTable(
      [
        { title: 'CONTAINER', of: row => row.id.slice(0, 13) },
        { title: 'IMAGE', of: row => row.image },
        {
          title: 'CREATED',
          of: ({ pod }) => ago(world.now() - (pod.metadata.creationTimestamp ?? world.now())),
        },
        { title: 'STATE', of: ({ running }) => (running ? 'Running' : 'Exited') },
        { title: 'NAME', of: ({ status }) => status.name },
        { title: 'ATTEMPT', of: ({ status }) => `${status.restartCount}` },
        { title: 'POD ID', of: ({ pod }) => identity(pod.metadata.uid ?? '').slice(0, 13) },
        { title: 'POD', of: ({ pod }) => pod.metadata.name },
        { title: 'NAMESPACE', of: ({ pod }) => pod.metadata.namespace ?? '' },
      ],
      rows,
    ))
      terminal.out(line);
    return 0;
  },
};
