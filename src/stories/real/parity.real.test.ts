import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../lab/fault.ts';
import { readLab } from '../../lab/files/read-lab.ts';
import type { Lab } from '../../lab/lab.ts';
import { findFrr } from '../../programs/frr.ts';
import { chanceOf, labVariant } from '../../test-support/lab-variants.ts';
import { explanations } from '../../test-support/parity-differences.ts';
import { type Comparison, ParityPair } from '../../test-support/parity-pair.ts';
import { ParityReport } from '../../test-support/parity-report.ts';
import { recordedTimers, talkLab } from '../../test-support/talk-lab.ts';

const found = await findFrr();
const machine = found.outcome === 'found' ? describe : describe.skip;
const variants = Number(process.env['SRKLAB_PARITY_SEEDS'] ?? 5);
const firstSeed = Number(process.env['SRKLAB_PARITY_FIRST'] ?? 1);
const VIP = '10.254.254.240/32';

const report = new ParityReport(found.outcome === 'found' ? found.frr.version : '');

function pairOf(lab: Lab): ParityPair {
  if (found.outcome !== 'found') throw new Error(found.because);
  return new ParityPair(lab, found.frr);
}

machine('The talk’s lab says the same on FRR and embedded', () => {
  const pair = pairOf(talkLab(recordedTimers));

  async function compare(moment: string): Promise<Comparison> {
    const comparison = await pair.compare(moment);
    report.add('the talk’s lab', [], comparison);
    expect(comparison.unexplained).toEqual([]);
    return comparison;
  }

  /** The change of what one node uses for a prefix, in milliseconds after the fault, within a band of what was measured on FRR alone. */
  function expectGap(
    what: string,
    place: { readonly node: string; readonly instance: string; readonly prefix: string },
    band: readonly [number, number],
  ): void {
    const gap = pair.gap(
      event =>
        event.type === 'forwarding-changed' &&
        event.node === place.node &&
        event.instance === place.instance &&
        event.prefix === place.prefix,
    );
    report.addGap({ what, band, ...gap });
    const [low, high] = band;
    expect(gap.embedded).toBeGreaterThanOrEqual(low);
    expect(gap.embedded).toBeLessThanOrEqual(high);
    expect(gap.frr).toBeGreaterThanOrEqual(low);
    // The bands are a quiet machine's.
    expect(gap.frr).toBeLessThanOrEqual(high * 1.5 + 100);
  }

  async function heal(moment: string): Promise<void> {
    await pair.heal();
    await compare(moment);
  }

  afterAll(() => pair.stop());

  for (const stage of ['fabric', 'links', 'metallb', 'service'] as const) {
    it(`after the stage ${stage}`, async () => {
      await pair.buildUpTo(stage);
      await compare(`stage ${stage}`);
    }, 60_000);
  }

  it('with a link cut, and whole again', async () => {
    await pair.break({ kind: 'link-cut', link: 'BORDER-DC:e1-1 SPINE-DC-1:e1-10' });
    await compare('link cut: BORDER-DC – SPINE-DC-1');
    const local = { node: 'BORDER-DC', instance: 'default', prefix: '1.1.1.1/32' };
    expectGap('link cut, beside it', local, [0, 75]);
    const remote = { node: 'LEAF-DC-1', instance: 'default', prefix: '1.1.1.10/32' };
    expectGap('link cut, two hops away', remote, [50, 150]);
    await heal('link whole again');
  }, 90_000);

  it('with a silent leaf, and back', async () => {
    await pair.break({ kind: 'node-silent', node: 'LEAF-DC-1' });
    await compare('LEAF-DC-1 silent');
    const border = { node: 'BORDER-DC', instance: 'kube-ipvrf', prefix: VIP };
    expectGap('leaf silent, BFD 3 × 300 ms', border, [700, 1200]);
    await heal('LEAF-DC-1 back');
  }, 120_000);

  it('with a stopped leaf, and started', async () => {
    await pair.break({ kind: 'node-stopped', node: 'LEAF-DC-2' });
    await compare('LEAF-DC-2 stopped');
    const border = { node: 'BORDER-DC', instance: 'kube-ipvrf', prefix: VIP };
    expectGap('leaf stopped', border, [0, 310]);
    await heal('LEAF-DC-2 started');
  }, 120_000);

  it('with a silent worker, and back', async () => {
    await pair.break({ kind: 'node-silent', node: 'datacenter-worker' });
    await compare('datacenter-worker silent');
    const leaf = { node: 'LEAF-DC-1', instance: 'kube-ipvrf', prefix: VIP };
    expectGap('worker silent, hold time 9 s', leaf, [6000, 9000]);
    await heal('datacenter-worker back');
  }, 120_000);

  it('after a killed speaker', async () => {
    await pair.break({ kind: 'speaker-killed', node: 'datacenter-worker2' });
    await compare('speaker of datacenter-worker2 killed and back');
    const leaf = { node: 'LEAF-DC-2', instance: 'kube-ipvrf', prefix: VIP };
    expectGap('speaker killed', leaf, [0, 80]);
  }, 60_000);

  it('under the traffic policy Local, with one pod left', async () => {
    await pair.run('kubectl apply -f app/hello-lb-local.yaml');
    await compare('policy Local');
    await pair.run('kubectl scale deployment hello --replicas=1');
    const { facts } = await compare('policy Local, one pod');
    expect(facts).toBeGreaterThan(100);
  }, 90_000);
});

machine('Variants of the lab say the same on FRR and embedded', () => {
  for (let seed = firstSeed; seed < firstSeed + variants; seed++) {
    const variant = labVariant(seed);
    it(`seed ${seed}: ${variant.traits.join(', ')}`, async () => {
      const reading = readLab('srklab.yml', path => variant.files.get(path) ?? { problem: 'missing' });
      if (reading.outcome !== 'read') throw new Error(`seed ${seed} does not read`);
      const pair = pairOf(reading.lab);
      const name = `seed ${seed}`;
      try {
        await pair.buildUpTo('fabric');
        const converged = await pair.compare('converged');
        report.add(name, variant.traits, converged);
        const link = variant.links[chanceOf(seed).number(variant.links.length)] ?? '';
        const fault: Fault = { kind: 'link-cut', link };
        await pair.break(fault);
        const cut = await pair.compare(`link cut: ${link}`);
        report.add(name, variant.traits, cut);
        expect({ converged: converged.unexplained, cut: cut.unexplained }).toEqual({
          converged: [],
          cut: [],
        });
      } finally {
        await pair.stop();
      }
    }, 120_000);
  }
});

machine('The list of differences', () => {
  beforeAll(() => report.write());

  it('has none that no longer occurs', () => {
    const unused = explanations.filter(
      each => each.seenIn.includes('the live lab') && !report.used.has(each),
    );
    expect(unused.map(({ what }) => what)).toEqual([]);
  });
});
