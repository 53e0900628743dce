import type { Device } from './device.ts';
import type { Impairment } from './impairment.ts';

/** A device's place for a cable: a switch's "ethernet-1/1" or a node's "e1-1". */
export class Port {
  readonly device: Device;
  readonly name: string;
  wire: Wire | undefined;
  /** Administratively enabled. A disabled port takes the light off the wire: the other end loses carrier too. */
  enabled = true;
  inPackets = 0;
  outPackets = 0;
  /** Grows whenever its carrier, its wire or what is known behind it decides otherwise what happens to packets here. */
  forwardingGeneration = 0;

  constructor(device: Device, name: string) {
    this.device = device;
    this.name = name;
  }

  /** The port at the other end of the cable. */
  get peer(): Port | undefined {
    return this.wire === undefined ? undefined : this.wire.a === this ? this.wire.b : this.wire.a;
  }

  /** Light on the wire: cable whole, both ends powered and enabled. */
  get carrier(): boolean {
    const wire = this.wire;
    return wire?.carrier === true;
  }
}

/**
 * A cable between two ports. Faults are kept by id, so that overlapping ones heal independently.
 */
export class Wire {
  readonly id: string;
  readonly a: Port;
  readonly b: Port;
  /** One way, milliseconds. */
  delay: number;
  readonly cutBy = new Set<string>();
  /** Faults that make what end a (or b) sends vanish. */
  readonly lostFromA = new Set<string>();
  readonly lostFromB = new Set<string>();
  /** What happens on the way to the packets that end a (or b) sends. */
  impairedFromA: Impairment | undefined;
  impairedFromB: Impairment | undefined;
  /** The event after which its carrier or its losses changed last. */
  changedBy: number | undefined;
  /** Carrier as last reported to the ends; a change takes an event of its own. */
  reportedUp = false;
  /** Packets sent per second of lab time by either end: [second, count], newest two kept. */
  readonly sentByA = new RateMeter();
  readonly sentByB = new RateMeter();

  constructor(id: string, a: Port, b: Port, delay: number) {
    this.id = id;
    this.a = a;
    this.b = b;
    this.delay = delay;
    a.wire = this;
    b.wire = this;
  }

  get carrier(): boolean {
    return (
      this.cutBy.size === 0 &&
      this.a.enabled &&
      this.b.enabled &&
      this.a.device.running &&
      this.b.device.running
    );
  }

  /** Whether what this end sends now vanishes on the way although there is carrier. */
  losesFrom(port: Port): boolean {
    return (
      (port === this.a ? this.lostFromA : this.lostFromB).size > 0 ||
      this.impairmentFrom(port)?.losesAll === true
    );
  }

  impairmentFrom(port: Port): Impairment | undefined {
    return port === this.a ? this.impairedFromA : this.impairedFromB;
  }

  get silent(): boolean {
    return this.losesFrom(this.a) || this.losesFrom(this.b);
  }
}

/** Packets per second over the last whole second, without a timer. */
export class RateMeter {
  private second = -1;
  private count = 0;
  private previous = 0;

  add(now: number, packets: number): void {
    this.roll(now);
    this.count += packets;
  }

  /** Average over the second before `now`: the running second plus what the last one lends. */
  rate(now: number): number {
    this.roll(now);
    const elapsed = (now % 1000) / 1000;
    return Math.round(this.count + this.previous * (1 - elapsed));
  }

  private roll(now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.second) return;
    this.previous = second === this.second + 1 ? this.count : 0;
    this.count = 0;
    this.second = second;
  }
}
