import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../programs/run-program.ts';
import { freeSubnet } from '../../test-support/free-subnet.ts';
import { beside } from '../../test-support/leftovers.ts';
import { liteLabFolder } from '../../test-support/lite-lab.ts';
import { emptyFolder, type ProgramRun, program, repository } from '../../test-support/program.ts';

/** `npm run test:real` prepares both, where they can be had. */
const prepared = process.env['DOCKER_HOST'] !== undefined && process.env['SRKLAB_CONTAINERLAB'] !== undefined;
const machine = prepared ? describe : describe.skip;

const NAME = 'srklab-build';
const home = emptyFolder();
const subnet = prepared ? await freeSubnet() : '172.23.';
const { folder, lab } = liteLabFolder(NAME, subnet);
const file = join(folder, 'srklab-lite.yml');
const labs = join(home, '.local/state/srklab-tutor/labs');

/** srklab in this process. */
function srklab(...argv: string[]): Promise<ProgramRun> {
  return program([...argv, '-c', file], { home, env: process.env as Record<string, string> });
}

/** srklab in a process of its own, to be killed. */
function srklabProcess(...argv: string[]): { readonly child: ChildProcess; readonly said: () => string } {
  const child = spawn(process.execPath, [join(repository, 'src/scripts/start.mjs'), ...argv, '-c', file], {
    env: { ...process.env, HOME: home, XDG_STATE_HOME: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  return { child, said: () => text };
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('close', code => resolve(code));
  });

async function docker(...words: string[]): Promise<string> {
  const result = await runProgram(['docker', ...words], { timeout: 60_000 });
  if (result.exitCode !== 0) throw new Error(`docker ${words.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

/** Everything that Docker and the kernel have by name, of this lab and of all others. */
async function inventory(): Promise<{ readonly ours: string[]; readonly others: string[] }> {
  const containers = await docker('ps', '-a', '--no-trunc', '--format', '{{.Names}} {{.ID}}');
  const networks = await docker('network', 'ls', '--no-trunc', '--format', 'network {{.Name}} {{.ID}}');
  const namespaces = (await runProgram(['ip', 'netns', 'list'])).stdout.replace(/ \(id.*\)/g, '');
  const all = `${containers}\n${networks}\n${namespaces}`.split('\n').filter(line => line !== '');
  const isOurs = (line: string) => line.includes(NAME) && !line.includes('foreign');
  // Other tests of this machine come and go: only our own strangers are looked for.
  return {
    ours: all.filter(isOurs).sort(),
    others: all.filter(line => line.includes(`${NAME}-foreign`)).sort(),
  };
}

const statusOf = async () =>
  JSON.parse((await srklab('status', '--json')).stdout) as {
    stages: { stage: string; built: boolean }[];
    own: { what: string; own: string }[];
    containers: { name: string; state: string }[];
  };
const built = async () => (await statusOf()).stages.filter(one => one.built).map(one => one.stage);

machine('The real lab from the command line', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await docker(...beside.network(`${NAME}-foreign-net`, '192.168.247.0/24'));
    await docker(...beside.container(`${NAME}-foreign`, `${NAME}-foreign-net`, 'node:22.12.0-alpine3.21'));
  });

  afterAll(async () => {
    await srklab('clear', '--yes', '--adopted-too');
    await docker('rm', '-f', `${NAME}-foreign`);
    await docker('network', 'rm', `${NAME}-foreign-net`);
    rmSync(folder, { recursive: true, force: true });
  });

  test('start --until fabric makes the network and the switches, and writes down that they are ours', async () => {
    const run = await srklab('start', '--until', 'fabric', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/\[ +\d+\.\d s\] done: Switches and their links \(\d+\.\d s\)/);
    const { stages, own, containers } = await statusOf();
    expect(stages.filter(one => one.built).map(one => one.stage)).toEqual([
      'network',
      'fabric',
      'clusters',
      'images',
    ]);
    expect(own).toEqual([
      { what: `network ${NAME}`, own: 'made' },
      { what: 'fabric', own: 'made' },
    ]);
    expect(containers).toHaveLength(9);
    expect(containers.every(({ state }) => state === 'running')).toBe(true);
    for (const name of readdirSync(labs)) expect(statSync(join(labs, name)).mode & 0o077).toBe(0);
  });

  test('start again finds it all there, and runs nothing', async () => {
    const before = await inventory();
    const run = await srklab('start', '--until', 'fabric', '--yes');
    expect(run.code).toBe(0);
    expect(run.stdout).not.toContain('begins:');
    expect(run.stdout).toContain('is there: Switches and their links');
    expect(await inventory()).toEqual(before);
  });

  test('start --until links plugs the nodes in and sets up their ports', async () => {
    const run = await srklab('start', '--until', 'links', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    const worker = `clab-${NAME}-datacenter-worker`;
    expect(await docker('exec', worker, 'ip', '-4', 'address', 'show', 'e1-1')).toContain(
      'inet 192.168.101.101/24',
    );
    const routes = await docker('exec', worker, 'ip', 'route');
    expect(routes).toContain('10.1.4.0/24 via 192.168.101.1 dev e1-1');
    expect(routes).toMatch(new RegExp(`^default via ${subnet}`, 'm'));
    expect(await built()).toContain('links');
  });

  test('a switch that Docker started again has lost its cables: start plugs them in again', async () => {
    const leaf = `clab-${NAME}-LEAF-DC-1`;
    await docker('restart', '-t', '2', leaf);
    expect(await built()).toEqual(['network']);
    const run = await srklab('start', '--until', 'links', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    const links = await docker('exec', leaf, 'ip', '-br', 'link');
    for (const port of ['e1-1', 'e1-2', 'e1-10']) expect(links).toContain(`${port}@`);
    expect(await built()).toContain('links');
  });

  test('a lab whose record is lost is known again within seconds, by what runs', async () => {
    const [record = ''] = readdirSync(labs).filter(name => name.endsWith('.json'));
    rmSync(join(labs, record));
    const startedAt = performance.now();
    expect(await built()).toContain('links');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('clear removes the lab by its labels, and nothing else', async () => {
    const { others } = await inventory();
    const run = await srklab('clear', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(await inventory()).toEqual({ ours: [], others });
    expect(readdirSync(folder)).not.toContain(`clab-${NAME}`);
    expect(readFileSync('/etc/hosts', 'utf8')).not.toContain(NAME);
    expect((await srklab('clear', '--yes')).stdout).toContain('made nothing that is still here');
  });

  test('killed in the middle of the build, it goes on from there', async () => {
    const { child, said } = srklabProcess('start', '--until', 'links', '--yes');
    await expect.poll(said, { timeout: 60_000, interval: 20 }).toContain('begins: Switches and their links');
    await expect
      .poll(async () => (await inventory()).ours.filter(line => line.startsWith('clab-')).length, {
        timeout: 30_000,
        interval: 20,
      })
      .toBeGreaterThan(0);
    child.kill('SIGKILL');
    await ended(child);
    expect((await statusOf()).own).toContainEqual({ what: 'fabric', own: 'making' });
    const run = await srklab('start', '--until', 'links', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(await built()).toContain('links');
    expect((await statusOf()).own).toContainEqual({ what: 'fabric', own: 'made' });
  });

  test('with a switch stopped, clear leaves nothing of it behind either', async () => {
    const { others } = await inventory();
    const topology = join(folder, lab.topologyFile);
    const stopped = await runProgram(
      [process.env['SRKLAB_CONTAINERLAB'] ?? '', 'stop', '-t', topology, '--node', 'LEAF-DC-2'],
      { timeout: 60_000, env: { CLAB_VERSION_CHECK: 'disable' } },
    );
    expect(stopped.exitCode).toBe(0);
    const run = await srklab('clear', '--yes');
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(await inventory()).toEqual({ ours: [], others });
  });

  test('Ctrl-C ends it with 130, and what was begun can be cleared', async () => {
    const { others } = await inventory();
    const { child, said } = srklabProcess('start', '--until', 'links', '--yes');
    await expect.poll(said, { timeout: 60_000, interval: 20 }).toContain('begins: Switches and their links');
    child.kill('SIGINT');
    expect(await ended(child)).toBe(130);
    expect(said()).toContain('interrupted. What is done stays; the same command goes on from there');
    const run = await srklab('clear', '--yes');
    expect(run.code).toBe(0);
    expect(await inventory()).toEqual({ ours: [], others });
  });

  test('while one builds, a second is told who', async () => {
    const { child, said } = srklabProcess('start', '--until', 'fabric', '--yes');
    await expect.poll(said, { timeout: 60_000, interval: 20 }).toContain('begins: ');
    const second = await srklab('start', '--until', 'fabric', '--yes');
    expect([second.code, second.stdout]).toEqual([4, '']);
    expect(second.stderr).toContain(`the lab ${NAME} is held by process ${child.pid} (srklab-tutor start`);
    expect(await ended(child)).toBe(0);
    expect((await srklab('clear', '--yes')).code).toBe(0);
  });

  test('a network in the way is refused with its name, and nothing is made', async () => {
    await docker(...beside.network(`${NAME}-foreign-office`, `${subnet}5.0/24`));
    try {
      const run = await srklab('start', '--until', 'fabric', '--yes');
      expect(run.code).toBe(4);
      expect(run.stderr).toContain(
        `${subnet}0.0/16 is taken: the Docker network ${NAME}-foreign-office has ${subnet}5.0/24`,
      );
      expect((await inventory()).ours).toEqual([]);
    } finally {
      await docker('network', 'rm', `${NAME}-foreign-office`);
    }
  });
});
