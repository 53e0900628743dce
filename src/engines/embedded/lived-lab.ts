import type { TravelResult } from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Asked, Chronicle, type LifeRecord, type Point } from './chronicle.ts';
import type { EmbeddedOptions } from './embedded-engine.ts';
import { EventLog } from './event-log.ts';
import { Life, letCommandsGoOn } from './life.ts';
import { relive, relivePast } from './relive.ts';
import { QUIET_LIMIT, RunningLab } from './running-lab.ts';

/** A lab in its time: the life it lives, everything that was asked of it, and the way back to any moment of that. */
export class LivedLab {
  readonly chronicle = new Chronicle();
  private readonly options: EmbeddedOptions;
  private now: Life;
  private requests = 0;
  /** Commands under way had the chance to go on since lab time last passed. */
  private turn: 'none' | 'due' | 'had' = 'none';

  constructor(lab: Lab, options: EmbeddedOptions) {
    this.options = options;
    const first: LifeRecord = { lab, startAt: 0, firstEvent: 1, stage: 'empty', entries: [], end: undefined };
    this.chronicle.begin(first, undefined);
    this.now = this.lifeOf(first, new EventLog());
  }

  get life(): Life {
    return this.now;
  }

  get running(): RunningLab {
    return this.now.running;
  }

  get world() {
    return this.running.world;
  }

  get events(): EventLog {
    return this.now.events;
  }

  /** Another life begins in the place of this one, which was at `before` when it ended. */
  begin(record: LifeRecord, life: Life, before: Point): void {
    this.running.builder.abandon();
    this.chronicle.begin(record, before);
    this.now = life;
  }

  /** Nothing is left of it but its time and its events. */
  end(): void {
    this.running.builder.abandon();
    this.now = this.lifeOf({ ...this.chronicle.current, startAt: this.world.now() }, this.events);
  }

  lifeOf({ lab, startAt }: LifeRecord, events: EventLog): Life {
    const { seed = 1, modulo = false, keptPackets } = this.options;
    return new Life(new RunningLab(lab, { seed, modulo, keptPackets, startAt, events }), events);
  }

  /** Writes down what is about to be asked of the lab: that is how it can be asked again. */
  record(asked: Asked): void {
    if (this.turn === 'had' && this.life.commandsUnderWay && !this.chronicle.inPast) {
      this.turn = 'none';
      this.chronicle.record(this.life.point, { kind: 'turn' });
    }
    this.chronicle.record(this.life.point, asked);
  }

  /** A number for something that takes lab time, whose signal ends it early. */
  numbered(signal: AbortSignal | undefined): number {
    const request = ++this.requests;
    const { life } = this;
    const abort = () => {
      if (life !== this.life) return;
      this.record({ kind: 'abort', request });
      life.abort(request);
    };
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    return request;
  }

  // clock

  advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(`time goes forward: advance(${milliseconds})`);
    }
    this.timeBegins();
    const until = this.world.now() + milliseconds;
    if (this.chronicle.inPast) this.goThroughPast(until, () => false);
    else this.world.runUntil(until);
    this.events.flush();
  }

  /** To the next event: timers that only keep a session alive pass unseen. */
  step(): boolean {
    this.timeBegins();
    const before = this.events.upcomingId;
    const { presentAt } = this.chronicle;
    let moved = false;
    if (presentAt !== undefined) {
      moved = true;
      this.goThroughPast(presentAt, () => this.events.upcomingId !== before);
    } else {
      while (this.events.upcomingId === before && this.world.step()) {
        moved = true;
        if (!this.world.busy()) break;
      }
    }
    this.events.flush();
    return moved;
  }

  runUntilQuiet(limit: number): boolean {
    this.timeBegins();
    let quiet: boolean;
    if (this.chronicle.inPast) {
      this.goThroughPast(this.world.now() + limit, () => !this.world.busy());
      quiet = !this.world.busy();
    } else {
      quiet = this.running.runUntilQuiet(limit);
      const { point } = this.life;
      // The lab said that it did not settle: nobody asked it to, so it is written down here.
      if (!quiet && limit >= QUIET_LIMIT)
        this.chronicle.record(
          { ...point, nextEvent: point.nextEvent - 1 },
          { kind: 'unsettled', after: limit },
        );
    }
    this.events.flush();
    return quiet;
  }

  /** Commands under way had their turn or not: what comes of it differs, so it is written down. */
  private timeBegins(): void {
    if (this.chronicle.inPast || !this.life.commandsUnderWay) return;
    if (this.turn === 'had') {
      this.turn = 'none';
      this.chronicle.record(this.life.point, { kind: 'turn' });
    }
    this.markTurn();
  }

  markTurn(): void {
    if (this.turn === 'due') return;
    this.turn = 'due';
    void letCommandsGoOn().then(() => {
      this.turn = 'had';
    });
  }

  // past

  private goThroughPast(until: number, stop: () => boolean): void {
    relivePast(
      this.chronicle,
      () => this.life,
      until,
      stop,
      record => {
        const { events } = this;
        this.running.builder.abandon();
        this.now = this.lifeOf(record, events);
        if (record.stage !== 'empty') this.running.buildUpTo(record.stage);
      },
    );
  }

  async travelTo(event: number): Promise<TravelResult> {
    const { chronicle, life: from } = this;
    if (!chronicle.inPast && (this.life.commandsUnderWay || this.running.builder.busy))
      return { outcome: 'refused', because: 'something is still under way: wait for it, or cancel it first' };
    const present = this.life.point;
    const index = chronicle.lifeOf(event);
    const record = index === undefined ? undefined : chronicle.recordOf(index);
    if (index === undefined || record === undefined || (!chronicle.inPast && event >= present.nextEvent))
      return { outcome: 'refused', because: 'that has not happened in this lab' };
    const life = this.lifeOf(record, this.events.retelling(record.firstEvent));
    const next = await relive(life, record, event, record.end ?? present);
    if (next === undefined)
      return { outcome: 'refused', because: 'the lab could not be brought back there exactly as it was' };
    if (from !== this.life || (!chronicle.inPast && this.life.commandsUnderWay))
      return { outcome: 'refused', because: 'the lab was busy meanwhile' };
    this.running.builder.abandon();
    chronicle.goTo(index, next, this.life.point);
    this.now = life;
    this.turn = 'none';
    life.events.unmute();
    return { outcome: 'done', event: life.events.upcomingId - 1, at: life.running.world.now() };
  }
}
