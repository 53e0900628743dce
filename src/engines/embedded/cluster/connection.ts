import type { Ipv4 } from '../../../net/address.ts';
import { type FiveTuple, reversed } from '../../../net/flow.ts';
import type { Device, WalkContext, WalkResult } from '../device.ts';
import { DEFAULT_TTL } from '../packet.ts';
import { walk } from '../walk.ts';
import type { World } from '../world.ts';
import { keyOf } from './conntrack.ts';
import { NodeDevice } from './node-device.ts';
import type { PodSocket } from './pod-sockets.ts';

/** Where somebody opens connections: a node's own namespace ('') or a pod's. */
export type Caller = { readonly device: NodeDevice; readonly instance: string };

/** What becomes of a segment of a TCP connection that a client sends, and of the answer to it. */
export type Segment =
  | {
      readonly outcome: 'answered';
      readonly pod: PodSocket;
      readonly node: string;
      /** As the pod sees it: "client" is its source address. */
      readonly seenFrom: Ipv4;
      readonly roundTrip: number;
      readonly there: WalkResult;
      readonly back: WalkResult;
    }
  /** A RST (or, for a service without endpoints, an ICMP error) came back. */
  | {
      readonly outcome: 'reset';
      readonly by: string;
      readonly because: string;
      readonly roundTrip: number;
      readonly there: WalkResult;
      readonly back: WalkResult | undefined;
    }
  | {
      readonly outcome: 'lost';
      readonly at: string;
      readonly because: string;
      readonly there: WalkResult;
      /** Set when the way there worked and the answer got lost. */
      readonly back: WalkResult | undefined;
    };

/** Who listens where: asked for every segment that arrives. */
export type Servers = {
  /** The pod that serves the port in that routing context of a node, when its process runs and listens. */
  listening(device: Device, instance: string, port: number): PodSocket | undefined;
};

/** The TCP connections that server processes know, by pod. A segment of any other connection is answered with a RST. */
export class ServerConnections {
  private readonly byPod = new Map<string, Set<string>>();

  add(uid: string, flow: FiveTuple): void {
    const known = this.byPod.get(uid);
    if (known === undefined) this.byPod.set(uid, new Set([keyOf(flow)]));
    else known.add(keyOf(flow));
  }

  has(uid: string, flow: FiveTuple): boolean {
    return this.byPod.get(uid)?.has(keyOf(flow)) === true;
  }

  delete(uid: string, flow: FiveTuple): void {
    this.byPod.get(uid)?.delete(keyOf(flow));
  }

  /** The process is gone, and all it knew. */
  forgetPod(uid: string): void {
    this.byPod.delete(uid);
  }

  pods(): Iterable<string> {
    return this.byPod.keys();
  }
}

export type SegmentOptions = {
  readonly world: World;
  readonly servers: Servers;
  readonly connections: ServerConnections;
  /** SYN opens a connection; 'data' belongs to one that was opened before. */
  readonly kind: 'syn' | 'data';
  /** Only imagined: nothing is counted, learnt or kept. */
  readonly observe?: boolean;
  readonly explain?: boolean;
  /** Gets what the ways there and back hung on. */
  readonly hangsOn?: WalkContext['hangsOn'];
};

/** Sends one segment through the lab as it is now, and the server's answer back. */
export function sendSegment(caller: Caller, flow: FiveTuple, options: SegmentOptions): Segment {
  const { world, observe = false, explain = false, hangsOn } = options;
  const there = walk(world, { flow, ttl: DEFAULT_TTL }, caller, { observe, explain, hangsOn });
  if (there.outcome === 'dropped') {
    if (there.reason !== 'refused')
      return {
        outcome: 'lost',
        at: there.device.name,
        because: there.because ?? 'dropped',
        there,
        back: undefined,
      };
    return {
      outcome: 'reset',
      by: there.device.name,
      because: there.because ?? 'connection refused',
      roundTrip: there.delay * 2,
      there,
      back: undefined,
    };
  }
  const { device, packet } = there;
  const instance = there.instance ?? '';
  const server = options.servers.listening(device, instance, packet.flow.destinationPort);
  const back = walk(
    world,
    { flow: reversed(packet.flow), ttl: DEFAULT_TTL },
    { device, instance },
    { observe, explain, hangsOn },
  );
  if (
    back.outcome === 'dropped' ||
    back.device !== caller.device ||
    (back.instance ?? '') !== caller.instance
  )
    return {
      outcome: 'lost',
      at: back.device.name,
      because:
        back.outcome === 'dropped'
          ? `the answer: ${back.because ?? 'dropped'}`
          : `the answer went to ${back.device.name}`,
      there,
      back,
    };
  const roundTrip = there.delay + back.delay;
  const known = server !== undefined && options.connections.has(server.uid, packet.flow);
  if (server === undefined || (options.kind === 'data' && !known)) {
    const where = server === undefined ? placeText(device, instance) : `pod ${server.name}`;
    const because =
      server === undefined
        ? `nothing listens on port ${packet.flow.destinationPort}`
        : `pod ${server.name} on ${device.name} does not know the connection`;
    return { outcome: 'reset', by: where, because, roundTrip, there, back };
  }
  if (options.kind === 'syn' && !observe) options.connections.add(server.uid, packet.flow);
  return {
    outcome: 'answered',
    pod: server,
    node: device.name,
    seenFrom: packet.flow.sourceAddress,
    roundTrip,
    there,
    back,
  };
}

/** The connection ended in good order or by RST: everybody on its way forgets it. */
export function endConnection(
  caller: Caller,
  flow: FiveTuple,
  last: Segment | undefined,
  options: Pick<SegmentOptions, 'world' | 'connections'>,
): void {
  caller.device.conntrack.forget(flow);
  if (last === undefined) return;
  for (const name of last.there.path) {
    const device = options.world.device(name);
    if (device instanceof NodeDevice) device.conntrack.forget(flow);
  }
  if (last.outcome === 'answered') options.connections.delete(last.pod.uid, last.there.packet.flow);
}

function placeText(device: Device, instance: string): string {
  return instance === '' ? device.name : `${instance} on ${device.name}`;
}
