import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLabFrom } from '../../../effects/lab-files.ts';
import {
  type FakeMachine,
  fakeContainer,
  fakeMachine,
  fakeNetwork,
} from '../../../test-support/fake-machine.ts';
import { emptyFolder, repository } from '../../../test-support/program.ts';
import type { LedgerThing } from '../ledger.ts';
import { createBuilder } from './builder.ts';
import { performStep } from './perform-step.ts';
import { type Step, stepsOf } from './steps.ts';

const reading = readLabFrom(join(repository, 'srklab.yml'));
if (reading.outcome !== 'read') throw new Error('the lab that ships cannot be read');
const { lab } = reading;
const step = (id: string): Step => {
  const found = stepsOf(lab).find(one => one.id === id);
  if (found === undefined) throw new Error(`no step ${id}`);
  return found;
};
const perform = (id: string, machine: FakeMachine, signal?: AbortSignal) =>
  performStep(step(id), machine, { signal, said: () => {} });
const kindNodes = ['datacenter-control-plane', 'datacenter-worker', 'datacenter-worker2'].map(name =>
  fakeContainer(name, { 'io.x-k8s.kind.cluster': 'datacenter' }),
);
const cluster = (machine: FakeMachine): LedgerThing | undefined =>
  machine.ledger.ledger.things.find(({ type }) => type === 'cluster');

describe('The Docker network', () => {
  test('is made with the lab’s prefix and label, and written down before and after', async () => {
    const machine = fakeMachine(lab);
    expect(await perform('network', machine)).toBeUndefined();
    expect(machine.networks).toMatchObject([
      { name: 'kind', subnets: ['172.18.0.0/16'], labels: { 'srklab-tutor.lab': 'dc-k8s' } },
    ]);
    expect(machine.ledger.ledger.things).toEqual([
      { type: 'network', name: 'kind', own: 'made', id: 'id of kind' },
    ]);
  });

  test('is adopted when it is there and fits', async () => {
    const machine = fakeMachine(lab);
    machine.networks.push(fakeNetwork('kind', '172.18.0.0/16'));
    expect(await createBuilder(machine).isStepDone(step('network'))).toBe(true);
    expect(machine.ledger.ledger.things).toMatchObject([{ type: 'network', own: 'adopted' }]);
  });

  test('is refused with reasons when it is there and does not fit', async () => {
    const machine = fakeMachine(lab);
    machine.networks.push({ ...fakeNetwork('kind', '172.19.0.0/16'), driver: 'overlay' });
    expect(await createBuilder(machine).isStepDone(step('network'))).toBe(false);
    expect(await perform('network', machine)).toMatchObject({
      because: expect.stringMatching(
        /does not fit: its driver is overlay.*; its subnet is 172\.19\.0\.0\/16/,
      ),
    });
  });

  test('is refused when another network has its addresses', async () => {
    const machine = fakeMachine(lab);
    machine.networks.push(fakeNetwork('office', '172.18.7.0/24'));
    expect(await perform('network', machine)).toMatchObject({
      because: '172.18.0.0/16 is taken: the Docker network office has 172.18.7.0/24',
      nextSteps: [expect.stringContaining('docker network rm office')],
    });
  });
});

