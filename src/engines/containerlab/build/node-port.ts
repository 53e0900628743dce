import type { Attachment } from '../../../lab/lab.ts';
import { addressOf, lengthOf } from '../../../net/prefix.ts';
import type { Docker } from '../../../programs/docker.ts';
import { JOIN_MTU, vlanDevice } from './step-commands.ts';

/** Whether a node's fabric port is up with its address, its routes and its VLAN devices. */
export async function portIsSet(docker: Docker, node: string, attachment: Attachment): Promise<boolean> {
  const [devices, routes] = await Promise.all([
    docker.exec(node, ['ip', '-j', 'address', 'show']),
    docker.exec(node, ['ip', '-j', 'route', 'show']),
  ]);
  return (
    devices.exitCode === 0 &&
    routes.exitCode === 0 &&
    fitsAttachment(attachment, listIn(devices.stdout), listIn(routes.stdout))
  );
}

type Said = Readonly<Record<string, unknown>>;

/** `devices` and `routes` as `ip -j` prints them. */
export function fitsAttachment(
  attachment: Attachment,
  devices: readonly Said[],
  routes: readonly Said[],
): boolean {
  const { port, address, gateway, vlans } = attachment;
  const device = devices.find(({ ifname }) => ifname === port);
  if (device === undefined || device['mtu'] !== JOIN_MTU) return false;
  const flags = Array.isArray(device['flags']) ? device['flags'] : [];
  const addresses = Array.isArray(device['addr_info']) ? (device['addr_info'] as Said[]) : [];
  const wanted = attachment.routes ?? (gateway === undefined ? [] : ['default']);
  return (
    flags.includes('UP') &&
    addresses.some(
      ({ local, prefixlen }) => local === addressOf(address) && prefixlen === lengthOf(address),
    ) &&
    wanted.every(prefix => routes.some(route => route['dst'] === prefix && route['gateway'] === gateway)) &&
    vlans.every(vlan => devices.some(({ ifname }) => ifname === vlanDevice(vlan)))
  );
}

function listIn(text: string): Said[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Said[]) : [];
  } catch {
    return [];
  }
}
