import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import { whoHas } from '../arp.ts';
import type { Device, WalkContext } from '../device.ts';
import type { ArpQuestion } from '../packet.ts';
import type { Port } from '../wire.ts';
import type { World } from '../world.ts';

/** Linux asks again for a neighbour it has not heard of for this long. */
const REACHABLE = 30_000;

type Entry = { readonly mac: Mac; readonly at: number };

/** As `ip neigh` shows it. */
export type NeighborEntry = {
  readonly address: Ipv4;
  readonly device: string;
  readonly mac: Mac;
  readonly state: 'REACHABLE' | 'STALE';
};

/** What a host has learnt by ARP, per device. */
export class NeighborCache {
  private readonly world: World;
  private readonly host: Device;
  private readonly byDevice = new Map<string, Map<Ipv4, Entry>>();

  constructor(world: World, host: Device) {
    this.world = world;
    this.host = host;
  }

  /** The neighbour's MAC: from the cache, else by asking over the port. `observe` learns nothing. */
  resolve(
    port: Port,
    device: string,
    question: ArpQuestion,
    { observe, hangsOn }: WalkContext,
  ): Mac | undefined {
    const now = this.world.now();
    const entries = this.entriesOf(device);
    const cached = entries.get(question.address);
    if (cached !== undefined && now - cached.at < REACHABLE) return cached.mac;
    const mac = whoHas(this.world, port, question, { observe, hangsOn });
    if (observe) return mac ?? cached?.mac;
    if (mac !== undefined) {
      if (mac !== cached?.mac) this.world.forwardingChanged(this.host);
      entries.set(question.address, { mac, at: now });
      return mac;
    }
    // The old answer serves until probing has failed: the packet goes out and may be lost on its way.
    if (cached !== undefined && now - cached.at < REACHABLE * 2) return cached.mac;
    if (entries.delete(question.address)) this.world.forwardingChanged(this.host);
    return undefined;
  }

  forget(device: string): void {
    this.byDevice.delete(device);
  }

  forgetAll(): void {
    this.byDevice.clear();
  }

  all(): NeighborEntry[] {
    const now = this.world.now();
    return [...this.byDevice].flatMap(([device, entries]) =>
      [...entries].map(([address, { mac, at }]) => ({
        address,
        device,
        mac,
        state: now - at < REACHABLE ? ('REACHABLE' as const) : ('STALE' as const),
      })),
    );
  }

  private entriesOf(device: string): Map<Ipv4, Entry> {
    let entries = this.byDevice.get(device);
    if (entries === undefined) {
      entries = new Map();
      this.byDevice.set(device, entries);
    }
    return entries;
  }
}
