import type { LabEvent } from '../lab/event.ts';
import { type FailoverSummary, failoverSummaries } from './failover.ts';

/** Events kept for the timeline pane. */
export type Timeline = {
  /** In order of (at, id), at most `eventsKept`. */
  readonly events: readonly LabEvent[];
};

export const eventsKept = 4000;

export const emptyTimeline: Timeline = { events: [] };

const summed = new WeakMap<Timeline['events'], readonly FailoverSummary[]>();

/** Newest last; one for each fault injected or healed while its events are kept. Worked out when somebody looks. */
export function failoversOf({ events }: Timeline): readonly FailoverSummary[] {
  let failovers = summed.get(events);
  if (failovers === undefined) {
    failovers = failoverSummaries(events);
    summed.set(events, failovers);
  }
  return failovers;
}

/** The event with this id, undefined when it was never seen or is no longer kept. */
export function eventById(timeline: Timeline, id: number): LabEvent | undefined {
  const { events } = timeline;
  let low = 0;
  let high = events.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const event = events[middle];
    if (event === undefined) return undefined;
    if (event.id === id) return event;
    if (event.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
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
