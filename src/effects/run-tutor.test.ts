import { afterEach, expect, it } from 'vitest';
import { createFakeEngine, type FakeEngine } from '../test-support/fake-engine.ts';
import { smallCourse } from '../test-support/small-course.ts';
import { isPassed } from '../tutor/live-blocks.ts';
import { emptyProgress, type Progress } from '../tutor/progress.ts';
import type { Store } from '../tutor/store.ts';
import { failoversOf } from '../tutor/timeline.ts';
import type { ProgressFile } from './progress-file.ts';
import { runTutor } from './run-tutor.ts';

let running: Store | undefined;
afterEach(async () => {
  running?.send({ type: 'quit-asked' });
  running?.send({ type: 'overlay-accepted' });
  await running?.done;
  running = undefined;
});

it('a lesson is taken from its first step to its last, each step by its effect', async () => {
  const { store, engine, saved } = await start();
  store.send({ type: 'lesson-asked', lesson: '01-cable' });
  await until(
    store,
    () => store.getState().work.underway.length === 0 && store.getState().screen.name === 'lesson',
  );
  store.send({ type: 'speed-asked', to: 100 });
  for (const step of [0, 1]) {
    store.send({ type: 'do-asked' });
    await until(store, () => isPassed(store.getState()));
    store.send({ type: 'next-step-asked' });
    await until(store, () => store.getState().lesson?.step === step + 1);
  }
  store.send({ type: 'answer-edited', input: { text: '3', cursor: 1 } });
  store.send({ type: 'do-asked' });
  store.send({ type: 'do-asked' });
  await until(store, () => store.getState().lesson?.check?.passed === true);
  expect(store.getState().view?.faults).toHaveLength(1);
  expect(failoversOf(store.getState().timeline)).toMatchObject([{ kind: 'break' }]);
  expect(engine.asked).toContain('break link-cut LEAF-DC-1:e1-1 SPINE-DC-1:e1-1');
  expect(saved.at(-1)?.lessons['01-cable']?.steps['cut-it']?.predictions).toMatchObject({
    '01-cable/cut-it/1': { answer: '3', measured: '0 requests' },
  });
});

it('many messages at once are one redraw', async () => {
  const { store } = await start();
  await until(store, () => store.getState().view !== undefined);
  let redraws = 0;
  store.subscribe(() => {
    redraws++;
  });
  for (let count = 0; count < 10; count++) store.send({ type: 'home-cursor-moved', to: count % 2 });
  expect(redraws).toBe(0);
  await turn();
  expect(redraws).toBe(1);
});

it('what happens in a lab with a clock is drawn with the look that follows, elsewhere at once', async () => {
  for (const hasClock of [true, false]) {
    const { clock, ...engine } = createFakeEngine();
    const { store } = await start((hasClock ? { ...engine, clock } : engine) as FakeEngine);
    await until(store, () => store.getState().view !== undefined);
    const before = store.getState().view;
    const drawn: { readonly events: number; readonly looked: boolean }[] = [];
    const stop = store.subscribe(() => {
      const { timeline, view } = store.getState();
      drawn.push({ events: timeline.events.length, looked: view !== before });
    });
    const [link = { id: '' }] = engine.lab.links;
    await engine.perform({ type: 'break', fault: { kind: 'link-cut', link: link.id } });
    await until(store, () => store.getState().view !== before);
    expect(drawn[0]).toEqual({ events: 1, looked: hasClock });
    stop();
    store.send({ type: 'quit-asked' });
    store.send({ type: 'overlay-accepted' });
    await store.done;
  }
});

it('a message that changes nothing is no redraw', async () => {
  const { store } = await start();
  await until(store, () => store.getState().view !== undefined);
  let redraws = 0;
  store.subscribe(() => {
    redraws++;
  });
  store.send({ type: 'back-asked' });
  await turn();
  expect(redraws).toBe(0);
});

it('Ctrl-C ends the running command first, and only then asks about leaving', async () => {
  const { store } = await start();
  store.send({ type: 'shell-edited', input: { text: 'sleep 1000', cursor: 10 } });
  store.send({ type: 'shell-entered' });
  await turn();
  expect(store.getState().work.underway).toHaveLength(1);
  store.send({ type: 'interrupt-asked' });
  await until(store, () => idle(store));
  expect(store.getState().shell.blocks.at(-1)?.exitCode).toBe(130);
  expect(store.getState().overlay.name).toBe('none');
  store.send({ type: 'interrupt-asked' });
  await turn();
  expect(store.getState().overlay).toMatchObject({ name: 'confirm', asks: { type: 'quit' } });
});

it('an engine that throws is a screen about a bug, and the tutorial goes on', async () => {
  const engine = createFakeEngine();
  const broken: FakeEngine = { ...engine, run: () => Promise.reject(new Error('the lab fell over')) };
  const { store } = await start(broken);
  store.send({ type: 'shell-edited', input: { text: 'echo hi', cursor: 7 } });
  store.send({ type: 'shell-entered' });
  await until(store, () => store.getState().screen.name === 'failure');
  expect(store.getState().screen).toMatchObject({ failure: { reader: 'bug', message: 'the lab fell over' } });
  await until(store, () => idle(store));
  store.send({ type: 'back-asked' });
  await turn();
  expect(store.getState().screen.name).toBe('home');
});

it('a progress file that cannot be written is said once, and the tutorial goes on', async () => {
  const progress: ProgressFile = {
    load: async () => ({ progress: emptyProgress, notice: 'The progress file was set aside.' }),
    save: async () => ({ outcome: 'failed', because: 'read-only file system' }),
  };
  const { store } = await start(createFakeEngine(), progress);
  store.send({ type: 'lesson-asked', lesson: '01-cable' });
  await until(store, () => store.getState().notices.length >= 2);
  expect(store.getState().notices.map(notice => notice.text)).toEqual([
    'The progress file was set aside.',
    'Progress is not kept: read-only file system',
  ]);
});

it('leaving stops the engine and nothing runs afterwards', async () => {
  const { store, engine } = await start();
  store.send({ type: 'quit-asked' });
  store.send({ type: 'overlay-accepted' });
  expect(await store.done).toBe(0);
  expect(engine.asked).toEqual(['stop']);
  expect(store.getState().leaving).toBe(true);
});

async function start(engine = createFakeEngine(), progress?: ProgressFile) {
  const saved: Progress[] = [];
  const file: ProgressFile = progress ?? {
    load: async () => ({ progress: emptyProgress }),
    save: async kept => {
      saved.push(kept);
      return { outcome: 'kept' };
    },
  };
  running = await runTutor({ engine, course: smallCourse, progress: file });
  return { store: running, engine, saved };
}

function idle(store: Store): boolean {
  const { underway, waiting } = store.getState().work;
  return underway.length + waiting.length === 0;
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Settles when the state is so; the test's time limit is the limit. */
async function until(store: Store, holds: () => boolean): Promise<void> {
  await turn();
  if (holds()) return;
  await new Promise<void>(resolve => {
    const unsubscribe = store.subscribe(() => {
      if (!holds()) return;
      unsubscribe();
      resolve();
    });
  });
}
