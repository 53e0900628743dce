import { describe, expect, test } from 'vitest';
import type { Step } from './steps.ts';
import { type StepReport, walk } from './walk.ts';

/*
 *        a ──┬── b ── d
 *            └── c ──┘
 */
const steps = [step('a'), step('b', 'a'), step('c', 'a'), step('d', 'b', 'c')];

describe('The walk through a build', () => {
  test('begins a step as soon as those it needs are done, side by side where it can', async () => {
    const { took, finish, walked } = begin();
    await finish('a');
    expect(took()).toEqual(['a', 'b', 'c']);
    await finish('c');
    expect(took()).toEqual(['a', 'b', 'c']);
    await finish('b');
    await finish('d');
    expect(await walked).toEqual({ outcome: 'done', failures: [] });
  });

  test('passes over what is there already', async () => {
    const { took, finish, walked, reports } = begin({ there: ['a', 'b'] });
    await finish('c');
    await finish('d');
    expect(took()).toEqual(['c', 'd']);
    expect((await walked).outcome).toBe('done');
    expect(reports.map(({ step: { id }, progress }) => `${id} ${progress}`)).toEqual([
      ...['a there', 'b there', 'c running', 'c done', 'd running', 'd done'],
    ]);
  });

  test('after a failure begins nothing new, and lets end what runs', async () => {
    const { took, finish, walked } = begin();
    await finish('a');
    await finish('b', { because: 'it broke', nextSteps: ['mend it'] });
    await finish('c');
    expect(took()).toEqual(['a', 'b', 'c']);
    expect(await walked).toMatchObject({
      outcome: 'failed',
      failures: [{ step: { id: 'b' }, because: 'it broke', nextSteps: ['mend it'] }],
    });
  });

  test('is cancelled by the signal: what was cut off is no failure', async () => {
    const { controller, finish, walked, reports } = begin();
    await finish('a');
    controller.abort();
    await finish('b', 'interrupted');
    await finish('c', 'interrupted');
    expect(await walked).toEqual({ outcome: 'cancelled', failures: [] });
    expect(reports.at(-1)).toMatchObject({ progress: 'cancelled' });
  });

  test('steps outside of the walk count as done', async () => {
    const { finish, walked } = begin({ steps: steps.slice(3) });
    await finish('d');
    expect((await walked).outcome).toBe('done');
  });
});

type Outcome = string | { readonly because: string; readonly nextSteps: readonly string[] } | undefined;

function begin(options: { readonly there?: readonly string[]; readonly steps?: readonly Step[] } = {}) {
  const controller = new AbortController();
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const taken: string[] = [];
  const reports: StepReport[] = [];
  const walked = walk({
    steps: options.steps ?? steps,
    signal: controller.signal,
    report: one => reports.push(one),
    builder: {
      isStepDone: async ({ id }) => options.there?.includes(id) === true,
      performStep: ({ id }) => {
        taken.push(id);
        return new Promise(resolve => waiting.set(id, resolve));
      },
    },
  });
  const finish = async (id: string, outcome?: Outcome) => {
    await expect.poll(() => waiting.has(id)).toBe(true);
    waiting.get(id)?.(outcome);
    await settled();
  };
  return { controller, finish, walked, reports, took: () => taken };
}

/** All promises that follow from each other have run. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

function step(id: string, ...needs: string[]): Step {
  return {
    ...{ id, stage: 'network', tasks: [id], title: id, needs },
    work: { type: 'pull', image: 'alpine:3.22' },
    limitSeconds: 1,
  };
}
