import { expect, test } from 'vitest';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { engineConformance } from '../../test-support/engine-conformance.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { createEmbeddedEngine } from './embedded-engine.ts';

engineConformance(async () => {
  const engine = createEmbeddedEngine(talkLab());
  return {
    engine,
    async drive(promise) {
      engine.clock.runUntilQuiet();
      const result = await promise;
      engine.clock.runUntilQuiet();
      return result;
    },
  };
}, 'fabric');

test('a build goes on only while time advances', async () => {
  const engine = createEmbeddedEngine(talkLab());
  let result: unknown;
  void engine.build('network').then(done => {
    result = done;
  });
  await Promise.resolve();
  expect(result).toBeUndefined();
  expect(engine.clock.busy()).toBe(true);
  engine.clock.advance(1000);
  await Promise.resolve();
  await Promise.resolve();
  expect(result).toEqual({ outcome: 'done' });
});

test('a step jumps to the next event and does just that', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  await lab.break({ kind: 'link-cut', link: 'BORDER-DC:e1-1 SPINE-DC-1:e1-10' });
  const before = lab.events.length;
  const at = lab.now();
  expect(lab.engine.clock.step()).toBe(true);
  expect(lab.events.length).toBeGreaterThan(before);
  expect(lab.now()).toBeGreaterThan(at);
  expect(new Set(lab.events.slice(before).map(event => event.at)).size).toBe(1);
});

test('a lab that is not quiet within a slice of time has not been given up', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  await lab.break({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
  let slices = 1;
  while (!lab.engine.clock.runUntilQuiet(1_000)) {
    lab.advance(1);
    slices++;
  }
  expect(slices).toBeGreaterThan(50);
  expect(lab.events.filter(({ type }) => type === 'did-not-settle')).toEqual([]);
});

test('time never runs backwards', () => {
  const { clock } = createEmbeddedEngine(talkLab());
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
});

test('a build cancelled on the way keeps what it did and goes on from there', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  const controller = new AbortController();
  const building = lab.engine.build('clusters', { signal: controller.signal });
  lab.advance(500);
  controller.abort();
  lab.settle();
  expect(await building).toEqual({ outcome: 'cancelled' });
  const first = (await lab.snapshot()).stages.find(({ id }) => id === 'clusters');
  expect(first?.tasks.map(({ progress }) => progress)).toEqual(['done', 'waiting']);
  const again = lab.engine.build('clusters');
  lab.settle();
  expect(await again).toEqual({ outcome: 'done' });
});

test('event ids and lab time go on through a restore', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  const last = lab.events.at(-1);
  await lab.engine.perform({ type: 'restore', stage: 'fabric' });
  const next = lab.events.find(({ id }) => id > (last?.id ?? 0));
  expect(next?.id).toBe((last?.id ?? 0) + 1);
  expect(next?.at).toBeGreaterThanOrEqual(last?.at ?? 0);
});
