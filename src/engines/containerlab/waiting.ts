import type { Grip } from './grip.ts';

/** Whether the one who holds the lab still lives is looked at that often. Milliseconds. */
const EVERY = 2_000;

/** While somebody else holds the lab: what they write down is followed, and the lab is taken when they have gone. */
export class Waiting {
  private readonly grip: Grip | undefined;
  private readonly onLook: (taken: boolean) => Promise<void>;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private begun = false;
  private stopped = false;

  /** `onLook` is told each time that it was looked, and once that the lab has become ours. */
  constructor(grip: Grip | undefined, onLook: (taken: boolean) => Promise<void>) {
    this.grip = grip;
    this.onLook = onLook;
  }

  get heldBy(): string | undefined {
    return this.grip?.heldBy;
  }

  /** Looks by itself from now on, until the lab is ours. */
  begin(): void {
    this.begun = true;
    if (this.heldBy === undefined || this.stopped) return;
    this.timer = setTimeout(() => void this.heldNow().then(() => this.begin()), EVERY);
    this.timer.unref();
  }

  /** Whoever held the lab may have gone this very moment. */
  async heldNow(): Promise<string | undefined> {
    if (this.heldBy !== undefined && this.begun && !this.stopped) {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
      await this.looking;
    }
    return this.heldBy;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.grip?.release();
  }

  private async look(): Promise<void> {
    await this.grip?.take();
    if (!this.stopped) await this.onLook(this.heldBy === undefined);
  }
}
