import { type Ipv4, isIpv4 } from '../../../../net/address.ts';
import { addressOf } from '../../../../net/prefix.ts';
import type { Terminal } from '../command.ts';

/** What a person types for a host: its address, or its name. */
export function addressMeant(terminal: Terminal, word: string): Ipv4 | undefined {
  return isIpv4(word) ? word : addressNamed(terminal, word);
}

/** The address of a lab node or pod by its name, as the Docker network's or the cluster's name service gives it. */
export function addressNamed({ context, host }: Terminal, name: string): Ipv4 | undefined {
  const { lab, clusters } = context;
  const here = host === undefined ? undefined : clusters.hostNamed(host)?.device.name;
  const node = lab.lab.nodes.find(
    one => one.name === name || ('containerName' in one && one.containerName === name),
  );
  if (node?.kind === 'switch' || node?.kind === 'container') return node.managementAddress;
  for (const cluster of clusters.states()) {
    const member = cluster.nodes.find(one => one.name === name);
    if (member !== undefined) return member.address;
    const pod = cluster.pods.find(one => one.name === name);
    if (pod?.address !== undefined) return pod.address;
    // A cluster's name service knows its own services only.
    if (here !== undefined && !cluster.nodes.some(one => one.name === here)) continue;
    const service = cluster.services.find(
      one => one.name === name || name.startsWith(`${one.name}.${one.namespace}`),
    );
    if (service !== undefined) return service.clusterIp;
  }
  return node?.attachments[0] === undefined ? undefined : addressOf(node.attachments[0].address);
}
