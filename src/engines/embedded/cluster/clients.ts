import type { Pod } from '../../../kube/objects.ts';
import { type Ipv4, isIpv4, toNumber } from '../../../net/address.ts';
import type { World } from '../world.ts';
import type { ClusterRun } from './cluster-run.ts';
import { podInstance } from './cluster-run.ts';
import type { NodeDevice } from './node-device.ts';

/** A pod with a leg on the fabric whose program asks an address for something: where traffic comes from. */
export type Client = {
  /** The pod's name. */
  readonly name: string;
  readonly uid: string;
  readonly address: Ipv4;
  readonly device: NodeDevice;
  readonly instance: string;
  /** The address and port in its command, arguments or environment. */
  readonly destination: { readonly address: Ipv4; readonly port: number };
};

/** The clients whose processes run now, by address. */
export function clientsOf(world: World, runs: Iterable<ClusterRun>): Client[] {
  const clients: Client[] = [];
  for (const run of runs) {
    for (const pod of run.cluster.store.list('Pod')) {
      const networks = run.cluster.runOf(pod)?.networks ?? [];
      const device = run.nodes.get(pod.spec.nodeName ?? '');
      const [network] = networks;
      if (network === undefined || device === undefined) continue;
      const destination = destinationOf(pod);
      if (destination === undefined || !run.cluster.podAlive(pod, world.now())) continue;
      clients.push({
        name: pod.metadata.name,
        uid: pod.metadata.uid ?? '',
        address: network.address,
        device,
        instance: podInstance(pod),
        destination,
      });
    }
  }
  return clients.sort((a, b) => toNumber(a.address) - toNumber(b.address));
}

/** The first http:// address that the pod is told of and that is no name. */
function destinationOf(pod: Pod): Client['destination'] | undefined {
  for (const container of pod.spec.containers) {
    const texts = [
      ...(container.command ?? []),
      ...(container.args ?? []),
      ...(container.env ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])),
    ];
    for (const text of texts) {
      for (const [, host = '', port] of text.matchAll(/http:\/\/([\d.]+)(?::(\d+))?/g)) {
        if (isIpv4(host)) return { address: host, port: port === undefined ? 80 : Number(port) };
      }
    }
  }
  return undefined;
}
