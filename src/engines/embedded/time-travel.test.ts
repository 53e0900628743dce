import { describe, expect, test } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { referenceTables } from '../../lab/reference-state.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { createEmbeddedEngine, type EmbeddedEngine } from './embedded-engine.ts';

describe('time travel', () => {
  test('back to an event, the lab is what it was, table by table', async () => {
    const { engine, events } = await startedLab();
    const atEvent = await eventNow(engine, events);
    const before = await look(engine);
    await engine.perform({ type: 'break', fault: { kind: 'node-stopped', node: 'LEAF-DC-1' } });
    await pass(engine, 5000);
    expect(await look(engine)).not.toEqual(before);
    expect(await engine.timeTravel.to(atEvent)).toMatchObject({ outcome: 'done', event: atEvent });
    const { past, ...then } = await look(engine);
    expect(past).toBeDefined();
    expect({ ...then, at: 0 }).toEqual({ ...before, at: 0 });
  });

  test('forward from there, everything happens again, what was asked included', async () => {
    const { engine, events } = await startedLab();
    const from = await eventNow(engine, events);
    await engine.perform({ type: 'break', fault: { kind: 'node-silent', node: 'datacenter-worker' } });
    await pass(engine, 3000);
    await finish(engine, engine.run('kubectl rollout restart deployment hello', { cluster: 'datacenter' }));
    await finish(engine, engine.run('kubectl rollout status deployment hello', { cluster: 'datacenter' }));
    await engine.perform({ type: 'heal', fault: 'all' });
    await pass(engine, 4000);
    const end = await look(engine);
    const first = events.filter(({ id }) => id > from);
    events.length = 0;
    expect(await engine.timeTravel.to(from)).toMatchObject({ outcome: 'done' });
    await untilPresent(engine);
    expect(engine.clock.now()).toBe(end.at);
    expect(await look(engine)).toEqual(end);
    expect(events).toEqual(first);
  });

  test('steps of another size change nothing', async () => {
    const { engine, events } = await startedLab();
    const from = await eventNow(engine, events);
    await finish(
      engine,
      engine.run('kubectl drain datacenter-worker --ignore-daemonsets', { cluster: 'datacenter' }),
    );
    await pass(engine, 2000);
    const first = events.filter(({ id }) => id > from);
    for (const size of [7, 5000]) {
      events.length = 0;
      expect(await engine.timeTravel.to(from)).toMatchObject({ outcome: 'done' });
      await untilPresent(engine, size);
      expect(events.slice(0, first.length)).toEqual(first);
    }
  });

  test('to every event of a failover, and on to the next one by single steps', async () => {
    const { engine, events } = await startedLab();
    const from = await eventNow(engine, events);
    await engine.perform({ type: 'break', fault: { kind: 'link-cut', link: engine.lab.links[0]?.id ?? '' } });
    await pass(engine, 1500);
    const story = events.filter(({ id }) => id > from);
    expect(story.length).toBeGreaterThan(10);
    for (const event of story.slice(0, 6)) {
      const landed = await engine.timeTravel.to(event.id);
      expect(landed).toMatchObject({ outcome: 'done', at: event.at });
      events.length = 0;
      engine.clock.step();
      const [next] = events;
      if (landed.outcome === 'done' && next !== undefined) expect(next.id).toBe(landed.event + 1);
    }
  });

  test('whoever does something in the past forgets what came after', async () => {
    const { engine, events } = await startedLab();
    const from = await eventNow(engine, events);
    await engine.perform({ type: 'break', fault: { kind: 'node-stopped', node: 'LEAF-DC-1' } });
    await pass(engine, 3000);
    await engine.timeTravel.to(from);
    await engine.perform({ type: 'break', fault: { kind: 'node-stopped', node: 'LEAF-DC-2' } });
    await pass(engine, 10_000);
    const now = await engine.snapshot([]);
    expect(now.past).toBeUndefined();
    expect(now.faults.map(({ fault }) => fault)).toEqual([{ kind: 'node-stopped', node: 'LEAF-DC-2' }]);
  });

  test('back across a restore, and forward through it', async () => {
    const { engine, events } = await startedLab();
    const from = await eventNow(engine, events);
    await pass(engine, 1000);
    await engine.perform({ type: 'restore', stage: 'fabric' });
    await pass(engine, 1000);
    const end = await look(engine);
    await engine.timeTravel.to(from);
    expect((await engine.snapshot([])).clusters.some(({ state }) => state === 'running')).toBe(true);
    await untilPresent(engine);
    expect(await look(engine)).toEqual(end);
  });

  test('not while something is under way, and not to what never happened', async () => {
    const { engine, events } = await startedLab();
    const from = await eventNow(engine, events);
    const running = engine.run('ping -c 3 1.1.1.201', { on: 'datacenter-worker' });
    expect(await engine.timeTravel.to(from)).toMatchObject({ outcome: 'refused' });
    await finish(engine, running);
    expect(await engine.timeTravel.to(99_999_999)).toMatchObject({ outcome: 'refused' });
  });
});

async function startedLab(): Promise<{ engine: EmbeddedEngine; events: LabEvent[] }> {
  const engine = createEmbeddedEngine(talkLab());
  const events: LabEvent[] = [];
  engine.subscribe(batch => events.push(...batch));
  await engine.perform({ type: 'restore', stage: 'clients' });
  await pass(engine, 4000);
  return { engine, events };
}

/** Something that has just happened. */
async function eventNow(engine: EmbeddedEngine, events: LabEvent[]): Promise<number> {
  await engine.perform({ type: 'traffic', on: true, ratePerClient: 3 });
  return events.at(-1)?.id ?? 0;
}

/** Time passes as a terminal winds it: in slices, with everything else in between. */
async function pass(engine: EmbeddedEngine, milliseconds: number, slice = 33): Promise<void> {
  for (let left = milliseconds; left > 0; left -= slice) {
    engine.clock.advance(Math.min(slice, left));
    await nextTurn();
  }
}

async function finish<T>(engine: EmbeddedEngine, promise: Promise<T>): Promise<T> {
  let over = false;
  promise.then(() => {
    over = true;
  });
  for (await nextTurn(); !over; await nextTurn()) engine.clock.advance(33);
  return promise;
}

async function untilPresent(engine: EmbeddedEngine, slice = 33): Promise<void> {
  for (;;) {
    const { past, at } = await engine.snapshot([]);
    if (past === undefined) return;
    engine.clock.advance(Math.min(slice, Math.max(0.001, past.presentAt - at)));
    await nextTurn();
  }
}

function look(engine: EmbeddedEngine) {
  return engine.snapshot([
    ...referenceTables(engine.lab),
    { name: 'sessions' },
    { name: 'bfd' },
    { name: 'forwarding', node: 'BORDER-DC', instance: 'kube-ipvrf' },
  ]);
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
