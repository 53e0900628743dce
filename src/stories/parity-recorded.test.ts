import { afterAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../test-support/driven-lab.ts';
import { differences, factsOf, recordedFacts } from '../test-support/parity.ts';
import { type Explanation, explanations, sortDifferences } from '../test-support/parity-differences.ts';
import { recordedTimers, talkLab } from '../test-support/talk-lab.ts';

describe('the embedded lab beside what real FRR said', () => {
  const used = new Set<Explanation>();

  async function compare(moment: string, lab: DrivenLab): Promise<void> {
    const { unexplained, explained } = sortDifferences(
      differences(recordedFacts(moment), await factsOf(lab.engine)),
    );
    for (const explanation of explained.keys()) used.add(explanation);
    expect(unexplained).toEqual([]);
  }

  const lab = new DrivenLab(talkLab(recordedTimers)).buildUpTo('service');

  it('agrees when converged', async () => {
    await compare('converged', await lab);
  });

  it('agrees 15 s after a leaf died without a sign', async () => {
    const running = await lab;
    await running.break({ kind: 'node-silent', node: 'LEAF-DC-1' });
    running.advance(15_000);
    await compare('leaf silently dead', running);
  });

  it('agrees when the leaf is back', async () => {
    const running = await lab;
    await running.heal();
    running.settle();
    running.advance(15_000);
    await compare('leaf back', running);
  });

  it('agrees 14 s after a worker died without a sign', async () => {
    const running = await lab;
    await running.break({ kind: 'node-silent', node: 'datacenter-worker' });
    running.advance(14_000);
    await compare('worker silently dead', running);
  });

  it('agrees when a link between border leaf and spine is down', async () => {
    const running = await lab;
    await running.heal();
    running.settle();
    running.advance(15_000);
    await running.break({ kind: 'link-cut', link: 'BORDER-DC:e1-1 SPINE-DC-1:e1-10' });
    running.advance(3000);
    await compare('link down', running);
  });

  afterAll(() => {
    expect(
      explanations
        .filter(one => one.seenIn.includes('the recording') && !used.has(one))
        .map(one => one.because),
    ).toEqual([]);
  });
});
