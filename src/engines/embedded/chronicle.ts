import type { Command } from '../../lab/command.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StageId } from '../../lab/stage.ts';

/** Where in its life a lab is: tasks run, lab time, id of the next event. Equal points of two runs of a life are equal labs. */
export type Point = { readonly steps: number; readonly at: number; readonly nextEvent: number };

/** What was asked of a lab from outside. `request` numbers what takes lab time, so that it can be ended early. */
export type Asked =
  | { readonly kind: 'build'; readonly stage: StageId; readonly request: number }
  | {
      readonly kind: 'run';
      readonly commandLine: string;
      readonly on?: string;
      readonly cluster?: string;
      readonly request: number;
    }
  | { readonly kind: 'perform'; readonly command: Command }
  | { readonly kind: 'abort'; readonly request: number }
  /** Commands under way were given the chance to go on. */
  | { readonly kind: 'turn' }
  /** Quiet was waited for in vain, and the lab said so. */
  | { readonly kind: 'unsettled'; readonly after: number }
  /** Events of a restore that failed took their numbers. */
  | { readonly kind: 'skip'; readonly events: number };

export type Entry = { readonly point: Point; readonly asked: Asked };

/** A life of the lab from its first moment on: all that is needed to live it again. */
export type LifeRecord = {
  readonly lab: Lab;
  readonly startAt: number;
  readonly firstEvent: number;
  /** The stage it was restored to, where it was. */
  readonly stage: StageId | 'empty';
  readonly entries: Entry[];
  /** The last known moment of it: where the next life began, or where the lab is or was before it went back. */
  end: Point | undefined;
};

/** Everything asked of a lab, life after life, and where in it the lab is now. */
export class Chronicle {
  private readonly lives: LifeRecord[] = [];
  private life = -1;
  /** The next entry to be done again; undefined in the present. */
  private next: number | undefined;

  get current(): LifeRecord {
    const record = this.lives[this.life];
    if (record === undefined) throw new Error('no life was begun');
    return record;
  }

  get inPast(): boolean {
    return this.next !== undefined;
  }

  /** The moment of the present, seen from the past. */
  get presentAt(): number | undefined {
    return this.inPast ? this.lives.at(-1)?.end?.at : undefined;
  }

  /** The entry that comes next, in the past. */
  get upcoming(): Entry | undefined {
    return this.next === undefined ? undefined : this.current.entries[this.next];
  }

  /** The life that followed the one the lab is in, once all of this one was done again. */
  get following(): LifeRecord | undefined {
    return this.upcoming === undefined ? this.lives[this.life + 1] : undefined;
  }

  /** A life begins now; in the past, what came after is forgotten. */
  begin(record: LifeRecord, now: Point | undefined): void {
    this.forgetFuture();
    if (this.life >= 0) this.current.end = now;
    this.lives.push(record);
    this.life = this.lives.length - 1;
  }

  /** Something is asked of the lab now; in the past, what came after is forgotten. */
  record(point: Point, asked: Asked): void {
    this.forgetFuture();
    this.current.entries.push({ point, asked });
  }

  /** The life in which an event happened. */
  lifeOf(event: number): number | undefined {
    const index = this.lives.findLastIndex(({ firstEvent }) => firstEvent <= event);
    return index < 0 ? undefined : index;
  }

  recordOf(life: number): LifeRecord | undefined {
    return this.lives[life];
  }

  /** The lab is now before entry `next` of that life. `present`: where it came from, when that was the present. */
  goTo(life: number, next: number, present: Point): void {
    if (!this.inPast) this.current.end = present;
    this.life = life;
    this.next = next;
  }

  entryDone(): void {
    if (this.next !== undefined) this.next++;
  }

  /** The next life begins as it did. */
  followingBegun(): void {
    this.life++;
    this.next = 0;
  }

  /** The past has caught up. */
  presentReached(): void {
    this.next = undefined;
  }

  private forgetFuture(): void {
    if (this.next === undefined) return;
    this.current.entries.length = this.next;
    this.lives.length = this.life + 1;
    this.next = undefined;
  }
}
