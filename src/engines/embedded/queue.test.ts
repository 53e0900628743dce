import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Queue } from './queue.ts';

test('tasks come out by time, and in the order they were added at one moment', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 200 }), moments => {
      const queue = new Queue();
      moments.forEach(at => {
        queue.add(at, () => {}, false, undefined);
      });
      const expected = moments
        .map((at, sequence) => ({ at, sequence }))
        .sort((a, b) => a.at - b.at || a.sequence - b.sequence);
      expect(drain(queue).map(({ at, sequence }) => ({ at, sequence }))).toEqual(expected);
    }),
  );
});

test('a cancelled task never runs, cancelling twice or too late does nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.nat(50), cancel: fc.boolean() }), { maxLength: 300 }), wanted => {
      const queue = new Queue();
      const tasks = wanted.map(({ at }) => queue.add(at, () => {}, false, undefined));
      wanted.forEach(({ cancel }, index) => {
        if (cancel) queue.cancel(tasks[index]);
        if (cancel) queue.cancel(tasks[index]);
      });
      const left = wanted.filter(({ cancel }) => !cancel).length;
      expect(queue.size).toBe(left);
      expect(queue.pendingForeground).toBe(left);
      expect(drain(queue)).toHaveLength(left);
      for (const task of tasks) queue.cancel(task);
      expect(queue.pendingForeground).toBe(0);
    }),
  );
});

test('background tasks run but do not count as pending work', () => {
  const queue = new Queue();
  queue.add(1, () => {}, true, undefined);
  expect(queue.pendingForeground).toBe(0);
  expect(queue.nextAt()).toBe(1);
  expect(drain(queue)).toHaveLength(1);
});

function drain(queue: Queue) {
  const taken = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next.task);
  return taken;
}
