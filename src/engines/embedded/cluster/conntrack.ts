import type { FiveTuple } from '../../../net/flow.ts';

/** A connection that a node translates: as it came, and as it goes on. */
export type Translation = {
  readonly original: FiveTuple;
  readonly translated: FiveTuple;
  /** Only imagined: for packets that nobody sends. */
  readonly imagined: boolean;
  lastUsed: number;
  /** Where the table has it: `keyOf` the original, `keyOfReversed` the translated. */
  readonly key: string;
  readonly replyKey: string;
};

/** Linux forgets an idle established connection after five days; the model keeps what is in use and sweeps the rest. */
const IDLE = 120_000;

/** A node's connection tracking, as far as address translation needs it. */
export class Conntrack {
  private readonly byOriginal = new Map<string, Translation>();
  private readonly byReply = new Map<string, Translation>();
  private imagined: Translation[] = [];

  /** The connection that the packet belongs to: in its own direction, or as an answer. */
  find(
    flow: FiveTuple,
    observe: boolean,
  ): { readonly entry: Translation; readonly answer: boolean } | undefined {
    const key = keyOf(flow);
    const answered = visible(this.byReply.get(key), observe);
    if (answered !== undefined) return { entry: answered, answer: true };
    const entry = visible(this.byOriginal.get(key), observe);
    return entry === undefined ? undefined : { entry, answer: false };
  }

  /** Whether an answer to this translated flow would be taken for another connection's. */
  replyTaken(translated: FiveTuple): boolean {
    return this.byReply.has(keyOfReversed(translated));
  }

  add(original: FiveTuple, translated: FiveTuple, now: number, imagined: boolean): Translation {
    const key = keyOf(original);
    const replyKey = keyOfReversed(translated);
    const entry: Translation = { original, translated, imagined, lastUsed: now, key, replyKey };
    this.byOriginal.set(key, entry);
    this.byReply.set(replyKey, entry);
    if (imagined) this.imagined.push(entry);
    else if (this.byOriginal.size > 4_096) this.sweep(now);
    return entry;
  }

  /** The connection ended in sight of the node: FIN or RST passed. */
  forget(original: FiveTuple): void {
    const entry = this.byOriginal.get(keyOf(original));
    if (entry !== undefined) this.drop(entry);
  }

  forgetImagined(): void {
    if (this.imagined.length === 0) return;
    for (const entry of this.imagined) this.drop(entry);
    this.imagined = [];
  }

  clear(): void {
    this.byOriginal.clear();
    this.byReply.clear();
    this.imagined = [];
  }

  private drop(entry: Translation): void {
    const { key, replyKey } = entry;
    if (this.byOriginal.get(key) === entry) this.byOriginal.delete(key);
    if (this.byReply.get(replyKey) === entry) this.byReply.delete(replyKey);
  }

  private sweep(now: number): void {
    for (const entry of [...this.byOriginal.values()]) if (now - entry.lastUsed > IDLE) this.drop(entry);
  }
}

function visible(entry: Translation | undefined, observe: boolean): Translation | undefined {
  return entry === undefined || (entry.imagined && !observe) ? undefined : entry;
}

/** A key without the wording of `flowText`: it is made for every packet. */
export function keyOf(flow: FiveTuple): string {
  return `${flow.sourceAddress} ${flow.sourcePort} ${flow.destinationAddress} ${flow.destinationPort} ${flow.protocol}`;
}

/** The key of the answers to it. */
function keyOfReversed(flow: FiveTuple): string {
  return `${flow.destinationAddress} ${flow.destinationPort} ${flow.sourceAddress} ${flow.sourcePort} ${flow.protocol}`;
}
