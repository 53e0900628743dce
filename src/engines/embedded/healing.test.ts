import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../lab/fault.ts';
import type { Lab } from '../../lab/lab.ts';
import { differencesFrom, referenceTables } from '../../lab/reference-state.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { faultsOn, linkOf } from '../../test-support/random-faults.ts';
import { switchNames, talkLab } from '../../test-support/talk-lab.ts';

let lab: Lab;
let reference: Snapshot;

beforeAll(async () => {
  lab = talkLab();
  reference = await stateOf(await new DrivenLab(lab).buildUpTo('clients'));
});

/** A fault, then this much lab time until the next thing happens. */
type Step = { readonly fault: Fault; readonly heal: boolean; readonly wait: number };

test('any faults in any order, then all healed, end in the reference state', {
  timeout: 60_000,
}, async () => {
  const nodes = [...switchNames, 'datacenter-worker', 'datacenter-worker2'];
  const onNode = fc.constantFrom(...nodes);
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    ...faultsOn(lab, nodes),
    fc.record({
      kind: fc.constant('link-impaired' as const),
      link: linkOf(lab),
      direction: fc.constantFrom('a-to-b' as const, 'b-to-a' as const),
      delayMs: fc.constantFrom(5, 300),
      jitterMs: fc.constantFrom(0, 4),
      lossPercent: fc.constantFrom(0, 20, 70, 100),
    }),
    onNode.map(node => ({ kind: 'speaker-terminated' as const, node })),
    onNode.map(node => ({ kind: 'speaker-frozen' as const, node })),
  );
  const step: fc.Arbitrary<Step> = fc.record({
    fault,
    heal: fc.boolean(),
    wait: fc.constantFrom(1, 60, 1000, 15_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
      const run = await new DrivenLab(lab).buildUpTo('clients');
      for (const { fault: next, heal, wait } of steps) {
        await run.break(next);
        run.advance(wait);
        if (heal) await run.heal();
      }
      await run.heal();
      run.settle();
      expect(differencesFrom(reference, await stateOf(run))).toEqual([]);
    }),
    { numRuns: 8 },
  );
});

function stateOf(run: DrivenLab): Promise<Snapshot> {
  return run.snapshot(...referenceTables(lab));
}
