import type { World } from '../world.ts';

/** Quiet for that long after trouble: the requests have recovered. */
const RECOVERED_AFTER = 1_000;

/** A time of lost packets, lost requests and resets, from the first to the last of them. */
export class Outage {
  private readonly world: World;
  private now: { readonly firstAt: number; lastAt: number; lost: number; reset: number } | undefined;

  constructor(world: World) {
    this.world = world;
  }

  packetLost(): void {
    this.touch();
  }

  requestFailed(how: 'lost' | 'reset'): void {
    this.touch()[how]++;
  }

  /** Reports the recovery once nothing has gone wrong for a while, if any request failed. */
  requestAnswered(): void {
    const { now, world } = this;
    if (now === undefined || world.now() - now.lastAt < RECOVERED_AFTER) return;
    this.now = undefined;
    const { lost, reset, firstAt, lastAt } = now;
    if (lost + reset === 0) return;
    // Lab time has microseconds only, and so has what lies between two moments of it.
    const gapMs = Math.round((lastAt - firstAt) * 1000) / 1000;
    world.causedBy(undefined, () => world.emit({ type: 'requests-recovered', lost, reset, gapMs }));
  }

  private touch() {
    const at = this.world.now();
    this.now ??= { firstAt: at, lastAt: at, lost: 0, reset: 0 };
    this.now.lastAt = at;
    return this.now;
  }
}
