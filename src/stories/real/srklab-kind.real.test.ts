import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../programs/run-program.ts';
import { freeSubnet } from '../../test-support/free-subnet.ts';
import { beside } from '../../test-support/leftovers.ts';
import { emptyFolder, type ProgramRun, program } from '../../test-support/program.ts';

/*
 * Real kind, without a node image: clusters fail where kind starts their first node. That is enough to see what a cut-off cluster
 * leaves, and whose it is. Nodes that kind would have left are containers with kind's labels.
 */
const prepared = process.env['DOCKER_HOST'] !== undefined && process.env['SRKLAB_KIND'] !== undefined;

const CLUSTER = 'srklab-kind';
/** It is no node image: it has no command to start. `npm run test:real` brings it. */
const IMAGE = 'node:22.12.0-alpine3.21';
const subnet = prepared ? await freeSubnet() : '172.22.';
const home = emptyFolder();
const folder = emptyFolder();
const labs = join(home, '.local/state/srklab-tutor/labs');

function srklab(...argv: string[]): Promise<ProgramRun> {
  return program([...argv, '-c', join(folder, 'srklab.yml')], {
    home,
    env: process.env as Record<string, string>,
  });
}

async function docker(...words: string[]): Promise<string> {
  const result = await runProgram(['docker', ...words], { timeout: 60_000 });
  if (result.exitCode !== 0) throw new Error(`docker ${words.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

/** A container that kind takes for a node of the cluster. */
const leaveNode = (name: string) =>
  docker(
    ...beside.container(name, 'none', IMAGE, [
      ...['--label', `io.x-k8s.kind.cluster=${CLUSTER}`, '--label', 'io.x-k8s.kind.role=control-plane'],
    ]),
  );

const nodes = async () =>
  (await docker('ps', '-a', '--filter', `label=io.x-k8s.kind.cluster=${CLUSTER}`, '--format', '{{.Names}}'))
    .split('\n')
    .filter(line => line !== '');

const noted = async () =>
  (JSON.parse((await srklab('status', '--json')).stdout) as { own: { what: string; own: string }[] }).own;

describe.skipIf(!prepared)('A kind cluster of the real lab', { timeout: 120_000 }, () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'kind'));
    writeFileSync(
      join(folder, 'srklab.yml'),
      [
        `network: "${CLUSTER}"`,
        `prefix: "${subnet}0.0/24"`,
        'clabTopology: "./topo.yml"',
        'clusters:',
        `  - name: "${CLUSTER}"`,
        '    kubeconfig: ".kube/config"',
        '    config: "./kind/one.yaml"',
        `    image: "${IMAGE}"`,
      ].join('\n'),
    );
    writeFileSync(
      join(folder, 'topo.yml'),
      `name: ${CLUSTER}\nmgmt: {network: ${CLUSTER}, ipv4-subnet: ${subnet}0.0/24}\ntopology:\n  nodes:\n    a: {kind: linux, image: "${IMAGE}"}\n`,
    );
    writeFileSync(
      join(folder, 'kind/one.yaml'),
      'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n',
    );
  });

  afterAll(async () => {
    for (const name of await nodes()) await docker('rm', '-f', name);
    await srklab('clear', '--yes', '--adopted-too');
    rmSync(folder, { recursive: true, force: true });
  });

  test('that nobody wrote down is left alone, by start and by clear', async () => {
    await leaveNode(`${CLUSTER}-stranger`);
    const start = await srklab('start', '--until', 'clusters', '--yes');
    expect(start.code).toBe(4);
    expect(start.stderr).toContain(
      `a kind cluster ${CLUSTER} is there already, of other nodes: ${CLUSTER}-stranger`,
    );
    const clear = await srklab('clear', '--yes');
    expect(clear.code).toBe(0);
    expect(clear.stdout).toContain(`the kind cluster ${CLUSTER}: it was there before this lab`);
    expect(await nodes()).toEqual([`${CLUSTER}-stranger`]);
    await docker('rm', '-f', `${CLUSTER}-stranger`);
  });

  test('that does not come up fails with kind’s own words, and is written down as begun', async () => {
    const run = await srklab('start', '--until', 'clusters', '--yes');
    expect(run.code).toBe(4);
    expect(run.stderr).toContain(`Cluster ${CLUSTER}: `);
    expect(run.stderr).toContain('No command specified');
    expect(await noted()).toEqual([
      { what: `network ${CLUSTER}`, own: 'made' },
      { what: `cluster ${CLUSTER}`, own: 'making' },
    ]);
  });

  test('that was cut off in the middle is removed before it is made again', async () => {
    await leaveNode(`${CLUSTER}-control-plane`);
    const run = await srklab('start', '--until', 'clusters', '--yes');
    expect(run.code).toBe(4);
    // Not "node(s) already exist": the remains were gone when it was created.
    expect(run.stderr).toContain('No command specified');
    expect(await nodes()).toEqual([]);
  });

  test('that was cut off in the middle goes with the lab when it is cleared', async () => {
    await leaveNode(`${CLUSTER}-control-plane`);
    const run = await srklab('clear', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain(`removed: the kind cluster ${CLUSTER}: ${CLUSTER}-control-plane`);
    expect(await nodes()).toEqual([]);
    expect(await docker('network', 'ls', '--format', '{{.Name}}')).not.toContain(CLUSTER);
    expect(readdirSync(labs).filter(name => name.endsWith('.json'))).toEqual([]);
  });
});
