import type { LabEvent } from '../../lab/event.ts';
import { UDP } from '../../net/flow.ts';
import { foresee, jittered, lostBeforeOneArrives } from './bfd-chance.ts';
import { BfdEnd, type BfdEndOptions, BfdEnds, keyOf } from './bfd-ends.ts';
import type { Device, WalkResult } from './device.ts';
import type { Chance } from './impairment.ts';
import { walk } from './walk.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** A session that is not up sends no faster than once a second (RFC 5880 section 6.8.3). */
const SLOW_INTERVAL = 1000;
/** From the BFD process to the routing protocol. */
const REPORT_DELAY = 10;
const BFD_SINGLE_HOP_PORT = 3784;
const BFD_MULTIHOP_PORT = 4784;

export type BfdDiagnostic = Extract<LabEvent, { readonly type: 'bfd-went-down' }>['diagnostic'];

/**
 * BFD in asynchronous mode (RFC 5880, 5881, 5883), worked out instead of played: no packet is an event. As long as
 * packets can travel nothing happens; when they cannot, the detection time runs from the last packet that could have arrived.
 */
export class Bfd {
  private readonly world: World;
  private readonly ends = new BfdEnds();

  constructor(world: World) {
    this.world = world;
    world.onWireChanged(wire => this.wireChanged(wire));
    world.onForwardingChanged(() => this.lookAtMultihop());
  }

  /** The device runs exactly these ends from now on; those that stay the same are not touched. */
  replaceEnds(device: Device, wanted: readonly BfdEndOptions[]): void {
    const byKey = new Map(wanted.map(options => [keyOf(options), options]));
    for (const end of this.of(device)) {
      const options = byKey.get(keyOf(end.options));
      if (options !== undefined && sameTimers(end.options, options)) byKey.delete(keyOf(end.options));
      else this.remove(end);
    }
    for (const end of this.of(device)) this.look(end);
    for (const options of byKey.values()) this.add(options);
  }

  of(device: Device): BfdEnd[] {
    return this.ends.of(device);
  }

  /** The detection time an end applies, milliseconds (RFC 5880 section 6.8.4). */
  detectionTime(end: BfdEnd): number {
    const other = this.ends.otherEnd(end);
    const multiplier = other?.options.detectionMultiplier ?? end.options.detectionMultiplier;
    return multiplier * this.intervalTowards(end, other);
  }

  transmitInterval(end: BfdEnd): number {
    const other = this.ends.otherEnd(end);
    if (end.state !== 'up' || other === undefined)
      return Math.max(SLOW_INTERVAL, end.options.desiredMinimumTransmit);
    return this.intervalTowards(other, end);
  }

  // what happens

  private add(options: BfdEndOptions): void {
    const key = keyOf(options);
    const known = this.ends.withKey(key);
    if (known !== undefined) this.remove(known);
    const end = new BfdEnd(options, this.world.now(), this.world.random(`bfd ${key}`));
    this.ends.add(end);
    this.look(end);
  }

  /** The session is deconfigured or its client is gone: the other end hears AdminDown or nothing. */
  private remove(end: BfdEnd): void {
    if (this.ends.withKey(keyOf(end.options)) !== end) return;
    const other = this.ends.otherEnd(end);
    this.ends.remove(end);
    this.world.cancel(end.detection);
    this.world.cancel(end.handshake);
    this.world.cancel(end.foreseen?.task);
    if (other === undefined) return;
    this.world.cancel(other.handshake);
    other.handshake = undefined;
    if (other.state === 'up' && end.options.device.running)
      this.goDown(other, 'neighbor-signaled-session-down');
    else if (other.state === 'up') this.expectDetection(other, end);
  }

  private wireChanged(wire: Wire): void {
    for (const end of [...this.of(wire.a.device), ...this.of(wire.b.device)]) {
      if (!end.options.multihop) this.look(end);
    }
  }

  private lookAtMultihop(): void {
    for (const end of this.ends.multihop()) this.look(end);
  }

  /** Compares what the session believes with what can travel. */
  private look(end: BfdEnd): void {
    const other = this.ends.otherEnd(end);
    const there = other === undefined ? undefined : this.wayThere(end, other);
    const back = other === undefined ? undefined : this.wayThere(other, end);
    if (other !== undefined) this.follow(end, other, there, back);
    this.follow(other, end, back, there);
  }

  /** `from` sends, `to` listens. */
  private follow(
    from: BfdEnd | undefined,
    to: BfdEnd,
    way: WalkResult | undefined,
    wayBack: WalkResult | undefined,
  ): void {
    const { world } = this;
    if (!to.options.device.running) return;
    const arrives = arrivesAt(way, to);
    if (to.state !== 'up') {
      if (from === undefined || !arrives || !arrivesAt(wayBack, from) || from.state === 'up') {
        world.cancel(to.handshake);
        to.handshake = undefined;
      } else if (to.handshake === undefined && from.handshake === undefined)
        this.shakeHands(from, to, way, wayBack);
      return;
    }
    if (arrives) {
      world.cancel(to.detection);
      to.detection = undefined;
      if (from !== undefined && from.state === 'down') this.goDown(to, 'neighbor-signaled-session-down');
      else if (from !== undefined) this.leaveToChance(to, from, way);
      return;
    }
    this.forgetForeseen(to);
    if (!to.options.multihop && this.carrierIsGone(to)) this.goDown(to, 'path-down');
    else if (from !== undefined) this.expectDetection(to, from);
  }

  /** On a way that loses by chance the session ends when too many packets in a row are lost. */
  private leaveToChance(to: BfdEnd, from: BfdEnd, way: WalkResult | undefined): void {
    const chance = way?.chance;
    if (sameChance(chance, to.foreseen?.chance)) return;
    this.forgetForeseen(to);
    if (chance !== undefined) this.lookAhead(to, from, chance, 0);
  }