describe('The fabric', () => {
  test('of a lab of that name from another topology is left alone', async () => {
    const machine = fakeMachine(lab);
    machine.containers.push(
      fakeContainer('clab-dc-k8s-X', { containerlab: 'dc-k8s', 'clab-topo-file': '/other/topo.yml' }),
    );
    expect(await perform('fabric', machine)).toMatchObject({
      because: expect.stringContaining('/other/topo.yml'),
    });
    expect(machine.ran).toEqual([]);
  });

  test('is deployed, and a switch that did not stay up is named with its last words', async () => {
    const machine = fakeMachine(lab);
    machine.onRun = line => {
      if (line.includes('deploy'))
        machine.containers.push(
          fakeContainer('clab-dc-k8s-LEAF-DC-1', {
            containerlab: 'dc-k8s',
            'clab-topo-file': '/lab/topo.yml',
          }),
        );
      return undefined;
    };
    expect(await perform('fabric', machine)).toMatchObject({
      because: expect.stringMatching(/clab-dc-k8s-LEAF-DC-2, .*did not stay up/),
    });
    expect(machine.ran).toEqual(['containerlab deploy -t /lab/topo.yml --format json']);
    expect(machine.ledger.ledger.things).toMatchObject([{ type: 'fabric', own: 'made' }]);
  });

  test.each([
    {
      own: 'making',
      ran: ['deploy', 'destroy', 'deploy'],
      what: 'of which a kill left a cable unmarked is made anew',
    },
    { own: 'adopted', ran: ['deploy'], what: 'of somebody else with such a cable is not destroyed' },
  ] as const)('$what', async ({ own, ran }) => {
    const machine = fakeMachine(lab, '/lab', {
      things: [{ type: 'fabric', topology: '/lab/topo.yml', containers: [], own }],
    });
    machine.onRun = line =>
      line.includes('deploy')
        ? {
            exitCode: 1,
            stderr: 'interface "e1-10" on node "SPINE-DC-1" exists but is not\ncontainerlab-owned.',
          }
        : undefined;
    expect(await perform('fabric', machine)).toMatchObject({
      because: expect.stringContaining('exists but is not'),
    });
    expect(machine.ran.map(line => line.split(' ')[1])).toEqual(ran);
  });

  test('that is there but lost its links is not whole: containerlab is asked again', async () => {
    const machine = fakeMachine(lab);
    for (const node of lab.nodes)
      if (node.kind !== 'cluster-node')
        machine.containers.push(
          fakeContainer(node.containerName, { containerlab: 'dc-k8s', 'clab-topo-file': '/lab/topo.yml' }),
        );
    machine.onRun = () => ({ stdout: '[]' });
    expect(await createBuilder(machine).isStepDone(step('fabric'))).toBe(false);
    const ends = lab.links.flatMap(({ id, role }) => (role === 'fabric' ? id.split(' ') : []));
    machine.onRun = () => ({
      stdout: JSON.stringify(
        ends.map(end => ({
          name: `clab-dc-k8s-${end.split(':')[0]}`,
          interfaces: [{ name: end.split(':')[1] }],
        })),
      ),
    });
    expect(await createBuilder(machine).isStepDone(step('fabric'))).toBe(true);
  });
});

