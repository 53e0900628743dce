import type { LabEvent } from '../lab/event.ts';
import { derived } from '../values/derived.ts';
import { type FailoverSummary, failoverSummaries } from './failover.ts';

/** Events kept for the timeline pane. */
export type Timeline = {
  /** In order of (at, id), at most `eventsAtMost`. */
  readonly events: readonly LabEvent[];
};

/** The newest that stay when there would be more than `eventsAtMost`: the oldest go seldom, many at once, not with every new one. */
export const eventsKept = 4000;
export const eventsAtMost = 4500;

export const emptyTimeline: Timeline = { events: [] };

/** Newest last; one for each fault injected or healed while its events are kept. Worked out when somebody looks. */
export function failoversOf({ events }: Timeline): readonly FailoverSummary[] {
  return summed(events);
}

const summed = derived(failoverSummaries);

/** The event with this id, undefined when it was never seen or is no longer kept. */
export function eventById(timeline: Timeline, id: number): LabEvent | undefined {
  // Ids are given when something is heard, and real daemons are heard late: events in their order need not be in that of ids.
  return timeline.events.findLast(event => event.id === id);
}

/** The event and what led to it, root cause first. Ends where a cause is no longer kept. */
export function causeChain(timeline: Timeline, id: number): LabEvent[] {
  const chain: LabEvent[] = [];
  let event = eventById(timeline, id);
  while (event !== undefined) {
    chain.unshift(event);
    event =
      event.cause === undefined || event.cause >= event.id ? undefined : eventById(timeline, event.cause);
  }
  return chain;
}