  private lookAhead(to: BfdEnd, from: BfdEnd, chance: Chance, lastArrival: number): void {
    const interval = this.intervalTowards(to, from);
    const detectionTime = from.options.detectionMultiplier * interval;
    const ahead = foresee({ interval, detectionTime, chance, random: to.random }, lastArrival);
    const happens = () => {
      to.foreseen = undefined;
      if (to.state !== 'up') return;
      if (ahead.silentAfter === undefined) this.lookAhead(to, from, chance, ahead.lastArrival - ahead.until);
      else this.goDown(to, 'control-detection-time-expired');
    };
    // Chance has the cause that impaired the way, and does not keep the lab from being quiet.
    const task = this.world.schedule(ahead.silentAfter ?? ahead.until, happens, { background: true });
    to.foreseen = { task, chance };
  }

  private forgetForeseen(end: BfdEnd): void {
    this.world.cancel(end.foreseen?.task);
    end.foreseen = undefined;
  }

  private expectDetection(to: BfdEnd, from: BfdEnd): void {
    if (to.detection !== undefined) return;
    const { world } = this;
    const interval = this.intervalTowards(to, from);
    // The last packet that arrived did so at most one (jittered) interval ago.
    const sinceLast = to.random.next() * jittered(interval, to.random);
    const detection = from.options.detectionMultiplier * interval - sinceLast;
    to.detection = world.schedule(detection, () => {
      to.detection = undefined;
      this.goDown(to, 'control-detection-time-expired');
    });
  }

  /** Down, Init, Up: packets go out once a second until the session is up. */
  private shakeHands(
    a: BfdEnd,
    b: BfdEnd,
    there: WalkResult | undefined,
    back: WalkResult | undefined,
  ): void {
    const { world } = this;
    const first =
      a.random.between(0, SLOW_INTERVAL) + lostBeforeOneArrives(there?.chance, a.random) * SLOW_INTERVAL;
    const second =
      b.random.between(0, SLOW_INTERVAL) + lostBeforeOneArrives(back?.chance, b.random) * SLOW_INTERVAL;
    a.handshake = world.schedule(first, () => {
      a.handshake = undefined;
      b.state = 'init';
      b.since = world.now();
      b.handshake = world.schedule(second, () => {
        b.handshake = undefined;
        this.goUp(a);
        this.goUp(b);
        if (there?.chance !== undefined || back?.chance !== undefined) this.look(a);
      });
    });
  }

  private goUp(end: BfdEnd): void {
    end.state = 'up';
    end.since = this.world.now();
    const { device, instance, peer } = end.options;
    const event = this.world.emit({ type: 'bfd-came-up', node: device.name, instance, peer });
    this.report(end, event, 'up');
  }

  private goDown(end: BfdEnd, diagnostic: BfdDiagnostic): void {
    const { world } = this;
    world.cancel(end.detection);
    end.detection = undefined;
    this.forgetForeseen(end);
    end.state = 'down';
    end.since = world.now();
    const { device, instance, peer } = end.options;
    const event = world.emit({ type: 'bfd-went-down', node: device.name, instance, peer, diagnostic });
    this.report(end, event, 'down');
    const other = this.ends.otherEnd(end);
    if (other === undefined) return;
    // The change of state goes out at once, if it can (RFC 5880 section 6.8.7, last paragraphs).
    const way = this.wayThere(end, other);
    const delay = way.delay + lostBeforeOneArrives(way.chance, end.random) * SLOW_INTERVAL;
    world.causedBy(event, () => world.schedule(delay, () => this.look(end)));
  }

  private report(end: BfdEnd, event: number, state: 'up' | 'down'): void {
    this.world.causedBy(event, () => {
      this.world.schedule(REPORT_DELAY, () => {
        if (end.state === state) end.options.onChange(state);
      });
    });
  }

  // who hears whom

  /** The interval at which `from` sends to `to`: the slower of what one wants and the other takes. */
  private intervalTowards(to: BfdEnd, from: BfdEnd | undefined): number {
    const sending = from?.options.desiredMinimumTransmit ?? to.options.desiredMinimumTransmit;
    return Math.max(sending, to.options.requiredMinimumReceive);
  }

  private wayThere(from: BfdEnd, to: BfdEnd) {
    const { device, instance, localAddress, peer, multihop } = from.options;
    const flow = {
      sourceAddress: localAddress,
      destinationAddress: peer,
      protocol: UDP,
      sourcePort: 49152,
      destinationPort: multihop || to.options.multihop ? BFD_MULTIHOP_PORT : BFD_SINGLE_HOP_PORT,
    };
    return walk(this.world, { flow, ttl: 255 }, { device, instance }, { observe: true });
  }

  private carrierIsGone(end: BfdEnd): boolean {
    const { device, localAddress } = end.options;
    return device.instanceOwning(localAddress) === undefined;
  }
}

function arrivesAt(way: WalkResult | undefined, to: BfdEnd): boolean {
  return way?.outcome === 'delivered' && way.device === to.options.device;
}

function sameChance(a: Chance | undefined, b: Chance | undefined): boolean {
  return a?.arrives === b?.arrives && a?.jitterMs === b?.jitterMs;
}

function sameTimers(a: BfdEndOptions, b: BfdEndOptions): boolean {
  return (
    a.desiredMinimumTransmit === b.desiredMinimumTransmit &&
    a.requiredMinimumReceive === b.requiredMinimumReceive &&
    a.detectionMultiplier === b.detectionMultiplier &&
    a.multihop === b.multihop
  );
}
