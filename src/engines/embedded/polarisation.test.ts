import { expect, test } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { closLab } from '../../test-support/clos-lab.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { walk } from './walk.ts';

/*
 * Two tiers that choose, one after the other:
 *
 *   core-1-1  core-1-2    core-2-1  core-2-2
 *        \    /                \    /
 *        agg-1-1              agg-1-2           … the same in pod 2
 *             \______leaf-1-1____/
 */

const FLOWS = 4000;

test('two tiers with the same hash seed polarise: each aggregation switch leaves one of its two cores idle', async () => {
  const carried = await flowsThroughCores({ seed: 7 });
  expect([...carried.values()].filter(count => count > 0)).toHaveLength(2);
  for (const plane of [1, 2]) {
    const counts = [carried.get(`core-${plane}-1`) ?? 0, carried.get(`core-${plane}-2`) ?? 0];
    expect(Math.min(...counts)).toBe(0);
    expect(Math.max(...counts) / FLOWS).toBeCloseTo(1 / 2, 1);
  }
});

test('with the seeds that switches generate from their MACs, every core carries its quarter', async () => {
  const carried = await flowsThroughCores({});
  expect([...carried.keys()].sort()).toEqual(['core-1-1', 'core-1-2', 'core-2-1', 'core-2-2']);
  for (const count of carried.values()) expect(count / FLOWS).toBeCloseTo(1 / 4, 1);
});

/** How many flows from a service of pod 1 to one of pod 2 each core passes on, in the running lab. */
async function flowsThroughCores(hash: { readonly seed?: number }): Promise<ReadonlyMap<string, number>> {
  const clos = closLab({ pods: 2, leavesPerPod: 1, planes: 2, coresPerPlane: 2, services: 2 });
  const lab = await new DrivenLab(withHash(clos, hash)).buildUpTo('fabric');
  const { world } = lab.engine.running;
  const device = world.device('leaf-1-1');
  if (device === undefined) throw new Error('no leaf-1-1');
  const carried = new Map<string, number>();
  for (let index = 0; index < FLOWS; index++) {
    const flow = {
      sourceAddress: '10.254.0.1',
      destinationAddress: '10.254.0.2',
      protocol: 17,
      sourcePort: 20_000 + index,
      destinationPort: 9,
    };
    const { outcome, path } = walk(
      world,
      { flow, ttl: 64 },
      { device, instance: 'default' },
      { observe: true },
    );
    expect(outcome).toBe('delivered');
    for (const node of path) if (node.startsWith('core')) carried.set(node, (carried.get(node) ?? 0) + 1);
  }
  return carried;
}

function withHash(lab: Lab, hash: { readonly seed?: number }): Lab {
  return {
    ...lab,
    nodes: lab.nodes.map(node =>
      node.kind === 'switch'
        ? { ...node, config: { ...node.config, hash: { ...node.config.hash, ...hash } } }
        : node,
    ),
  };
}