describe('A cluster', () => {
  test('is created, with its nodes ready, in a folder for its owner only', async () => {
    const folder = emptyFolder();
    const machine = fakeMachine(lab, folder);
    expect(await perform('cluster datacenter', machine)).toBeUndefined();
    expect(machine.ran).toEqual([
      expect.stringMatching(
        /^kind create cluster --name datacenter --config .*kind\/datacenter\.yaml --image kindest/,
      ),
      expect.stringMatching(
        /^kubectl --kubeconfig .*config-datacenter wait --for=condition=Ready nodes --all/,
      ),
    ]);
    expect(cluster(machine)).toMatchObject({ own: 'made' });
  });

  test('that an interrupted run of ours left is made anew', async () => {
    const folder = emptyFolder();
    const kubeconfig = join(folder, '.kube/config-datacenter');
    const things: LedgerThing[] = [
      { type: 'cluster', name: 'datacenter', kubeconfig, own: 'making', containers: [] },
    ];
    const machine = fakeMachine(lab, folder, { things });
    machine.containers.push(...kindNodes.slice(0, 2));
    machine.onRun = line => {
      if (line.startsWith('kind delete')) machine.containers.splice(0);
      return undefined;
    };
    expect(await perform('cluster datacenter', machine)).toBeUndefined();
    expect(machine.ran[0]).toBe(`kind delete cluster --name datacenter --kubeconfig ${kubeconfig}`);
    expect(machine.ran[1]).toMatch(/^kind create cluster --name datacenter /);
  });

  test('of other nodes that nobody wrote down is somebody else’s', async () => {
    const machine = fakeMachine(lab, emptyFolder());
    machine.containers.push(...kindNodes.slice(0, 1));
    expect(await perform('cluster datacenter', machine)).toMatchObject({
      because: expect.stringContaining('a kind cluster datacenter is there already'),
    });
    expect(machine.ran).toEqual([]);
  });

  test('that is whole but stopped is started, and stays whose it was', async () => {
    const machine = fakeMachine(lab, emptyFolder());
    machine.containers.push(...kindNodes);
    expect(await perform('cluster datacenter', machine)).toBeUndefined();
    expect(machine.ran).toEqual([
      ...kindNodes.map(({ name }) => `docker start ${name}`),
      expect.stringMatching(/^kind export kubeconfig --name datacenter /),
      expect.stringContaining('wait --for=condition=Ready nodes --all'),
    ]);
    expect(cluster(machine)).toMatchObject({ own: 'adopted' });
  });

  test('that does not come up says why, and is ours to remove', async () => {
    const machine = fakeMachine(lab, emptyFolder());
    // kind 0.33.0 on a machine without room for another network.
    machine.onRun = () => ({ exitCode: 1, stderr: 'ERROR: failed to create cluster: too many open files' });
    expect(await perform('cluster datacenter', machine)).toMatchObject({
      because: expect.stringContaining('Most likely the kernel’s inotify limits are too low'),
      nextSteps: [expect.stringContaining('sysctl fs.inotify')],
    });
    expect(cluster(machine)).toMatchObject({ own: 'making' });
  });

  test('is there when all its nodes run and are ready', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, '.kube'));
    writeFileSync(join(folder, '.kube/config-datacenter'), '');
    const machine = fakeMachine(lab, folder);
    machine.containers.push(...kindNodes);
    const node = { kind: 'Node', status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    machine.onRun = () => ({ stdout: JSON.stringify({ kind: 'List', items: [node, node] }) });
    const { isStepDone } = createBuilder(machine);
    expect(await isStepDone(step('cluster datacenter'))).toBe(false);
    machine.onRun = () => ({ stdout: JSON.stringify({ kind: 'List', items: [node, node, node] }) });
    expect(await isStepDone(step('cluster datacenter'))).toBe(true);
  });
});

describe('A cable', () => {
  test('to a container that does not run is refused: containerlab would wait a quarter of an hour', async () => {
    const machine = fakeMachine(lab);
    machine.containers.push({ ...fakeContainer('datacenter-worker', {}), state: 'exited' });
    expect(await perform('cable datacenter-worker:e1-1', machine)).toMatchObject({
      because: expect.stringContaining('the container datacenter-worker is exited'),
    });
    expect(machine.ran).toEqual([]);
  });
});

describe('A cable whose other end went a moment ago', () => {
  test('is plugged in when the kernel has taken away what was left of it', async () => {
    const machine = fakeMachine(lab);
    machine.containers.push(
      fakeContainer('datacenter-worker', {}),
      fakeContainer('clab-dc-k8s-LEAF-DC-1', {}),
    );
    let looks = 0;
    machine.onRun = line => {
      if (line.includes('ip link show')) return { exitCode: line.includes('worker') && ++looks < 3 ? 0 : 1 };
      // containerlab 0.79.0
      if (looks === 3) {
        looks += 1;
        return { exitCode: 1, stderr: 'failed to rename link: file exists.' };
      }
      return undefined;
    };
    expect(await perform('cable datacenter-worker:e1-1', machine)).toBeUndefined();
    expect(machine.ran.filter(line => line.startsWith('containerlab'))).toHaveLength(2);
    expect(machine.ledger.ledger.things).toMatchObject([{ type: 'cable', own: 'made' }]);
  });
});

