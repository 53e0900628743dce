import { fromNumber, type Ipv4, isIpv4, toNumber } from '../../net/address.ts';
import { addressOf, type Ipv4Prefix, isPrefix, lengthOf, networkOf } from '../../net/prefix.ts';
import type { Pod } from '../objects.ts';
import type { ObjectStore } from '../store.ts';
import type { Machine } from './machine.ts';

/** A further interface of a pod, made by Multus and the ipvlan plugin: "net1". */
export type PodNetwork = {
  /** Name of the NetworkAttachmentDefinition. */
  readonly network: string;
  readonly interface: string;
  /** Device of the node it shares: "VLAN-1001". */
  readonly master: string;
  readonly address: Ipv4;
  readonly length: number;
  readonly routes: readonly { readonly prefix: Ipv4Prefix; readonly gateway: Ipv4 | undefined }[];
};

const ANNOTATION = 'k8s.v1.cni.cncf.io/networks';

/** The networks that a pod's annotation asks for, by name ("vlan-1001", "namespace/name" or the JSON form). */
export function wantedNetworks(pod: Pod): { readonly namespace: string; readonly name: string }[] {
  const text = pod.metadata.annotations?.[ANNOTATION]?.trim();
  if (text === undefined || text === '') return [];
  const home = pod.metadata.namespace ?? 'default';
  if (text.startsWith('[')) {
    const parsed = parseJson(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.map(each => {
      const fields = record(each);
      return { namespace: word(fields['namespace']) ?? home, name: word(fields['name']) ?? '' };
    });
  }
  return text.split(',').map(part => {
    const [path = ''] = part.trim().split('@');
    const slash = path.indexOf('/');
    return slash < 0
      ? { namespace: home, name: path }
      : { namespace: path.slice(0, slash), name: path.slice(slash + 1) };
  });
}

/**
 * Makes the further interfaces of a pod, or says why its sandbox cannot be created. Without Multus on the node the
 * annotation means nothing to anybody.
 */
export function attachNetworks(
  store: ObjectStore,
  machine: Machine,
  node: string,
  pod: Pod,
): readonly PodNetwork[] | { readonly problem: string } {
  const wanted = wantedNetworks(pod);
  if (wanted.length === 0 || !runsOn(store, machine, node, isMultus)) return [];
  const made: PodNetwork[] = [];
  for (const [index, { namespace, name }] of wanted.entries()) {
    const definition = store.get('NetworkAttachmentDefinition', name, namespace);
    if (definition === undefined)
      return { problem: `cannot find a network-attachment-definition (${name}) in namespace (${namespace})` };
    const plugin = pluginOf(parseJson(definition.spec.config));
    if (plugin === undefined)
      return { problem: `network-attachment-definition ${name}: its config is no CNI configuration` };
    if (plugin.type !== 'ipvlan')
      return {
        problem: `network-attachment-definition ${name}: the plugin "${plugin.type}" is not modelled`,
      };
    if (!runsOn(store, machine, node, installsPlugins))
      return { problem: `failed to find plugin "ipvlan" in path [/opt/cni/bin]` };
    if (!machine.devices.has(plugin.master))
      return { problem: `failed to lookup master "${plugin.master}": Link not found` };
    const lease = leaseOf(machine, plugin);
    if (lease === undefined)
      return { problem: `failed to allocate for range 0: no IP addresses available in range set` };
    made.push({
      network: name,
      interface: `net${index + 1}`,
      master: plugin.master,
      address: lease,
      length: plugin.length,
      routes: plugin.routes,
    });
  }
  return made;
}

type Plugin = {
  readonly type: string;
  readonly master: string;
  readonly first: number;
  readonly last: number;
  readonly length: number;
  readonly routes: PodNetwork['routes'];
};

/** The first plugin of a CNI configuration or configuration list, with a host-local address range. */
function pluginOf(config: unknown): Plugin | undefined {
  const root = record(config);
  const plugin = Array.isArray(root['plugins']) ? record(root['plugins'][0]) : root;
  const type = word(plugin['type']);
  if (type === undefined) return undefined;
  const ipam = record(plugin['ipam']);
  const ranges = Array.isArray(ipam['ranges']) ? ipam['ranges'] : [];
  const range = Array.isArray(ranges[0]) ? record(ranges[0][0]) : ipam;
  const subnet = word(range['subnet']);
  if (subnet === undefined || !isPrefix(subnet)) return undefined;
  const base = toNumber(addressOf(subnet));
  const size = 2 ** (32 - lengthOf(subnet));
  const gateway = word(range['gateway']) ?? word(ipam['gateway']);
  const routes = (Array.isArray(ipam['routes']) ? ipam['routes'] : []).map(record).flatMap(route => {
    const destination = word(route['dst']);
    if (destination === undefined) return [];
    return [{ prefix: networkOf(destination), gateway: word(route['gw']) ?? gateway }];
  });
  return {
    type,
    master: word(plugin['master']) ?? '',
    first: bound(range['rangeStart'], base + 1),
    last: bound(range['rangeEnd'], base + size - 2),
    length: lengthOf(subnet),
    routes,
  };
}

function bound(value: unknown, otherwise: number): number {
  const text = word(value);
  return text !== undefined && isIpv4(text) ? toNumber(text) : otherwise;
}

/** host-local goes round: the next address after the last one given out. */
function leaseOf(machine: Machine, plugin: Plugin): Ipv4 | undefined {
  const used = new Set(
    [...machine.pods.values()].flatMap(run => run.networks.map(network => network.address)),
  );
  const count = plugin.last - plugin.first + 1;
  const key = `${plugin.first}-${plugin.last}`;
  const start = machine.leases.get(key) ?? plugin.first - 1;
  for (let step = 1; step <= count; step++) {
    const number = plugin.first + ((start - plugin.first + step) % count);
    const address = fromNumber(number);
    if (used.has(address)) continue;
    machine.leases.set(key, number);
    return address;
  }
  return undefined;
}

function runsOn(store: ObjectStore, machine: Machine, node: string, is: (pod: Pod) => boolean): boolean {
  return store
    .list('Pod')
    .some(
      pod =>
        pod.spec.nodeName === node &&
        is(pod) &&
        machine.pods.has(pod.metadata.uid ?? '') &&
        pod.status.phase === 'Running',
    );
}

function isMultus(pod: Pod): boolean {
  return pod.spec.containers.some(container => container.image.includes('multus'));
}

/** A pod that puts files into the node's /opt/cni/bin and is not Multus itself: what it installs is taken to include ipvlan. */
function installsPlugins(pod: Pod): boolean {
  const volumes = Array.isArray(pod.spec['volumes']) ? pod.spec['volumes'].map(record) : [];
  return (
    !isMultus(pod) && volumes.some(volume => word(record(volume['hostPath'])['path']) === '/opt/cni/bin')
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
