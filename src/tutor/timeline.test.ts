import { expect, test } from 'vitest';
import type { LabEvent } from '../lab/event.ts';
import { causeChain, emptyTimeline, eventById } from './timeline.ts';

const stopped = (id: number, at: number, cause?: number): LabEvent => ({
  id,
  at,
  type: 'node-stopped',
  node: `${id}`,
  ...(cause === undefined ? {} : { cause }),
});

test('an event is found, and what led to it, when one that was heard later happened before it', () => {
  const events = [stopped(1, 10), stopped(4, 20, 1), stopped(2, 30), stopped(3, 40, 2), stopped(5, 50, 4)];
  const timeline = { ...emptyTimeline, events };
  for (const event of events) expect(eventById(timeline, event.id)).toBe(event);
  expect(eventById(timeline, 6)).toBeUndefined();
  expect(causeChain(timeline, 5).map(({ id }) => id)).toEqual([1, 4, 5]);
});
