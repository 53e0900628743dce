import type { Chronicle, Entry, LifeRecord, Point } from './chronicle.ts';
import { type Life, letCommandsGoOn } from './life.ts';

/**
 * Lives a life again, from its first moment to just after the event; a little further where commands are under way. Resolves with the
 * index of the entry that comes next; undefined when it did not become the same life.
 */
export async function relive(
  life: Life,
  record: LifeRecord,
  event: number,
  end: Point,
): Promise<number | undefined> {
  const { running, events } = life;
  const { world } = running;
  if (record.stage !== 'empty' && !running.buildUpTo(record.stage)) return undefined;
  let next = 0;
  while (events.upcomingId <= event || life.commandsUnderWay) {
    const entry = record.entries[next];
    if (entry !== undefined && world.steps === entry.point.steps) {
      if (!arrived(life, entry)) return undefined;
      life.again(entry.asked);
      next++;
      if (entry.asked.kind === 'turn') await letCommandsGoOn();
      continue;
    }
    if (entry === undefined && world.steps >= end.steps) break;
    if (!world.step()) return undefined;
  }
  return events.upcomingId > event ? next : undefined;
}

/**
 * Lets time pass in the past as it passed, up to a moment or until `stop`: what was asked then is asked again. While commands are under
 * way it passes from turn to turn, as those must go on just where they did. Beyond the last entry the present begins.
 */
export function relivePast(
  chronicle: Chronicle,
  lifeNow: () => Life,
  until: number,
  stop: () => boolean,
  beginLife: (record: LifeRecord) => void,
): void {
  for (;;) {
    const life = lifeNow();
    const { world } = life.running;
    const hurried = life.commandsUnderWay;
    if (stop() && !hurried) return;
    const entry = chronicle.upcoming;
    const { following } = chronicle;
    const end = chronicle.current.end;
    if (entry !== undefined && world.steps === entry.point.steps) {
      if (entry.point.at > until && !hurried) break;
      if (!arrived(life, entry)) throw new Error('the past did not go as it went');
      chronicle.entryDone();
      life.again(entry.asked);
      if (entry.asked.kind === 'turn') return;
      continue;
    }
    if (following !== undefined && end !== undefined && world.steps === end.steps) {
      if (end.at > until) break;
      world.arriveAt(end.at);
      chronicle.followingBegun();
      beginLife(following);
      continue;
    }
    if (entry === undefined && following === undefined && (end === undefined || world.now() >= end.at)) {
      chronicle.presentReached();
      world.runUntil(until);
      return;
    }
    const due = world.nextAt();
    const last = entry === undefined && following === undefined && end !== undefined ? end.at : Infinity;
    if (due === undefined || due > Math.min(hurried ? Infinity : until, last)) {
      if (last > until) break;
      world.arriveAt(last);
      continue;
    }
    world.step();
  }
  lifeNow().running.world.arriveAt(until);
}

/** Time passes to the entry's moment; false when the lab is not what it was then. */
function arrived({ running, events }: Life, { point }: Entry): boolean {
  const { world } = running;
  if (world.now() > point.at) return false;
  world.arriveAt(point.at);
  return events.upcomingId === point.nextEvent;
}
