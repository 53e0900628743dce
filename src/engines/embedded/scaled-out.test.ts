import { describe, expect, test } from 'vitest';
import { drive } from '../../effects/drive.ts';
import { readLab } from '../../lab/files/read-lab.ts';
import { scaleOut } from '../../lab/files/scale-out.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Measurement, measure, tablesForMeasurement } from '../../lab/measurement.ts';
import { rowsOf } from '../../lab/snapshot.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { createEmbeddedEngine, type EmbeddedEngine, type EmbeddedOptions } from './embedded-engine.ts';
import { movedFlows } from './tables/hash-comparison-rows.ts';

const vip = '10.254.254.240/32';
const resilient =
  'docker exec clab-dc-k8s-BORDER-DC sr_cli -ec "set / network-instance kube-ipvrf ip-load-balancing resilient-hash-prefix 10.254.254.240/32 hash-buckets-per-path 4 max-paths 6"';

describe('the lab scaled out', () => {
  test('restore brings the engine to it and back', async () => {
    const engine = createEmbeddedEngine(labOfBothSizes());
    await engine.perform({ type: 'restore', stage: 'fabric', lab: 'scaled-out' });
    expect((await engine.snapshot([])).lab).toBe('scaled-out');
    expect(engine.lab.nodes.map(({ name }) => name)).toContain('LEAF-DC-3');
    await engine.perform({ type: 'restore', stage: 'fabric' });
    expect((await engine.snapshot([])).lab).toBeUndefined();
    expect(engine.lab.nodes.map(({ name }) => name)).not.toContain('LEAF-DC-3');
  });

  test('the border spreads the service over three leaves', async () => {
    const engine = await scaledOut();
    const table = { name: 'forwarding', node: 'BORDER-DC', instance: 'kube-ipvrf' } as const;
    const group = rowsOf(await engine.snapshot([table]), table)?.find(({ prefix }) => prefix === vip);
    expect(group?.members.map(({ node }) => node)).toEqual(['LEAF-DC-1', 'LEAF-DC-2', 'LEAF-DC-3']);
  });

  test.each([
    ['hash-threshold', 'datacenter-worker', 'LEAF-DC-1'],
    ['hash-threshold', 'datacenter-worker2', 'LEAF-DC-2'],
    ['resilient', 'datacenter-worker', 'LEAF-DC-1'],
    ['resilient', 'datacenter-worker3', 'LEAF-DC-3'],
  ] as const)('%s: what the comparison says of %s is what happens', async (algorithm, worker, leaf) => {
    const engine = await scaledOut();
    if (algorithm === 'resilient') await drive(engine, engine.run(resilient));
    engine.clock.runUntilQuiet();
    const before = await engine.snapshot([comparison, ...tablesForMeasurement(moved)]);
    const said = rowsOf(before, comparison)?.find(({ node }) => node === leaf)?.moved[algorithm].moved;
    const label = `kubectl label node ${worker} node.kubernetes.io/exclude-from-external-load-balancers=true`;
    await drive(engine, engine.run(label, { cluster: 'datacenter' }));
    engine.clock.advance(2000);
    const now = await engine.snapshot(tablesForMeasurement(moved));
    expect(said).toBeGreaterThan(0);
    expect(measure(moved, { before, now, events: [] })).toBe((said ?? 0) / 10);
  });

  test('a member that leaves and returns resets fewest connections with buckets, most with modulo', async () => {
    const resets = async (engine: EmbeddedEngine, first = '') => {
      if (first !== '') await drive(engine, engine.run(first));
      engine.clock.advance(10_000);
      const before = (await engine.snapshot([])).traffic.totals;
      for (const value of ['=true', '-']) {
        const label = `kubectl label node datacenter-worker node.kubernetes.io/exclude-from-external-load-balancers${value}`;
        await drive(engine, engine.run(label, { cluster: 'datacenter' }));
        engine.clock.advance(20_000);
      }
      const { reset, lost } = (await engine.snapshot([])).traffic.totals;
      expect(lost).toBe(before.lost);
      return reset - before.reset;
    };
    const byModulo = await resets(await scaledOut({ modulo: true }));
    const byThreshold = await resets(await scaledOut());
    const byBuckets = await resets(await scaledOut(), resilient);
    expect(byBuckets).toBeGreaterThan(0);
    expect(byThreshold).toBeGreaterThan(byBuckets);
    expect(byModulo).toBeGreaterThan(byThreshold);
  });
});

describe('of three members one leaves', () => {
  const hashes = Array.from({ length: 30_000 }, (_, index) => Math.floor((index * 4294967296) / 30_000));
  const members = ['a', 'b', 'c'];
  const share = (algorithm: 'modulo' | 'hash-threshold' | 'resilient', whose: string) => {
    const after = members.filter(member => member !== whose);
    const counts = movedFlows(hashes, { algorithm, buckets: 96, before: members, after, whose });
    return { moved: counts.moved / hashes.length, needless: counts.needless / hashes.length };
  };

  test.each(['a', 'c'])('hash-threshold moves half of the flows when it is the first or last: %s', whose => {
    expect(share('hash-threshold', whose).moved).toBeCloseTo(1 / 2, 3);
    expect(share('hash-threshold', whose).needless).toBeCloseTo(1 / 6, 3);
  });

  test('hash-threshold moves just the third in the middle', () => {
    expect(share('hash-threshold', 'b').moved).toBeCloseTo(1 / 3, 3);
    expect(share('hash-threshold', 'b').needless).toBe(0);
  });

  test.each(members)('resilient hashing never moves a flow whose member stays: %s', whose => {
    expect(share('resilient', whose).needless).toBe(0);
    expect(share('resilient', whose).moved).toBeCloseTo(1 / 3, 1);
  });

  test.each(members)('modulo moves two thirds: %s', whose => {
    expect(share('modulo', whose).moved).toBeCloseTo(2 / 3, 1);
  });
});

const flows = { client: '10.1.4.20', port: 8080 } as const;
const moved: Measurement = {
  measure: 'flows-moved',
  ...flows,
  address: '10.254.254.240',
  flows: 1000,
  over: { node: 'BORDER-DC', instance: 'kube-ipvrf' },
};
const comparison = {
  name: 'hash-comparison',
  node: 'BORDER-DC',
  instance: 'kube-ipvrf',
  prefix: vip,
  ...flows,
  firstPort: 49152,
  count: 1000,
} as const;

async function scaledOut(options: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
  const engine = createEmbeddedEngine(labOfBothSizes(), options);
  await engine.perform({ type: 'restore', stage: 'clients', lab: 'scaled-out' });
  engine.clock.advance(1000);
  return engine;
}

let both: Lab | undefined;

function labOfBothSizes(): Lab {
  if (both !== undefined) return both;
  const lab = talkLab();
  const scaled = scaleOut(lab.files, 'srklab.yml');
  if (scaled.outcome === 'refused') throw new Error(scaled.because);
  const reading = readLab('srklab.yml', path => scaled.files.get(path) ?? { problem: 'missing' });
  if (reading.outcome === 'refused') throw new Error(JSON.stringify(reading.errors));
  both = { ...lab, scaledOut: reading.lab };
  return both;
}
