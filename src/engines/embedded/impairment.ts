import type { Random } from './random.ts';

export type ImpairmentOptions = {
  /** Milliseconds. */
  readonly delayMs: number;
  /** Milliseconds to either side of the delay, every value as likely as another (netem's default distribution). */
  readonly jitterMs: number;
  /** 0 to 100. */
  readonly lossPercent: number;
};

/** What netem does to the packets that one end of a wire sends. */
export class Impairment {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
  private readonly random: Random;

  constructor(options: ImpairmentOptions, random: Random) {
    this.delayMs = options.delayMs;
    this.jitterMs = options.jitterMs;
    this.lossPercent = options.lossPercent;
    this.random = random;
  }

  get losesAll(): boolean {
    return this.lossPercent >= 100;
  }

  /** What becomes of one packet: how late it is, in milliseconds, or undefined when it is lost. */
  draw(): number | undefined {
    if (this.lossPercent > 0 && this.random.next() * 100 < this.lossPercent) return undefined;
    if (this.jitterMs === 0) return this.delayMs;
    return Math.max(0, this.delayMs + this.random.between(-this.jitterMs, this.jitterMs));
  }
}

/** What chance does to packets on a way over several wires. */
export type Chance = {
  /** How likely a packet arrives: 0 to 1. */
  readonly arrives: number;
  /** Milliseconds to either side. */
  readonly jitterMs: number;
};

export function chanceBehind(before: Chance | undefined, { lossPercent, jitterMs }: Impairment): Chance {
  return {
    arrives: (before?.arrives ?? 1) * (1 - lossPercent / 100),
    jitterMs: (before?.jitterMs ?? 0) + jitterMs,
  };
}
