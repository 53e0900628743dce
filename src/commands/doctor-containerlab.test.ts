import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLabFrom } from '../effects/lab-files.ts';
import { fakeNetwork } from '../test-support/fake-machine.ts';
import { emptyFolder, program, repository } from '../test-support/program.ts';
import { type Findings, rowsOf } from './doctor-containerlab.ts';

const labOf = (file: string) => {
  const reading = readLabFrom(join(repository, file));
  if (reading.outcome !== 'read') throw new Error(`${file} cannot be read`);
  return reading.lab;
};
const full = labOf('srklab.yml');
const lite = labOf('srklab-lite.yml');

const good: Findings = {
  host: {
    ...{ platform: 'linux', architecture: 'x64', processors: 8, ssse3: true, kernel: '6.8.0' },
    ...{ totalMemory: 32e9, availableMemory: 24e9, freeDisk: 100e9 },
    ...{ inotifyWatches: 524_288, inotifyInstances: 512 },
    devices: new Map(
      (['vxlan', 'vrf', '8021q', 'ipvlan', 'sch_netem'] as const).map(part => [part, 'works']),
    ),
  },
  docker: {
    ...{ version: '28.2.2', api: '1.50', cgroup: '2', processors: 8, memoryBytes: 32e9 },
    ...{ storage: 'overlay2', folder: '/var/lib/docker' },
  },
  networks: [],
  images: [],
  containerlab: { version: '0.80.1' },
  kind: { version: '0.33.0' },
  kubectl: { version: '1.36.1' },
  root: { how: 'member of clab_admins' },
};

