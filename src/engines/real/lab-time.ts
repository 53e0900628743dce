/**
 * Lab milliseconds of a lab that runs by itself: the machine's clock since the lab began, plus what the build skipped.
 * (Waiting for images and boots is compressed, as in the embedded lab: nothing is pulled and nothing boots here.)
 */
export class LabTime {
  private readonly startedAt: number;
  private skipped = 0;

  constructor(startAt = 0) {
    this.startedAt = wallClock() - startAt;
  }

  now(): number {
    return this.ofWall(wallClock());
  }

  /** Lab time of a moment that a daemon or the kernel wrote down. */
  ofWall(milliseconds: number): number {
    return Math.max(0, milliseconds - this.startedAt + this.skipped);
  }

  /** The wall clock at a moment of lab time; what was skipped before it counts as if it had passed. */
  wallOf(labTime: number): number {
    return this.startedAt - this.skipped + labTime;
  }

  skip(milliseconds: number): void {
    this.skipped += Math.max(0, milliseconds);
  }
}

/** Milliseconds since 1970 with fractions. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
