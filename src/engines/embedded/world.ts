import type { Fact } from '../../lab/event.ts';
import type { ActiveFault } from '../../lab/fault.ts';
import type { Lab, LabLink } from '../../lab/lab.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { Device } from './device.ts';
import { EventLog } from './event-log.ts';
import { Queue, type Task } from './queue.ts';
import { type Random, randomStream } from './random.ts';
import { type Port, Wire } from './wire.ts';

/** One way over a lab link, milliseconds: a veth pair and a software switch. */
const WIRE_DELAY = 0.05;

/** More tasks at one moment are a loop. */
const MOST_TASKS_AT_ONCE = 5_000_000;

export type NodeTimes = { readonly created: number; readonly started?: number; readonly stopped?: number };

/**
 * Everything a running lab consists of: time, events, devices, wires. One World per life of a lab; `restore` makes a new one.
 * The current cause is threaded through by `emit`, `causedBy` and `schedule`: whatever is scheduled while an event's
 * consequences are worked out carries that event's id to the moment when it runs.
 */
export class World {
  readonly lab: Lab;
  readonly seed: number;
  readonly events: EventLog;
  readonly devices = new Map<string, Device>();
  readonly wires = new Map<string, Wire>();
  readonly faults = new Map<string, ActiveFault>();
  /** Per node: when its container was made, started last, stopped last. Lab milliseconds. */
  readonly nodeTimes = new Map<string, NodeTimes>();
  /** Grows whenever forwarding anywhere may have changed: caches of paths compare it. */
  forwardingGeneration = 0;
  /** Grows whenever a BGP process starts or is configured anew: what a peer refused before it may take now. */
  bgpGeneration = 0;
  private readonly queue = new Queue();
  private time: number;
  private currentCause: number | undefined;
  /** Answers "is something under way that the queue does not show?", asked by `busy`. */
  private readonly busyQuestions: (() => boolean)[] = [];
  private readonly wireListeners: ((wire: Wire) => void)[] = [];
  private readonly forwardingListeners: (() => void)[] = [];
  private toldGeneration = 0;
  private tasksNow = 0;
  private taken = 0;
  private readonly ownerOf = new Map<Ipv4, Device>();

  constructor(lab: Lab, seed: number, startAt = 0, events: EventLog = new EventLog()) {
    this.lab = lab;
    this.seed = seed;
    this.time = startAt;
    this.events = events;
  }

  // time

  /** Lab time in milliseconds. */
  now(): number {
    return this.time;
  }

  /** Does `run` after `delay` milliseconds (to the microsecond), with the cause that is current now. Background work does not keep the lab busy. */
  schedule(delay: number, run: () => void, options: { readonly background?: boolean } = {}): Task {
    return this.queue.add(
      toMicrosecond(this.time + delay),
      run,
      options.background === true,
      this.currentCause,
    );
  }

  cancel(task: Task | undefined): void {
    this.queue.cancel(task);
  }

  nextAt(): number | undefined {
    return this.queue.nextAt();
  }

  /** Tasks run so far: with the time, where in its life the lab is. */
  get steps(): number {
    return this.taken;
  }

  /** Lets time pass to a moment without running what may be due just then. */
  arriveAt(moment: number): void {
    this.time = Math.max(this.time, moment);
  }

  /** Runs the next task. False when there is none. */
  step(): boolean {
    const next = this.queue.take();
    if (next === undefined) return false;
    this.taken++;
    if (next.task.at > this.time) {
      this.time = next.task.at;
      this.tasksNow = 0;
    } else if (++this.tasksNow > MOST_TASKS_AT_ONCE) {
      throw new Error(`time stands still at ${this.time} ms: something sets itself up again without end`);
    }
    this.currentCause = next.task.cause;
    next.run();
    this.tellForwardingChanged();
    this.currentCause = undefined;
    return true;
  }

  /** Runs everything due up to that moment and arrives there. */
  runUntil(moment: number): void {
    for (;;) {
      const due = this.queue.nextAt();
      if (due === undefined || due > moment) break;
      this.step();
    }
    this.time = Math.max(this.time, moment);
  }

  /** True while something is under way that will change the lab. */
  busy(): boolean {
    return this.queue.pendingForeground > 0 || this.busyQuestions.some(ask => ask());
  }

  /** Adds a reason to be busy that is no foreground task. */
  askWhetherBusy(question: () => boolean): void {
    this.busyQuestions.push(question);
  }

  // chance

  random(name: string): Random {
    return randomStream(this.seed, name);
  }

  // events and their causes

  /** Reports a fact, caused by the current cause. Returns its id. */
  emit(fact: Fact): number {
    if (fact.type === 'node-stopped') this.noteTime(fact.node, 'stopped');
    else if (fact.type === 'node-started') {
      // A container runs from the moment its boot began, where somebody noted that.
      const { started = -1, stopped = -1 } = this.nodeTimes.get(fact.node) ?? {};
      if (started <= stopped) this.noteTime(fact.node, 'started');
    }
    return this.events.add(this.time, this.currentCause, fact);
  }

  /** An active fault is over by itself. */
  endFault(id: string): void {
    const fault = this.faults.get(id)?.fault;
    if (fault === undefined) return;
    this.faults.delete(id);
    this.emit({ type: 'fault-healed', fault });
  }

