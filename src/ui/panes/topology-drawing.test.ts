import { describe, expect, it } from 'vitest';
import type { Lab, LabNode } from '../../lab/lab.ts';
import { labOfTheTalk } from '../../test-support/lab-of-the-talk.ts';
import { everythingUp, leafStopped, nothingBuilt } from '../../test-support/snapshots.ts';
import { lineText, lineWidth } from '../cells/line.ts';
import { drawTopology } from './topology-drawing.ts';
import { topologyPlan } from './topology-plan.ts';

describe('the plan of a fabric', () => {
  it('finds spines, leaves and hosts by who is connected to whom', () => {
    const plan = topologyPlan(labOfTheTalk);
    expect(plan.tiers.map(tier => tier.map(node => node.name))).toEqual([
      ['SPINE-DC-1', 'SPINE-DC-2'],
      ['LEAF-DC-1', 'LEAF-DC-2', 'BORDER-DC'],
      ['client-control-plane', 'datacenter-worker', 'datacenter-worker2'],
    ]);
    expect(plan.apart.map(node => node.name)).toEqual(['datacenter-control-plane']);
  });
});

describe('the drawing of the topology', () => {
  it('shows every link in a piece of its own, with its traffic', () => {
    expect(
      drawTopology(labOfTheTalk, everythingUp, { width: 60, height: 8 }, undefined)?.map(lineText),
    ).toEqual([
      '         ● SPINE-DC-1                  ● SPINE-DC-2',
      '        ┌──────┴────────────┬────────────────│──┐',
      '        ┃   ┌───────────────┃───┬────────────┴──┃───┐',
      '   62/s ┃   ┃ 44/s     54/s ┃   ┃ 58/s    110/s ┃   ┃ 100/s',
      '     ● LEAF-DC-1         ● LEAF-DC-2         ● BORDER-DC',
      '          ┃ 104/s             ┃ 96/s              ┃ 200/s',
      '      ● worker            ● worker2           ● client',
    ]);
  });

  it('says what is down by symbol, not by colour alone', () => {
    const lines = drawTopology(labOfTheTalk, leafStopped, { width: 60, height: 8 }, undefined)?.map(lineText);
    expect(lines?.[3]).toBe('   down ✘   ✘ down     54/s ┃   ┃ 58/s    110/s ┃   ┃ 100/s');
    expect(lines?.[4]).toBe('     ✘ LEAF-DC-1         ● LEAF-DC-2         ● BORDER-DC');
  });

  it('draws the whole lab before anything is built', () => {
    const lines = drawTopology(labOfTheTalk, nothingBuilt, { width: 60, height: 8 }, undefined)?.map(
      lineText,
    );
    expect(lines?.[0]).toBe('         ○ SPINE-DC-1                  ○ SPINE-DC-2');
    expect(lines?.[3]).toBe('        ╎   ╎               ╎   ╎               ╎   ╎');
  });

  it('marks the selected node', () => {
    const [first] = drawTopology(labOfTheTalk, everythingUp, { width: 60, height: 8 }, 'SPINE-DC-1') ?? [];
    expect(first?.find(part => part.text.includes('SPINE-DC-1'))?.look).toBe('selected');
  });

  it('gives way to a list when there is no room', () => {
    expect(drawTopology(labOfTheTalk, everythingUp, { width: 40, height: 20 }, undefined)).toBeUndefined();
    expect(drawTopology(labOfTheTalk, everythingUp, { width: 60, height: 5 }, undefined)).toBeUndefined();
  });

  it.each([
    [2, 2],
    [2, 6],
    [4, 4],
    [6, 6],
  ])('fits %i spines over %i leaves into 110 columns', (spines, leaves) => {
    const lines = drawTopology(clos(spines, leaves), undefined, { width: 110, height: 40 }, undefined);
    expect(lines).toBeDefined();
    for (const line of lines ?? []) expect(lineWidth(line)).toBeLessThanOrEqual(110);
    const text = lines?.map(lineText).join('\n') ?? '';
    expect(text.match(/○ S\d/g)).toHaveLength(spines);
    expect(text.match(/○ L\d/g)).toHaveLength(leaves);
  });
});

/** Spines and leaves, all connected, nothing behind the leaves. */
function clos(spines: number, leaves: number): Lab {
  const template = labOfTheTalk.nodes[0];
  if (template?.kind !== 'switch') throw new Error('the first node of the talk’s lab is a switch');
  const node = (name: string): LabNode => ({ ...template, name });
  const names = (letter: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  const hosts = names('L', leaves).map(
    (leaf): LabNode => ({ ...template, kind: 'container', name: `h-${leaf}` }),
  );
  return {
    ...labOfTheTalk,
    nodes: [...names('S', spines).map(node), ...names('L', leaves).map(node), ...hosts],
    links: names('L', leaves).flatMap(leaf => [
      ...names('S', spines).map(spine => ({
        id: `${leaf}:e1-${spine} ${spine}:e1-${leaf}`,
        a: { node: leaf, port: `e1-${spine}` },
        b: { node: spine, port: `e1-${leaf}` },
        role: 'fabric' as const,
      })),
      {
        id: `${leaf}:e1-10 h-${leaf}:e1`,
        a: { node: leaf, port: 'e1-10' },
        b: { node: `h-${leaf}`, port: 'e1' },
        role: 'join' as const,
      },
    ]),
  };
}
