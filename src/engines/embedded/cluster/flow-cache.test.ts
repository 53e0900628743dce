import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../../lab/fault.ts';
import type { Lab } from '../../../lab/lab.ts';
import { type FlowRow, rowsOf } from '../../../lab/snapshot.ts';
import { DrivenLab } from '../../../test-support/driven-lab.ts';
import { faultsOn } from '../../../test-support/random-faults.ts';
import { switchNames, talkLab } from '../../../test-support/talk-lab.ts';
import { flowRows } from './flow-rows.ts';
import { LabClusters } from './lab-clusters.ts';
import { NodeDevice } from './node-device.ts';
import { stateOf } from './states.ts';

let lab: Lab;

beforeAll(() => {
  lab = talkLab();
});

/** The table of flows as the engine gives it, and made anew at the same moment. */
async function flowsOf(run: DrivenLab): Promise<{ given: readonly FlowRow[]; fresh: readonly FlowRow[] }> {
  const clusters = clustersOf(run);
  const { clients, destination } = clusters.traffic();
  const { name = '', address = '' } = clients[0] ?? {};
  const host = clusters.hostNamed(name);
  // Where the clients' node is off there is nobody whose flows could be looked at.
  if (destination === undefined || !(host?.device instanceof NodeDevice)) return { given: [], fresh: [] };
  const client = { device: host.device, instance: host.instance, address };
  const about = { destination: destination.address, port: destination.port, firstPort: 40_000, count: 12 };
  const ref = { name: 'flows', client: name, ...about } as const;
  const given = rowsOf(await run.snapshot(ref), ref) ?? [];
  const nodes = [...clusters.runs.values()].flatMap(one => [...one.nodes.values()]);
  return { given, fresh: flowRows(clusters.network, client, ref, nodes) };
}

test('what is remembered of flows and clusters is what looking anew would find, after any faults and at any moment', {
  timeout: 120_000,
}, async () => {
  const nodes = [...switchNames, 'datacenter-worker', 'datacenter-worker2', 'client'];
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    ...faultsOn(lab, nodes),
    fc.nat({ max: 3 }).map(index => ({
      kind: 'pod-killed' as const,
      cluster: 'datacenter',
      namespace: 'default',
      pod: `${index}`,
    })),
  );
  const looks = fc.array(fc.constantFrom(1, 7, 40, 300, 2_500, 20_000, 45_000), {
    minLength: 1,
    maxLength: 5,
  });
  const step = fc.record({ fault, heal: fc.boolean(), looks });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
      const run = await new DrivenLab(lab).buildUpTo('clients');
      const same = async () => {
        const { given, fresh } = await flowsOf(run);
        expect(given).toEqual(fresh);
        const clusters = clustersOf(run);
        expect(clusters.states()).toEqual(
          lab.clusters.map(cluster => stateOf(cluster, clusters.runs.get(cluster.name))),
        );
      };
      expect((await flowsOf(run)).given).toHaveLength(12);
      for (const { fault: wanted, heal, looks: waits } of steps) {
        await run.break(
          wanted.kind === 'pod-killed' ? { ...wanted, pod: podOf(run, Number(wanted.pod)) } : wanted,
        );
        await same();
        for (const wait of waits) {
          run.advance(wait);
          await same();
        }
        if (heal) await run.heal();
        await same();
      }
    }),
    { numRuns: Number(process.env['FLOW_RUNS'] ?? 12) },
  );
});

function clustersOf(run: DrivenLab): LabClusters {
  const { clusters } = run.engine.running;
  if (!(clusters instanceof LabClusters)) throw new Error('no clusters');
  return clusters;
}

/** The name of one of the pods that serve. */
function podOf(run: DrivenLab, index: number): string {
  const pods = run.engine.running.clusters
    .states()
    .flatMap(({ name, pods }) =>
      name === 'datacenter' ? pods.filter(({ namespace }) => namespace === 'default') : [],
    );
  return pods[index % Math.max(1, pods.length)]?.name ?? '';
}
