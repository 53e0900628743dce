import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBuilder, type LabBuilder } from '../../engines/containerlab/build/builder.ts';
import { readyNodes } from '../../engines/containerlab/build/is-there.ts';
import type { Step } from '../../engines/containerlab/build/steps.ts';
import { clusterNodesOf, type Lab } from '../../lab/lab.ts';
import { kubectl } from '../../programs/kubectl.ts';
import { runProgram } from '../../programs/run-program.ts';
import { ApiServer, noApiServer } from '../../test-support/api-server.ts';
import { fakeMachine } from '../../test-support/fake-machine.ts';
import { metallbManifests } from '../../test-support/metallb-manifests.ts';
import { NodeAgent } from '../../test-support/node-agent.ts';
import { emptyFolder, repository } from '../../test-support/program.ts';
import { talkLab } from '../../test-support/talk-lab.ts';

/*
 * The manifests of the cluster "datacenter" as the build applies them: real kubectl, real API server, controllers and scheduler. NodeAgent
 * stands in for kubelets; what MetalLB's controller would write into the service, the test writes. MetalLB's release manifest is
 * behind an address, so its place takes a file with as little of it as its custom resources need.
 */
const missing = noApiServer();

describe.skipIf(missing !== undefined)('The manifests of a build', { timeout: 60_000 }, () => {
  let server: ApiServer;
  let builder: LabBuilder;
  let applied: readonly Step[];
  const said: string[] = [];
  const work = { signal: undefined, said: (line: string) => said.push(line) };

  beforeAll(async () => {
    server = await ApiServer.start();
    const lab = withCluster(server.kubeconfig);
    const nodes = clusterNodesOf(lab, 'datacenter');
    await new NodeAgent(server.api).start(
      nodes.map(({ name }, index) => ({ name, address: `172.18.0.${index + 2}` })),
    );
    const machine = { ...fakeMachine(lab, repository), run: runProgram };
    builder = createBuilder(machine);
    applied = builder.steps.filter(({ work }) => work.type === 'apply' && work.cluster.name === 'datacenter');
  }, 90_000);

  afterAll(() => server?.stop());

  const step = (file: string) => applied.find(({ id }) => id.includes(file)) as Step;

  test('wait for nodes that are all ready', async () => {
    const ready = await runProgram(kubectl.allNodesReady(server.kubeconfig, 20), { timeout: 30_000 });
    expect([ready.exitCode, ready.stderr]).toEqual([0, '']);
    const listed = await runProgram(kubectl.nodes(server.kubeconfig));
    expect(readyNodes(listed.stdout)).toBe(3);
  });

  test('are not there before they are applied', async () => {
    for (const each of applied) expect(await builder.isStepDone(each)).toBe(false);
  });

  test('bring MetalLB: its definitions established, its workloads rolled out, then what they define', async () => {
    expect(await builder.performStep(step('metallb.json'), work)).toBeUndefined();
    expect(said).toContain('customresourcedefinition.apiextensions.k8s.io/bgppeers.metallb.io condition met');
    expect(said.join('\n')).toContain('deployment "controller" successfully rolled out');
    expect(await builder.performStep(step('metallb/config.yaml'), work)).toBeUndefined();
    expect(await builder.isStepDone(step('metallb/config.yaml'))).toBe(true);
  });

  test('bring the application, and are there when all its pods are ready', async () => {
    expect(await builder.performStep(step('app/hello.yaml'), work)).toBeUndefined();
    expect(said.join('\n')).toContain('deployment "hello" successfully rolled out');
    expect(await builder.isStepDone(step('app/hello.yaml'))).toBe(true);
  });

  test('wait until the service was given its address', async () => {
    const waiting = builder.performStep(step('app/hello-lb.yaml'), work);
    const service = '/api/v1/namespaces/default/services/hello-lb';
    await expect.poll(() => said, { timeout: 20_000 }).toContain('service/hello-lb created');
    expect(await builder.isStepDone(step('app/hello-lb.yaml'))).toBe(false);
    const status = { loadBalancer: { ingress: [{ ip: '10.254.254.240' }] } };
    await server.api.merge(`${service}/status`, { status });
    expect(await waiting).toBeUndefined();
    expect(await builder.isStepDone(step('app/hello-lb.yaml'))).toBe(true);
  });

  test('applied a second time change nothing', async () => {
    said.splice(0);
    for (const each of applied) expect(await builder.performStep(each, work)).toBeUndefined();
    expect(said.filter(line => / (created|configured)$/.test(line))).toEqual([]);
  });
});

/** The lab that ships, its cluster "datacenter" behind this kubeconfig, MetalLB's manifest in a file. */
function withCluster(kubeconfig: string): Lab {
  const lab = talkLab();
  const file = join(emptyFolder(), 'metallb.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: metallbManifests() }));
  const clusters = lab.clusters.map(cluster => ({
    ...{ ...cluster, kubeconfig },
    resources: cluster.resources.map(resource => {
      if (!resource.file.startsWith('https://')) return resource;
      const objects = metallbManifests() as typeof resource.objects;
      return { ...resource, file, objects };
    }),
  }));
  return Object.create(lab, { clusters: { value: clusters } });
}
