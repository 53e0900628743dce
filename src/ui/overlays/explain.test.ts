import { describe, expect, it } from 'vitest';
import type { FlowRow } from '../../lab/snapshot.ts';
import { leafStoppedEvents } from '../../test-support/leaf-stopped-events.ts';
import { leafStopped } from '../../test-support/snapshots.ts';
import { inLesson } from '../../test-support/tutor-states.ts';
import { failoverSummaries } from '../../tutor/failover.ts';
import { failoverMarkdown } from '../../tutor/failover-markdown.ts';
import { lineText } from '../cells/line.ts';
import { compareFlows } from './compare-flows.ts';
import { explainEvent } from './explain-event.ts';

describe('what happened', () => {
  const failovers = failoverSummaries(leafStoppedEvents);
  const [failover] = failovers;

  it('is told of a fault on the timeline: who lost which session, who withdrew what, which tables changed', () => {
    const state = { ...inLesson(0, [], leafStopped), timeline: { events: leafStoppedEvents } };
    const { title, lines } = explainEvent(state, { id: failover?.event ?? 0 }, 100);
    const text = lines.map(lineText).join('\n');
    expect(title).toBe('What happened?');
    for (const part of [
      'noticed after',
      'Sessions lost',
      'Who withdrew what',
      'When each data plane changed',
    ])
      expect(text).toContain(part);
  });

  it('can be taken along as Markdown, predictions beside what was measured', () => {
    if (failover === undefined) throw new Error('no failover');
    const text = failoverMarkdown(failover, {
      flowsMoved: 47.94,
      predictions: [{ question: 'How many | requests?', answer: 'none', measured: '12 requests' }],
    });
    expect(text).toMatch(/^# Stop LEAF-DC-1\n\n- Requests lost: /);
    expect(text).toContain('- Flows that reach another node: 47.9 %');
    expect(text).toContain('| How many \\| requests? | none | 12 requests |');
    expect(text).toMatch(/## Who withdrew what\n\n\| after \| node \| withdrawals \| routes \|/);
  });
});

describe('two flows side by side', () => {
  const name = (address: string) => (address === '1.1.1.1' ? 'LEAF-DC-1' : 'LEAF-DC-2');

  it('names where they part, and what each took', () => {
    const lines = compareFlows(flow(49152, '1.1.1.1'), flow(49153, '1.1.1.2'), { width: 100, name });
    const text = lines.map(lineText);
    expect(text.at(-1)).toBe('They part at BORDER-DC kube-ipvrf: LEAF-DC-1 here, LEAF-DC-2 there.');
    expect(text.find(each => each.includes('takes'))).toMatch(/LEAF-DC-1 +≠ +LEAF-DC-2/);
  });

  it('says so when they do not', () => {
    const lines = compareFlows(flow(49152, '1.1.1.1'), flow(49154, '1.1.1.1'), { width: 100, name });
    expect(lines.map(lineText).at(-1)).toBe('They go the same way everywhere.');
  });

  it('keeps to its width', () => {
    for (const width of [50, 60, 76]) {
      const lines = compareFlows(flow(49152, '1.1.1.1'), flow(49153, '1.1.1.2'), { width, name });
      for (const each of lines) expect([...lineText(each)].length).toBeLessThanOrEqual(width);
    }
  });
});

function flow(sourcePort: number, chosen: string): FlowRow {
  return {
    flow: {
      sourceAddress: '10.1.4.20',
      destinationAddress: '10.254.254.240',
      protocol: 6,
      sourcePort,
      destinationPort: 8080,
    },
    outcome: 'answered',
    hops: [
      { node: 'client-control-plane' },
      {
        node: 'BORDER-DC',
        instance: 'kube-ipvrf',
        choice: {
          algorithm: 'hash-threshold',
          fields: [],
          seed: 110,
          hash: 12,
          bucket: 0,
          buckets: 2,
          members: ['1.1.1.1', '1.1.1.2'],
          chosen,
        },
      },
      { node: 'datacenter-worker' },
    ],
    reply: [],
    node: 'datacenter-worker',
    pod: 'hello-1',
  };
}
