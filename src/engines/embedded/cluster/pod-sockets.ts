import type { PodNetwork } from '../../../kube/control/pod-networks.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { containsAddress, networkOf } from '../../../net/prefix.ts';
import { derived } from '../../../values/derived.ts';

/** A pod's place on a node. */
export type PodSocket = {
  /** Routing context: "hello-7c9…", with its namespace in front where that is not "default". */
  readonly instance: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly address: Ipv4;
  readonly hostNetwork: boolean;
  readonly networks: readonly PodNetwork[];
};

export type FabricSocket = { readonly socket: PodSocket; readonly network: PodNetwork };

/** The pods of a node, found by name and by address. */
export class PodSockets {
  private readonly byInstance = new Map<string, PodSocket>();
  private readonly byAddress = new Map<Ipv4, PodSocket>();
  private readonly byFabricAddress = new Map<Ipv4, FabricSocket>();

  /** Replaces all. Returns those whose second interface is new. */
  set(sockets: readonly PodSocket[]): FabricSocket[] {
    const before = new Set(this.byFabricAddress.keys());
    this.byInstance.clear();
    this.byAddress.clear();
    this.byFabricAddress.clear();
    for (const socket of sockets) {
      this.byInstance.set(socket.instance, socket);
      if (!socket.hostNetwork) this.byAddress.set(socket.address, socket);
      for (const network of socket.networks) this.byFabricAddress.set(network.address, { socket, network });
    }
    return [...this.byFabricAddress].flatMap(([address, found]) => (before.has(address) ? [] : [found]));
  }

  all(): PodSocket[] {
    return [...this.byInstance.values()];
  }

  named(instance: string): PodSocket | undefined {
    return this.byInstance.get(instance);
  }

  at(address: Ipv4): PodSocket | undefined {
    return this.byAddress.get(address);
  }

  onFabric(address: Ipv4): FabricSocket | undefined {
    return this.byFabricAddress.get(address);
  }

  allOnFabric(): Iterable<FabricSocket> {
    return this.byFabricAddress.values();
  }
}

/** The second interface that the pod's route table takes for a destination; undefined: the first one. */
export function networkTowards(socket: PodSocket, destination: Ipv4): PodNetwork | undefined {
  return socket.networks.find(
    network =>
      onLink(network, destination) ||
      network.routes.some(route => containsAddress(route.prefix, destination)),
  );
}

export function onLink(network: PodNetwork, destination: Ipv4): boolean {
  return containsAddress(subnetOf(network), destination);
}

/** Worked out once: it is asked for every packet that a pod sends. */
const subnetOf = derived(({ address, length }: PodNetwork) => networkOf(`${address}/${length}`));
