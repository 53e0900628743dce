import { clusterNodesOf, containerOf, switchesOf } from '../../../../lab/lab.ts';
import { addressPlus } from '../../../../net/address.ts';
import { addressOf, containsAddress, type Ipv4Prefix, lengthOf, networkOf } from '../../../../net/prefix.ts';
import type { HostInterface } from '../../cluster/host-network.ts';
import { NodeDevice } from '../../cluster/node-device.ts';
import type { HostRoute } from '../../cluster/route-list.ts';
import type { Terminal } from '../command.ts';

/** A Linux network namespace that a command runs in: a node's own or a pod's. */
export type HostView = {
  readonly name: string;
  readonly node: NodeDevice;
  /** Routing context: "" is the node's own. */
  readonly instance: string;
  readonly interfaces: readonly HostInterface[];
  readonly routes: readonly HostRoute[];
};

/** Where the command runs, or what to do instead: on a switch, or where nothing runs yet. */
export function hostView(terminal: Terminal, program: string): HostView | string {
  const { host, context } = terminal;
  const place = host === undefined ? undefined : context.clusters.hostNamed(host);
  if (place === undefined || !(place.device instanceof NodeDevice)) {
    const node = switchesOf(context.lab.lab).find(({ name }) => name === host);
    const [worker] = clusterNodesOf(context.lab.lab);
    return node === undefined
      ? `${program}: the embedded lab answers this on Kubernetes nodes and in pods: docker exec ${worker === undefined ? '<node>' : containerOf(worker)} ${program} …`
      : `${program}: SR Linux keeps ports and routes in network namespaces of its own; ask it: docker exec ${node.containerName} sr_cli "show interface brief", or "show network-instance default route-table all"`;
  }
  const { device: node, instance } = place;
  const socket = instance === '' ? undefined : node.pod(instance);
  if (socket === undefined || socket.hostNetwork)
    return { name: node.name, node, instance: '', interfaces: node.interfaces(), routes: node.hostRoutes() };
  return { name: socket.name, node, instance, ...insidePod(node, socket) };
}

function insidePod(node: NodeDevice, socket: NonNullable<ReturnType<NodeDevice['pod']>>) {
  const below = new Map(node.interfaces().map(one => [one.name, one]));
  const [loopback] = node.interfaces();
  const interfaces: HostInterface[] = [
    ...(loopback === undefined ? [] : [loopback]),
    {
      name: 'eth0',
      mac: macFrom(socket.address),
      mtu: 1500,
      up: true,
      address: `${socket.address}/${lengthOf(node.podCidr)}`,
    },
    ...socket.networks.map(one => ({
      name: one.interface,
      mac: below.get(one.master)?.mac ?? macFrom(one.address),
      mtu: 9500,
      up: below.get(one.master)?.up === true,
      address: `${one.address}/${one.length}`,
    })),
  ];
  const routes: HostRoute[] = [
    ...socket.networks.flatMap(one => [
      ...one.routes.map(({ prefix, gateway }) => ({ prefix, via: gateway, device: one.interface })),
      {
        prefix: networkOf(`${one.address}/${one.length}`),
        via: undefined,
        device: one.interface,
        source: one.address,
      },
    ]),
    { prefix: node.podCidr, via: undefined, device: 'eth0', source: socket.address },
    { prefix: '0.0.0.0/0' as Ipv4Prefix, via: addressPlus(addressOf(node.podCidr), 1), device: 'eth0' },
  ];
  return {
    interfaces,
    routes: routes.sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix)),
  };
}

/** A MAC as kindnet's veth pairs have one: made from the address. */
function macFrom(address: string): string {
  return ['0a', '58', ...address.split('.').map(part => Number(part).toString(16).padStart(2, '0'))].join(
    ':',
  );
}

/** The most specific route to an address. */
export function routeTo({ routes }: HostView, address: string): HostRoute | undefined {
  return routes.find(({ prefix }) => containsAddress(prefix, address));
}
