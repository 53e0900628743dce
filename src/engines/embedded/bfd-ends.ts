import type { Ipv4 } from '../../net/address.ts';
import type { Device } from './device.ts';
import type { Chance } from './impairment.ts';
import type { Task } from './queue.ts';
import type { Random } from './random.ts';

export type BfdEndOptions = {
  readonly device: Device;
  readonly instance: string;
  readonly localAddress: Ipv4;
  readonly peer: Ipv4;
  readonly multihop: boolean;
  /** Milliseconds. */
  readonly desiredMinimumTransmit: number;
  readonly requiredMinimumReceive: number;
  readonly detectionMultiplier: number;
  /** The client protocol: called a moment after the state changed. */
  readonly onChange: (state: 'up' | 'down') => void;
};

/** One end of a BFD session. */
export class BfdEnd {
  readonly options: BfdEndOptions;
  state: 'up' | 'down' | 'init' = 'down';
  since: number;
  /** When a packet of the other end last arrived cannot be later than detection needs: the task that finds out. */
  detection: Task | undefined;
  handshake: Task | undefined;
  /** On a way that loses by chance: what will come of it, and the way it was foreseen for. */
  foreseen: { readonly task: Task; readonly chance: Chance } | undefined;
  readonly random: Random;

  constructor(options: BfdEndOptions, now: number, random: Random) {
    this.options = options;
    this.since = now;
    this.random = random;
  }
}

/** The ends of a lab's BFD sessions, filed under all that somebody finds them by. */
export class BfdEnds {
  private readonly byKey = new Map<string, BfdEnd>();
  /** By local and peer address: where the other end of a session is found. */
  private readonly byAddresses = new Map<string, Set<BfdEnd>>();
  private readonly byDevice = new Map<Device, Set<BfdEnd>>();
  private readonly overHops = new Set<BfdEnd>();

  withKey(key: string): BfdEnd | undefined {
    return this.byKey.get(key);
  }

  of(device: Device): BfdEnd[] {
    return [...(this.byDevice.get(device) ?? [])];
  }

  /** Those whose packets are routed on their way. */
  multihop(): BfdEnd[] {
    return [...this.overHops];
  }

  otherEnd(end: BfdEnd): BfdEnd | undefined {
    const { localAddress, peer } = end.options;
    for (const other of this.byAddresses.get(`${peer} ${localAddress}`) ?? []) {
      if (other !== end) return other;
    }
    return undefined;
  }

  add(end: BfdEnd): void {
    const { device, localAddress, peer, multihop } = end.options;
    this.byKey.set(keyOf(end.options), end);
    fileUnder(this.byAddresses, `${localAddress} ${peer}`, end);
    fileUnder(this.byDevice, device, end);
    if (multihop) this.overHops.add(end);
  }

  remove(end: BfdEnd): void {
    const { device, localAddress, peer } = end.options;
    this.byKey.delete(keyOf(end.options));
    this.byAddresses.get(`${localAddress} ${peer}`)?.delete(end);
    this.byDevice.get(device)?.delete(end);
    this.overHops.delete(end);
  }
}

/** No two ends of a lab have the same. */
export function keyOf({ device, instance, localAddress, peer }: BfdEndOptions): string {
  return `${device.name} ${instance} ${localAddress} ${peer}`;
}

function fileUnder<K>(index: Map<K, Set<BfdEnd>>, key: K, end: BfdEnd): void {
  const set = index.get(key);
  if (set === undefined) index.set(key, new Set([end]));
  else set.add(end);
}