describe('What the real lab takes of a machine', () => {
  test('a good machine has all of it, but for images', () => {
    expect(verdicts(good)).toEqual({ images: 'warn' });
  });

  const host = good.host;
  const works = host.devices;
  const cases: [string, Partial<Findings>, Record<string, string>, string][] = [
    [
      'Docker that does not answer',
      { docker: 'no Docker answers at x' },
      { Docker: 'fail' },
      'systemctl start docker',
    ],
    [
      'Docker that hangs',
      { docker: 'Docker at x has not answered for 10 s' },
      { Docker: 'fail' },
      'systemctl restart docker',
    ],
    [
      'Docker that is not for us',
      { docker: 'this user may not talk to Docker' },
      { Docker: 'fail' },
      'usermod -aG docker',
    ],
    [
      'an old containerlab',
      { containerlab: { version: '0.77.0' } },
      { containerlab: 'fail' },
      'get.containerlab.dev',
    ],
    [
      'a newer containerlab than is known',
      { containerlab: { version: '0.95.0' } },
      { containerlab: 'warn' },
      '',
    ],
    ['no kind', { kind: { problem: 'not there' } }, { kind: 'fail' }, 'kind@v0.33.0'],
    ['an old kubectl', { kubectl: { version: '1.29.4' } }, { kubectl: 'fail' }, 'kubernetes.io'],
    ['no right to root', { root: 'neither' }, { 'root’s rights': 'fail' }, 'usermod -aG clab_admins'],
    ['one processor', { host: { ...host, processors: 1 } }, { processors: 'fail' }, 'srklab-lite.yml'],
    ['no SSSE3', { host: { ...host, ssse3: false } }, { SSSE3: 'fail' }, 'processor model'],
    ['little memory', { host: { ...host, availableMemory: 4e9 } }, { memory: 'warn' }, 'srklab-lite.yml'],
    ['a full disk', { host: { ...host, freeDisk: 1e9 } }, { disk: 'warn' }, 'docker image prune'],
    [
      'low inotify limits',
      { host: { ...host, inotifyInstances: 128 } },
      { inotify: 'warn' },
      'sysctl fs.inotify',
    ],
    [
      'a module that is not loaded',
      { host: { ...host, devices: new Map([...works, ['8021q', 'loadable']]) } },
      {},
      'modprobe 8021q',
    ],
    [
      'a kernel without ipvlan',
      { host: { ...host, devices: new Map([...works, ['ipvlan', 'missing']]) } },
      { ipvlan: 'fail' },
      'kernel-modules-extra',
    ],
    [
      'a network in the way',
      { networks: [fakeNetwork('office', '172.18.0.0/20')] },
      { addresses: 'fail' },
      'docker network rm office',
    ],
    [
      'a network of that name with other addresses',
      { networks: [fakeNetwork('kind', '10.9.0.0/16')] },
      { addresses: 'fail' },
      'docker network rm kind',
    ],
  ];
  test.each(cases)('%s is found, with what mends it', (_, findings, expected, fix) => {
    const rows = rowsOf({ ...good, ...findings }, full);
    expect(verdicts({ ...good, ...findings })).toEqual({ images: 'warn', ...expected });
    const name = Object.keys(expected)[0] ?? '8021q';
    expect(rows.find(row => row.name === name)?.fix ?? '').toContain(fix);
  });

  test('cgroup v1 is too old for this Kubernetes', () => {
    const docker = { ...(good.docker as object), cgroup: '1' } as Findings['docker'];
    expect(verdicts({ ...good, docker })).toMatchObject({ cgroup: 'fail' });
  });

  test('the light lab takes less: no SR Linux, no VLANs', () => {
    const small: Findings = {
      ...good,
      host: {
        ...{ ...host, processors: 2, ssse3: false, availableMemory: 4.5e9 },
        devices: new Map([...works, ['8021q', 'missing'], ['ipvlan', 'missing']]),
      },
    };
    expect(verdicts(small, lite)).toEqual({ images: 'warn' });
  });

  test('only what can hurt nothing is run by --fix', () => {
    const poor: Findings = {
      ...good,
      ...{ docker: 'this user may not talk to Docker', root: 'neither', kind: { problem: 'not there' } },
      host: { ...host, inotifyWatches: 8192, devices: new Map([...works, ['vxlan', 'loadable']]) },
    };
    const fixes = rowsOf(poor, full).flatMap(({ safeFix }) => safeFix ?? []);
    for (const argv of fixes) expect(argv.join(' ')).toMatch(/^(sudo )?(sysctl|modprobe|docker pull) /);
    expect(fixes.map(argv => argv.filter(word => word !== 'sudo')[0])).toContain('sysctl');
  });

  test('what only Docker could tell is not known while it does not answer', () => {
    const silent: Findings = {
      ...good,
      ...{ docker: 'Docker at x has not answered for 10 s', networks: undefined, images: undefined },
    };
    expect(verdicts(silent)).toMatchObject({ Docker: 'fail', addresses: 'warn', images: 'warn' });
    const row = rowsOf(silent, full).find(({ name }) => name === 'images');
    expect(row).toMatchObject({ found: 'not known while Docker does not answer' });
    expect(row?.safeFix).toBeUndefined();
  });

  test('images that are here are counted with their size', () => {
    const images = [{ id: 'x', names: ['alpine:3.22'], bytes: 8e6 }];
    const row = rowsOf({ ...good, images }, full).find(({ name }) => name === 'images');
    expect(row?.found).toMatch(
      /^1 of 10 are here \(0\.0 GB\); to be pulled: ghcr\.io\/nokia\/srlinux:25\.3\.3, /,
    );
  });
});

test('doctor --lab containerlab says what is missing where nothing is there, and ends with 1', async () => {
  const env = {
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    ...{ SRKLAB_CONTAINERLAB: '/nowhere/c', SRKLAB_KIND: '/nowhere/k', SRKLAB_KUBECTL: '/nowhere/k' },
  };
  const run = await program(['doctor', '--lab', 'containerlab', '--json'], { cwd: emptyFolder(), env });
  expect(run.code).toBe(1);
  const { healthy, rows } = JSON.parse(run.stdout) as {
    healthy: boolean;
    rows: { name: string; verdict: string; found: string }[];
  };
  expect(healthy).toBe(false);
  expect(rows.filter(({ name }) => ['Docker', 'containerlab', 'kind', 'kubectl'].includes(name))).toEqual([
    expect.objectContaining({ verdict: 'fail', found: 'no Docker answers at unix:///nowhere/docker.sock' }),
    ...[1, 2, 3].map(() => expect.objectContaining({ verdict: 'fail', found: 'not there' })),
  ]);
});

function verdicts(findings: Findings, lab = full): Record<string, string> {
  return Object.fromEntries(
    rowsOf(findings, lab).flatMap(({ name, verdict }) => (verdict === 'ok' ? [] : [[name, verdict]])),
  );
}
