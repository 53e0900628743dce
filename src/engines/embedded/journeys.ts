import type { Capture, Captured } from './capture.ts';
import { type ConnectionEnd, segment } from './connection-end.ts';
import type { Device, WalkResult } from './device.ts';
import type { Packet } from './packet.ts';
import type { TransportUser } from './transport-user.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

type Sender = { readonly device: Device; readonly instance: string };

/** A segment that was sent, and what became of it. */
export type Journey = {
  readonly packet: Packet;
  readonly sentAt: number;
  readonly links: readonly string[];
  readonly result: WalkResult;
};

/** Sends segments through the lab's forwarding as it is then, and writes down those that arrived. */
export class Journeys {
  private readonly world: World;
  private readonly capture: Capture;

  constructor(world: World, capture: Capture) {
    this.world = world;
    this.capture = capture;
  }

  /** Where a segment would end if it were sent now. */
  imagine(from: Sender, packet: Packet): WalkResult {
    return walk(this.world, packet, from, { observe: true });
  }

  /** Sends a segment now, on the way that it then finds. */
  travel(from: Sender, packet: Packet, sentAt = this.world.now()): Journey {
    const links: string[] = [];
    return { packet, sentAt, links, result: walk(this.world, packet, from, { links }) };
  }

  /** What the kernel that a segment arrived at sends back. */
  answer(there: WalkResult, end: ConnectionEnd, sentAt: number): Journey {
    const from = { device: there.device, instance: there.instance ?? '' };
    const packet = segment(end.peerAddress, end.peerPort, end.localAddress, end.localPort, end.ttl);
    return this.travel(from, packet, sentAt);
  }

  /** Writes down what a segment carried: its arrival is when it got there, or later where it waited for one before it. */
  captured(content: Captured['content'], journey: Journey, arrival?: number): void {
    const { packet, sentAt, links, result } = journey;
    this.capture.add({
      at: sentAt,
      arrival: arrival ?? sentAt + result.delay,
      flow: packet.flow,
      ttl: packet.ttl,
      content,
      nodes: result.path,
      links,
    });
  }
}

/** Whether a segment ended at this very process. */
export function arrivedAt(there: WalkResult, user: TransportUser): boolean {
  return (
    there.outcome === 'delivered' && there.device === user.device && (there.instance ?? '') === user.instance
  );
}
