import type { Chance } from './impairment.ts';
import type { Random } from './random.ts';

/** No further ahead than this is foreseen, milliseconds. */
const HORIZON = 60_000;
const LEAST_OF_INTERVAL = 0.75;

/** BFD packets on their way to somebody who listens. Milliseconds. */
export type PacketStream = {
  readonly interval: number;
  readonly detectionTime: number;
  readonly chance: Chance;
  readonly random: Random;
};

export type Foresight = {
  /** Nothing arrived for the whole detection time, for the first time, after this long; undefined within the horizon: it never came to that. */
  readonly silentAfter: number | undefined;
  /** Where the look ahead ended. */
  readonly until: number;
  /** When the last packet before that end arrived, counted from now like all of these. */
  readonly lastArrival: number;
};

/**
 * Plays ahead which packets of a BFD session chance lets through and when: BFD packets are no events of the lab, but enough
 * of them lost in a row (or late by enough jitter) end the session. `lastArrival` is when the last one came, 0 or before.
 */
export function foresee(
  { interval, detectionTime, chance, random }: PacketStream,
  lastArrival: number,
): Foresight {
  let last = lastArrival;
  let sent = Math.max(0, lastArrival + jittered(interval, random));
  for (; sent < HORIZON; sent += jittered(interval, random)) {
    if (sent - chance.jitterMs > last + detectionTime) return silent(last + detectionTime, last);
    if (random.next() >= chance.arrives) continue;
    const arrival = sent + (chance.jitterMs === 0 ? 0 : random.between(-chance.jitterMs, chance.jitterMs));
    if (arrival > last + detectionTime) return silent(last + detectionTime, last);
    last = Math.max(last, arrival);
  }
  return { silentAfter: undefined, until: HORIZON, lastArrival: last };
}

function silent(after: number, lastArrival: number): Foresight {
  return { silentAfter: Math.max(0, after), until: after, lastArrival };
}

/** Each interval is shortened by up to 25 % (RFC 5880 section 6.8.7). */
export function jittered(interval: number, random: Random): number {
  return interval * random.between(LEAST_OF_INTERVAL, 1);
}

/** How many packets chance swallows before one arrives; at most `most`. */
export function lostBeforeOneArrives(chance: Chance | undefined, random: Random, most = 1000): number {
  if (chance === undefined || chance.arrives >= 1) return 0;
  let lost = 0;
  while (lost < most && random.next() >= chance.arrives) lost++;
  return lost;
}