  /** Something happened to a node's container just now. */
  noteTime(node: string, what: 'started' | 'stopped'): void {
    this.nodeTimes.set(node, { created: this.time, ...this.nodeTimes.get(node), [what]: this.time });
  }

  get cause(): number | undefined {
    return this.currentCause;
  }

  /** Does `run` as a consequence of the event. */
  causedBy<T>(cause: number | undefined, run: () => T): T {
    const before = this.currentCause;
    this.currentCause = cause;
    try {
      return run();
    } finally {
      this.currentCause = before;
    }
  }

  /** Told after each task in which forwarding anywhere may have changed. */
  onForwardingChanged(listener: () => void): void {
    this.forwardingListeners.push(listener);
  }

  private tellForwardingChanged(): void {
    if (this.toldGeneration === this.forwardingGeneration) return;
    this.toldGeneration = this.forwardingGeneration;
    for (const listener of this.forwardingListeners) listener();
  }

  // devices and wires

  addDevice(device: Device): void {
    if (this.devices.has(device.name)) throw new Error(`two devices named ${device.name}`);
    this.devices.set(device.name, device);
    this.nodeTimes.set(device.name, { created: this.time });
  }

  removeDevice(name: string): void {
    const device = this.devices.get(name);
    if (device === undefined) return;
    for (const [id, wire] of [...this.wires]) {
      if (wire.a.device === device || wire.b.device === device) this.unplug(id);
    }
    this.devices.delete(name);
    for (const [address, owner] of [...this.ownerOf]) if (owner === device) this.ownerOf.delete(address);
  }

  device(name: string): Device | undefined {
    return this.devices.get(name);
  }

  /** Plugs a lab link in between two existing ports and lets the ends find carrier. */
  plug(link: LabLink): Wire {
    const a = this.portOf(link.a.node, link.a.port);
    const b = this.portOf(link.b.node, link.b.port);
    const wire = new Wire(link.id, a, b, WIRE_DELAY);
    this.wires.set(link.id, wire);
    this.carrierMayHaveChanged(wire);
    return wire;
  }

  unplug(id: string): void {
    const wire = this.wires.get(id);
    if (wire === undefined) return;
    wire.cutBy.add('unplugged');
    this.carrierMayHaveChanged(wire);
    wire.a.wire = undefined;
    wire.b.wire = undefined;
    this.wires.delete(id);
  }

  /** After `running` of the device changed: its wires tell both ends. */
  powerChanged(device: Device): void {
    for (const port of device.ports.values()) {
      if (port.wire !== undefined) this.carrierMayHaveChanged(port.wire);
    }
  }

  /** Something else than forwarding tables decides otherwise now what happens to packets at that port, or anywhere in that device. */
  forwardingChanged(at: Port | Device): void {
    at.forwardingGeneration++;
    this.forwardingGeneration++;
  }

  /** Compares a wire's carrier with what its ends were told, and tells them. */
  carrierMayHaveChanged(wire: Wire): void {
    const up = wire.carrier;
    if (wire.reportedUp === up) return;
    wire.reportedUp = up;
    for (const port of [wire.a, wire.b]) this.forwardingChanged(port);
    const event = this.emit({ type: up ? 'link-came-up' : 'link-went-down', link: wire.id });
    wire.changedBy = event;
    this.causedBy(event, () => {
      for (const port of [wire.a, wire.b]) {
        if (port.device.running || !up) this.reportCarrier(port, up);
      }
      for (const listener of this.wireListeners) listener(wire);
    });
  }

  /** Something about a wire changed that its ends cannot see: packets now vanish, or no longer do. */
  lossChanged(wire: Wire): void {
    for (const port of [wire.a, wire.b]) this.forwardingChanged(port);
    wire.changedBy = this.currentCause;
    for (const listener of this.wireListeners) listener(wire);
  }

  /** Told when carrier or silent loss of a wire changed. */
  onWireChanged(listener: (wire: Wire) => void): void {
    this.wireListeners.push(listener);
  }

  /** Which device an address belongs to, as the lab's owner sees it (names in tables); anycast addresses have no owner. */
  nodeOwning(address: Ipv4): string | undefined {
    return this.ownerOf.get(address)?.name;
  }

  /** Says that an address is this device's, for names in tables only. */
  nameAddress(address: Ipv4, device: Device): void {
    this.ownerOf.set(address, device);
  }

  private reportCarrier(port: Port, up: boolean): void {
    if (!port.device.running) return;
    const event = this.emit({
      type: up ? 'port-came-up' : 'port-went-down',
      node: port.device.name,
      port: port.name,
    });
    this.causedBy(event, () => port.device.carrierChanged(port, up));
  }

  private portOf(node: string, name: string): Port {
    const port = this.devices.get(node)?.ports.get(name);
    if (port === undefined) throw new Error(`no port ${name} on ${node}`);
    return port;
  }
}

/** The next whole microsecond, never before the moment itself: a timer that fires early would be set again for ever. */
function toMicrosecond(moment: number): number {
  const nearest = Math.round(moment * 1000) / 1000;
  return nearest >= moment ? nearest : Math.max(moment, Math.ceil(moment * 1000) / 1000);
}
