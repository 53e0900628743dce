import type { Device } from '../../device.ts';
import type { Terminal } from '../command.ts';

/** Where a program runs: a device and the routing context of its stack there. */
export type Place = { readonly device: Device; readonly instance: string };

/** The place a host's name means: a cluster node, a pod, or a switch's default network-instance. */
export function placeOf({ context }: Terminal, host: string | undefined): Place | undefined {
  if (host === undefined) return undefined;
  const inCluster = context.clusters.hostNamed(host);
  if (inCluster !== undefined) return inCluster;
  const device = context.world.device(host);
  return device === undefined ? undefined : { device, instance: 'default' };
}
