import type { FlowHop } from '../../lab/snapshot.ts';
import type { Device, Verdict, WalkContext, WalkResult } from './device.ts';
import { type Chance, chanceBehind, type Impairment } from './impairment.ts';
import type { Packet } from './packet.ts';
import type { Port, Wire } from './wire.ts';
import type { World } from './world.ts';

/** More devices than this in one walk is a loop that TTL did not end (bridged frames have none). */
const MOST_DEVICES = 300;

export type WalkOptions = {
  /** Only imagine the packet: learn and count nothing. Default false. */
  readonly observe?: boolean;
  /** Fill `hops`. Default false. */
  readonly explain?: boolean;
  readonly hangsOn?: WalkContext['hangsOn'];
  /** Gets the ids of the links passed, in order. */
  readonly links?: string[];
  /** The packet enters at this port as if from the wire, instead of being sent by the device's stack. */
  readonly arrivingAt?: Port;
};

/** Sends a packet from a device's stack and follows it, through every device's tables as they are at this moment, to where it ends. */
export function walk(
  world: World,
  packet: Packet,
  from: { readonly device: Device; readonly instance: string },
  options: WalkOptions = {},
): WalkResult {
  const observe = options.observe === true;
  const hops: FlowHop[] = [];
  const path: string[] = [from.device.name];
  let device = from.device;
  const context: WalkContext = {
    now: world.now(),
    observe,
    hops: options.explain === true ? hops : undefined,
    hopsLeft: MOST_DEVICES,
    hangsOn: options.hangsOn,
  };
  let delay = 0;
  let chance: Chance | undefined;
  const dropped = ({ type: _, ...why }: Drop): WalkResult => ({
    outcome: 'dropped',
    device,
    packet,
    delay,
    path,
    hops,
    ...(chance === undefined ? {} : { chance }),
    ...why,
  });
  context.hangsOn?.places.push(device);
  if (!device.running) {
    return dropped({ type: 'drop', reason: 'node-down', because: `${device.name} is not running` });
  }
  let verdict = device.send(packet, from.instance, context);
  for (;;) {
    if (verdict.type === 'deliver') {
      const { packet, instance, to } = verdict;
      const result: WalkResult = { outcome: 'delivered', device, instance, packet, to, delay, path, hops };
      return chance === undefined ? result : { ...result, chance };
    }
    if (verdict.type === 'drop') return dropped(verdict);
    context.hangsOn?.places.push(verdict.type === 'forward' ? verdict.port : verdict.to);
    const passed = pass(world, verdict, observe);
    if (passed.impairment !== undefined) chance = chanceBehind(chance, passed.impairment);
    if (passed.lost !== undefined) return dropped(passed.lost);
    if (options.links !== undefined && verdict.type === 'forward' && verdict.port.wire !== undefined)
      options.links.push(verdict.port.wire.id);
    delay += passed.delay;
    device = passed.device;
    packet = verdict.type === 'forward' ? verdict.frame.packet : verdict.packet;
    path.push(device.name);
    context.hangsOn?.places.push(passed.port ?? device, device);
    if (--context.hopsLeft <= 0) {
      return dropped({ type: 'drop', reason: 'ttl-expired', because: 'it went round in a loop' });
    }
    verdict =
      passed.port === undefined || verdict.type !== 'forward'
        ? device.send(packet, '', context)
        : device.receive(verdict.frame, passed.port, context);
  }
}

/** Why a packet ended, and on which wire where it was one. */
type Drop = Extract<Verdict, { readonly type: 'drop' }> & { readonly wire?: Wire };

type Passed =
  | {
      readonly lost?: undefined;
      readonly device: Device;
      readonly port: Port | undefined;
      readonly delay: number;
      readonly impairment: Impairment | undefined;
    }
  | { readonly lost: Drop; readonly impairment: Impairment | undefined };

/** One hop: over the wire at that port, or handed over beside the fabric. */
function pass(
  world: World,
  verdict: Extract<Verdict, { type: 'forward' | 'hand-over' }>,
  observe: boolean,
): Passed {
  if (verdict.type === 'hand-over') {
    const { to, delay } = verdict;
    if (!to.running) return lost({ reason: 'node-down', because: `${to.name} is not running` });
    return { device: to, port: undefined, delay, impairment: undefined };
  }
  const { port } = verdict;
  const wire = port.wire;
  const peer = port.peer;
  if (wire === undefined || peer === undefined || !wire.carrier) {
    const because = `${port.name} has no carrier`;
    return lost({ reason: 'no-carrier', because, ...(wire === undefined ? {} : { wire }) });
  }
  if (!observe) {
    port.outPackets++;
    (port === wire.a ? wire.sentByA : wire.sentByB).add(world.now(), 1);
  }
  if (wire.losesFrom(port)) {
    return lost({ reason: 'lost-on-wire', because: `lost without a sign on the link ${wire.id}`, wire });
  }
  const impairment = wire.impairmentFrom(port);
  const late = observe ? impairment?.delayMs : impairment?.draw();
  if (impairment !== undefined && late === undefined) {
    const because = `lost by chance on the link ${wire.id}`;
    return lost({ reason: 'lost-on-wire', because, wire }, impairment);
  }
  if (!observe) peer.inPackets++;
  return { device: peer.device, port: peer, delay: wire.delay + (late ?? 0), impairment };
}

function lost(why: Omit<Drop, 'type'>, impairment?: Impairment): Passed {
  return { lost: { type: 'drop', ...why }, impairment };
}