describe('A node’s port', () => {
  test('that has its VLAN device already is set up all the same', async () => {
    const machine = fakeMachine(lab);
    machine.onRun = line =>
      line.includes('type vlan') ? { exitCode: 2, stderr: 'RTNETLINK answers: File exists' } : undefined;
    expect(await perform('port client-control-plane:e1-1', machine)).toBeUndefined();
    expect(machine.ran.at(-1)).toBe('docker exec client-control-plane ip link set VLAN-1001 up');
  });

  test('that cannot be set up says which command failed', async () => {
    const machine = fakeMachine(lab);
    machine.onRun = line =>
      line.includes('route') ? { exitCode: 2, stderr: 'Error: Nexthop has invalid gateway.' } : undefined;
    expect(await perform('port datacenter-worker:e1-1', machine)).toMatchObject({
      because: expect.stringMatching(
        /ip route replace 10\.1\.4\.0\/24 via .*\nError: Nexthop has invalid gateway/,
      ),
    });
  });
});

describe('A manifest', () => {
  test('is applied again while MetalLB’s webhook does not answer', async () => {
    const machine = fakeMachine(lab);
    let asked = 0;
    machine.onRun = () =>
      ++asked === 1
        ? { exitCode: 1, stderr: 'Error from server (InternalError): failed calling webhook "x": EOF' }
        : undefined;
    expect(await perform('apply metallb/config.yaml in datacenter', machine)).toBeUndefined();
    expect(machine.ran).toHaveLength(2);
  });

  test('whose webhook never answers fails at its limit, and says that', async () => {
    const machine = fakeMachine(lab);
    const stderr = 'Error from server (InternalError): failed calling webhook "x": EOF';
    machine.onRun = () => ({ exitCode: 1, stderr });
    const quick = { ...step('apply metallb/config.yaml in datacenter'), limitSeconds: 0.05 };
    expect(await performStep(quick, machine, { signal: undefined, said: () => {} })).toMatchObject({
      because: expect.stringMatching(
        /^config\.yaml in datacenter: Error from server .*\nexit code 1\nno end after 0\.05 s.*\nMost likely MetalLB’s webhook did not answer\.$/,
      ),
    });
  });

  test('that is wrong is not applied again', async () => {
    const machine = fakeMachine(lab);
    machine.onRun = () => ({ exitCode: 1, stderr: 'error: no matches for kind "BGPPeer"' });
    expect(await perform('apply metallb/config.yaml in datacenter', machine)).toMatchObject({
      because: expect.stringContaining('the cluster does not know a kind of this manifest yet'),
    });
    expect(machine.ran).toHaveLength(1);
  });

  test('is waited for: workloads rolled out, addresses given', async () => {
    const machine = fakeMachine(lab);
    await perform('apply app/hello-lb.yaml in datacenter', machine);
    expect(machine.ran.at(-1)).toContain("wait '--for=jsonpath={.status.loadBalancer.ingress[0].ip}'");
  });
});

describe('A step', () => {
  test('that a task needs twice is done once', async () => {
    const machine = fakeMachine(lab);
    const builder = createBuilder(machine);
    const pull = step('pull alpine:3.22');
    const work = { signal: undefined, said: () => {} };
    await Promise.all([builder.performStep(pull, work), builder.performStep(pull, work)]);
    expect(machine.ran).toEqual(['docker pull alpine:3.22']);
  });

  test('without end is ended at its limit, and that is said', async () => {
    const machine = fakeMachine(lab);
    const slow: FakeMachine = {
      ...machine,
      run: (argv, options) =>
        new Promise(resolve => {
          options?.signal?.addEventListener('abort', () =>
            resolve({
              argv,
              exitCode: undefined,
              stdout: '',
              stderr: '',
              milliseconds: 50,
              problem: 'interrupted',
            }),
          );
        }),
    };
    const quick = { ...step('load alpine:3.22 into client'), limitSeconds: 0.05 };
    expect(await performStep(quick, slow, { signal: undefined, said: () => {} })).toMatchObject({
      because: expect.stringContaining('no end after 0.05 s'),
    });
  });
});
