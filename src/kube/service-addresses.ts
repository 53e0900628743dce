import { addressPlus, type Ipv4 } from '../net/address.ts';
import { addressOf, type Ipv4Prefix, lengthOf } from '../net/prefix.ts';
import type { ObjectStore } from './store.ts';

export type ServiceAddresses = { readonly serviceSubnet: Ipv4Prefix };

type Chance = { readonly random: () => number; readonly addresses: ServiceAddresses };

/** A free cluster address from the upper band of the service subnet: the lower one is kept for addresses asked for. */
export function freeClusterIp(store: ObjectStore, { random, addresses }: Chance): Ipv4 {
  const size = 2 ** (32 - lengthOf(addresses.serviceSubnet));
  const reserved = Math.min(256, Math.max(16, Math.floor(size / 16)));
  const base = addressOf(addresses.serviceSubnet);
  const used = new Set(store.list('Service').map(service => service.spec.clusterIP));
  for (;;) {
    const address = addressPlus(base, reserved + Math.floor(random() * (size - reserved - 1)));
    if (!used.has(address)) return address;
  }
}

/** A free node port of 30000–32767; the lowest 86 are kept for ports asked for. */
export function freeNodePort(store: ObjectStore, { random }: Chance, taken: number[]): number {
  const used = new Set(
    store
      .list('Service')
      .flatMap(service => [
        ...service.spec.ports.map(port => port.nodePort),
        service.spec.healthCheckNodePort,
      ]),
  );
  for (;;) {
    const port = 30_086 + Math.floor(random() * (32_768 - 30_086));
    if (used.has(port) || taken.includes(port)) continue;
    taken.push(port);
    return port;
  }
}
