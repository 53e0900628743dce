import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LabEngine } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';
import { switchesOf } from '../lab/lab.ts';
import { differencesFrom, referenceTables } from '../lab/reference-state.ts';
import { type StageId, stagesUpTo } from '../lab/stage.ts';

export type EngineUnderTest = {
  readonly engine: LabEngine;
  /** Lets the lab go on until the promise is settled and nothing is under way. */
  drive<T>(promise: Promise<T>): Promise<T>;
};

/** What every engine keeps to, whatever runs beneath it. `upTo` is a stage whose lab has fabric links. */
export function engineConformance(make: () => Promise<EngineUnderTest>, upTo: StageId): void {
  describe('keeps to what every engine promises', () => {
    let engine: LabEngine;
    let drive: EngineUnderTest['drive'];
    let events: LabEvent[];

    beforeEach(async () => {
      ({ engine, drive } = await make());
      events = [];
      engine.subscribe(batch => events.push(...batch));
    });

    afterEach(async () => {
      await drive(engine.stop());
    });

    const buildAll = async () => {
      for (const stage of stagesUpTo(engine.lab.stages, upTo) ?? []) {
        expect(await drive(engine.build(stage))).toEqual({ outcome: 'done' });
      }
    };

    test('an empty lab shows every node and link, none of them there', async () => {
      const snapshot = await engine.snapshot([]);
      expect(snapshot.nodes.map(({ name }) => name)).toEqual(engine.lab.nodes.map(({ name }) => name));
      expect(snapshot.links.map(({ id }) => id)).toEqual(engine.lab.links.map(({ id }) => id));
      expect(new Set(snapshot.nodes.map(({ state }) => state))).toEqual(new Set(['absent']));
      expect(snapshot.stages.map(({ id }) => id)).toEqual(engine.lab.stages.map(({ id }) => id));
      expect(snapshot.tables.size).toBe(0);
    });

    test('a stage is not built before what it needs, and the answer names it', async () => {
      const plan = engine.lab.stages.find(({ needs }) => needs.length > 0);
      if (plan === undefined) return;
      const result = await drive(engine.build(plan.id));
      expect(result.outcome).toBe('failed');
      if (result.outcome !== 'failed') return;
      expect(result.because).toContain(plan.needs[0]);
      expect(result.nextSteps.length).toBeGreaterThan(0);
    });

    test('a stage nobody knows fails with what is known', async () => {
      const result = await drive(engine.build('no-such-stage'));
      expect(result).toMatchObject({ outcome: 'failed' });
    });

    test('building tells of its beginning, its tasks and its end; building again does nothing', async () => {
      await buildAll();
      const before = events.length;
      expect(events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['stage-started', 'task-started', 'task-finished', 'stage-finished']),
      );
      expect(await drive(engine.build(upTo))).toEqual({ outcome: 'done' });
      expect(events.slice(before).filter(({ type }) => type === 'stage-started')).toEqual([]);
      const snapshot = await engine.snapshot([]);
      expect(snapshot.stages.find(({ id }) => id === upTo)?.progress).toBe('done');
    });

    test('a build that is cancelled says so and can be taken up again', async () => {
      const [first] = engine.lab.stages;
      if (first === undefined) return;
      expect(await drive(engine.build(first.id, { signal: AbortSignal.abort() }))).toEqual({
        outcome: 'cancelled',
      });
      expect(await drive(engine.build(first.id))).toEqual({ outcome: 'done' });
    });

    test('events come in order and name only causes that came before', async () => {
      await buildAll();
      expect(events.length).toBeGreaterThan(0);
      // A daemon's own word may be heard after what we did ourselves, and be older: its id is higher, its place is before.
      const order = [...events].sort((a, b) => a.at - b.at || a.id - b.id);
      expect(events.map(({ id }) => id)).toEqual(order.map(({ id }) => id));
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      for (const event of events) {
        if (event.cause !== undefined) expect(event.cause).toBeLessThan(event.id);
      }
    });

    test('a listener that left hears nothing more', async () => {
      const heard: LabEvent[] = [];
      const leave = engine.subscribe(batch => heard.push(...batch));
      leave();
      await buildAll();
      expect(heard).toEqual([]);
    });

    test('tables are there when asked for, and only then', async () => {
      await buildAll();
      const wanted = referenceTables(engine.lab);
      const snapshot = await engine.snapshot(wanted);
      expect(snapshot.tables.size).toBe(wanted.length);
    });

    test('what cannot be broken is refused with a reason, and nothing happens', async () => {
      await buildAll();
      const before = await engine.snapshot(referenceTables(engine.lab));
      const count = events.length;
      const result = await drive(
        engine.perform({ type: 'break', fault: { kind: 'link-cut', link: 'nowhere:e1-1 nobody:e1-1' } }),
      );
      expect(result.outcome).toBe('refused');
      if (result.outcome === 'refused') expect(result.nextSteps.length).toBeGreaterThan(0);
      expect(events.slice(count)).toEqual([]);
      expect(differencesFrom(before, await engine.snapshot(referenceTables(engine.lab)))).toEqual([]);
    });

    test('a fault is injected once, shows in the snapshot, and healing leads back', async () => {
      await buildAll();
      const before = await engine.snapshot(referenceTables(engine.lab));
      const link = engine.lab.links.find(({ role }) => role === 'fabric')?.id;
      if (link === undefined || engine.absent.has('link-cut')) return;
      const fault: Fault = { kind: 'link-cut', link };
      const first = await drive(engine.perform({ type: 'break', fault }));
      const second = await drive(engine.perform({ type: 'break', fault }));
      expect(first.outcome).toBe('done');
      expect(second).toEqual(first);
      expect(events.filter(({ type }) => type === 'fault-injected')).toHaveLength(1);
      const broken = await engine.snapshot([]);
      expect(broken.faults).toMatchObject([{ fault }]);
      expect(broken.links.find(({ id }) => id === link)?.state).toBe('down');
      await drive(engine.perform({ type: 'heal', fault: 'all' }));
      await drive(engine.perform({ type: 'heal', fault: 'all' }));
      expect(differencesFrom(before, await engine.snapshot(referenceTables(engine.lab)))).toEqual([]);
    });

    test('a speaker that its supervisor restarts is no active fault; a frozen one is until it is healed', async () => {
      await buildAll();
      const before = await engine.snapshot(referenceTables(engine.lab));
      const node = switchesOf(engine.lab)[0]?.name ?? '';
      for (const kind of ['speaker-killed', 'speaker-terminated', 'speaker-frozen'] as const) {
        if (engine.absent.has(kind)) continue;
        const fault: Fault = { kind, node };
        expect(await drive(engine.perform({ type: 'break', fault }))).toMatchObject({ outcome: 'done' });
        const broken = await engine.snapshot([]);
        expect(broken.faults.map(active => active.fault)).toEqual(kind === 'speaker-frozen' ? [fault] : []);
        await drive(engine.perform({ type: 'heal', fault: 'all' }));
        expect(differencesFrom(before, await engine.snapshot(referenceTables(engine.lab)))).toEqual([]);
      }
    });

    test('restore ends with the stages up to one built and nothing broken, whatever was before', async () => {
      if (engine.absent.has('restore')) return;
      await buildAll();
      const reference = await engine.snapshot(referenceTables(engine.lab));
      const link = engine.lab.links.find(({ role }) => role === 'fabric')?.id ?? '';
      await drive(engine.perform({ type: 'break', fault: { kind: 'link-cut', link } }));
      expect(await drive(engine.perform({ type: 'restore', stage: upTo }))).toMatchObject({
        outcome: 'done',
      });
      const restored = await engine.snapshot(referenceTables(engine.lab));
      expect(differencesFrom(reference, restored)).toEqual([]);
      await drive(engine.perform({ type: 'restore', stage: 'empty' }));
      const empty = await engine.snapshot([]);
      expect(new Set(empty.stages.map(({ progress }) => progress))).toEqual(new Set(['waiting']));
    });

    test('an unknown command is answered and exits with 127', async () => {
      const chunks: string[] = [];
      const result = await drive(
        engine.run('no-such-program --help', { onOutput: ({ text }) => chunks.push(text) }),
      );
      expect(result.exitCode).toBe(127);
      expect(chunks.join('')).toContain('no-such-program');
      expect(result.output.map(({ text }) => text)).toEqual(chunks);
    });

    test('stopping twice is stopping once', async () => {
      await drive(engine.stop());
      await drive(engine.stop());
    });
  });
}
