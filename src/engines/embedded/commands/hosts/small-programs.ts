import { isIpv4 } from '../../../../net/address.ts';
import { whoHas } from '../../arp.ts';
import { LabClusters } from '../../cluster/lab-clusters.ts';
import { type Command, INTERRUPTED } from '../command.ts';
import { flag, readOptions, valued } from '../options.ts';
import { plainTable } from '../text-table.ts';
import { humanDuration, identity } from '../tools/containers.ts';
import { hostView } from './host-view.ts';
import { addressNamed } from './names.ts';

/** `arping -I e1-1 <address>`: who has an address, asked over a port of the fabric. */
export const arping: Command = {
  name: 'arping',
  summary: 'who has an address: arping -I e1-1 -c 1 192.168.101.1',
  async run(words, terminal) {
    const reading = readOptions(words, [
      valued('interface', 'I'),
      valued('count', 'c'),
      valued('deadline', 'w'),
      flag('quiet', 'q'),
    ]);
    const view = hostView(terminal, 'arping');
    if (typeof view === 'string' || reading.outcome === 'refused') {
      terminal.err(
        typeof view === 'string' ? view : `arping: ${reading.outcome === 'refused' ? reading.because : ''}`,
      );
      return 2;
    }
    const { options } = reading;
    const [address = ''] = options.words;
    const name = options.value('interface') ?? 'e1-1';
    const port = view.node.ports.get(name);
    const own = view.interfaces.find(one => one.name === name);
    if (!isIpv4(address) || view.instance !== '' || port === undefined || own?.address === undefined) {
      terminal.err(
        `Usage: arping [-c count] -I <port of the fabric> <address>; ports here: ${[...view.node.ports.keys()].join(', ') || 'none'}`,
      );
      return 2;
    }
    const sender = own.address.split('/')[0] ?? '';
    terminal.out(`ARPING ${address} from ${sender} ${name}`);
    const count = Number(options.value('count') ?? 3);
    let answers = 0;
    for (let at = 0; at < count; at++) {
      if (at > 0 && !(await terminal.wait(1000))) return INTERRUPTED;
      const mac = whoHas(terminal.context.world, port, {
        address,
        senderMac: own.mac,
        senderAddress: sender,
      });
      if (mac === undefined) continue;
      answers++;
      terminal.out(`Unicast reply from ${address} [${mac.toUpperCase()}]`);
    }
    terminal.out(`Sent ${count} probes (${count} broadcast(s))`);
    terminal.out(`Received ${answers} response(s)`);
    return answers > 0 ? 0 : 1;
  },
};

/** `nslookup <name>`: the cluster's name service, of which services, nodes and pods are known. */
export const nslookup: Command = {
  name: 'nslookup',
  summary: 'the address of a service: nslookup hello-lb',
  run(words, terminal) {
    const [name = '', ...more] = words;
    if (name === '' || name.startsWith('-') || more.length > 0) {
      terminal.err('Usage: nslookup <name>');
      return 1;
    }
    terminal.out('Server:\t\t10.96.0.10');
    terminal.out('Address:\t10.96.0.10:53');
    terminal.out('');
    const address = isIpv4(name) ? undefined : addressNamed(terminal, name);
    if (address === undefined) {
      terminal.err(`** server can't find ${name}: NXDOMAIN`);
      return 1;
    }
    terminal.out(`Name:\t${name}`);
    terminal.out(`Address: ${address}`);
    return 0;
  },
};

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
          of: ({ pod }) =>
            `${humanDuration(world.now() - (pod.metadata.creationTimestamp ?? world.now()))} ago`,
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

const refusals: Readonly<Record<string, string>> = {
  iptables:
    "kube-proxy's rules are not kept as rules here; what they do: kubectl get endpointslices, and the path of a flow in the ecmp pane",
  'iptables-save':
    "kube-proxy's rules are not kept as rules here; what they do: kubectl get endpointslices, and the path of a flow in the ecmp pane",
  nft: "kube-proxy's rules are not kept as rules here; what they do: kubectl get endpointslices",
  conntrack:
    'connections are translated as kube-proxy does it and not listed; the path of a flow is in the ecmp pane',
  tc: 'containerlab tools netem set -n <node> -i <port> --delay … --loss … does it from your machine',
  ethtool: 'ports have no hardware here; ip -s link counts packets',
  ps: 'processes are not modelled; kubectl get pods -A -o wide lists what runs where',
  top: 'processor time and memory are not modelled',
  cat: 'hosts have no files here; cat on your own machine shows the files of the lab',
  ls: 'hosts have no files here; ls on your own machine shows the files of the lab',
  systemctl:
    'services of the host are not modelled; docker stop and start a node, kubectl delete pod restarts a pod',
  journalctl: 'hosts write no journal here; the timeline tells what happened',
};

/** What people try on a host and the model does not know: one line each. */
export const refused: readonly Command[] = Object.entries(refusals).map(([name, because]) => ({
  name,
  summary: '',
  hidden: true,
  run(_: readonly string[], terminal: Parameters<Command['run']>[1]) {
    terminal.err(`${name}: ${because}`);
    return 1;
  },
}));
