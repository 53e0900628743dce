import { containsPrefix, type Ipv4Prefix, isPrefix } from '../../../net/prefix.ts';
import type { DockerNetwork } from '../../../programs/docker.ts';

/** Why a Docker network that is there cannot be the lab's; empty when it fits. */
export function misfits(network: DockerNetwork, prefix: Ipv4Prefix): string[] {
  const subnets = network.subnets.filter(isPrefix);
  return [
    ...(network.driver === 'bridge'
      ? []
      : [`its driver is ${network.driver}, and the lab needs a bridge of this machine`]),
    ...(subnets.includes(prefix)
      ? []
      : [`its subnet is ${subnets.join(', ') || 'none of IPv4'}, and the lab’s addresses are in ${prefix}`]),
  ];
}

/** Networks of other names whose addresses are the lab's too: Docker refuses such a pair. */
export function overlapping(
  networks: readonly DockerNetwork[],
  name: string,
  prefix: Ipv4Prefix,
): DockerNetwork[] {
  return networks.filter(
    network =>
      network.name !== name &&
      network.subnets
        .filter(isPrefix)
        .some(subnet => containsPrefix(subnet, prefix) || containsPrefix(prefix, subnet)),
  );
}
