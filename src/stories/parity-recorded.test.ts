import { afterAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../test-support/driven-lab.ts';
import {
  differences,
  type Explanation,
  embeddedFacts,
  isExplainedBy,
  recordedFacts,
} from '../test-support/parity.ts';
import { switchNames, talkLab } from '../test-support/talk-lab.ts';

/** Every way in which FRR 10.3 and the embedded lab differ at the recorded moments; docs/parity.md tells them in full. */
const explanations: readonly Explanation[] = [
  {
    side: 'only embedded',
    facts: /^LEAF-DC-[12] route kube-ipvrf 192\.168\.101\.10[12]\/32 via direct$/,
    because:
      'SR Linux makes a host route of each learnt neighbour (`host-route populate dynamic`); the recorded FRR did not',
  },
  {
    side: 'only embedded',
    facts: / evpn 1\.1\.1\.[12]:4 \[5\]:\[0\]:\[32\]:\[192\.168\.101\.10[12]\] /,
    because: 'and its ip-vrf exports those host routes as type 5',
  },
];

/** The recorded routers ran keepalive 3 s, hold 9 s on every session; so do ours here. */
function recordedTimers(files: Map<string, string>): void {
  for (const node of switchNames) {
    const path = `fabric/${node}.cfg`;
    const groups = new Set(
      [...(files.get(path) ?? '').matchAll(/^set \/ network-instance (\S+) protocols bgp group (\S+)/gm)].map(
        ([, instance, group]) => `${instance} protocols bgp group ${group}`,
      ),
    );
    const lines = [...groups].flatMap(group => [
      `set / network-instance ${group} timers hold-time 9`,
      `set / network-instance ${group} timers keepalive-interval 3`,
    ]);
    files.set(path, `${files.get(path) ?? ''}\n${lines.join('\n')}\n`);
  }
  files.set(
    'metallb/config.yaml',
    (files.get('metallb/config.yaml') ?? '').replace(
      /ebgpMultiHop: true/g,
      'ebgpMultiHop: true\n  holdTime: 9s\n  keepaliveTime: 3s',
    ),
  );
}

describe('the embedded lab beside what real FRR said', () => {
  const used = new Set<Explanation>();

  async function compare(moment: string, lab: DrivenLab): Promise<void> {
    const unexplained = differences(recordedFacts(moment), await embeddedFacts(lab)).filter(difference => {
      const explanation = explanations.find(one => isExplainedBy(difference, one));
      if (explanation !== undefined) used.add(explanation);
      return explanation === undefined;
    });
    expect(unexplained.map(({ side, fact }) => `${side}: ${fact}`)).toEqual([]);
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
    expect(explanations.filter(one => !used.has(one)).map(one => one.because)).toEqual([]);
  });
});
