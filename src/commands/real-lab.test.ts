import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdLab } from '../engines/containerlab/holder.ts';
import { ledgerName } from '../engines/containerlab/ledger-file.ts';
import { copiedLab, emptyFolder, program } from '../test-support/program.ts';
import { parseArguments } from './parse-arguments.ts';

/** A Docker that does not answer: nothing of these stories touches the real one. */
const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

describe('srklab start', () => {
  test('takes the original project’s form too', () => {
    const ours = parseArguments(['start', '-c', 'srklab.yml', '--dry-run']);
    expect(parseArguments(['-c', 'start', 'srklab.yml', '--dry-run'])).toEqual(ours);
    expect(parseArguments(['-c', 'clear', 'srklab.yml'])).toEqual(
      parseArguments(['clear', '-c', 'srklab.yml']),
    );
    // A file may be called so, where no other follows.
    expect(parseArguments(['-c', 'start', '--plain'])).toMatchObject({
      args: { values: { config: 'start' } },
    });
  });

  test('--dry-run prints the plan, with what runs as root, and asks nobody', async () => {
    const { folder } = copiedLab();
    const run = await program(['start', '--dry-run', '--until', 'fabric'], { cwd: folder, env: nowhere });
    expect([run.code, run.stderr]).toEqual([0, '']);
    const commands = run.stdout.split('\n').filter(line => line !== '' && !line.startsWith('#'));
    expect(commands.map(line => line.replace(/^sudo -n -E /, ''))).toEqual([
      'docker network create --label srklab-tutor.lab=dc-k8s --subnet 172.18.0.0/16 kind',
      'docker pull ghcr.io/nokia/srlinux:25.3.3',
      expect.stringMatching(
        `^CLAB_VERSION_CHECK=disable (sudo -n -E )?containerlab deploy -t ${folder}/topo.yml --format json$`,
      ),
    ]);
    expect(run.stdout).toContain('#! with root’s rights:');
  });

  test('--dry-run --json gives the same as one object', async () => {
    const run = await program(['start', '--dry-run', '--json'], { cwd: copiedLab().folder, env: nowhere });
    const { lab, steps } = JSON.parse(run.stdout) as {
      lab: string;
      steps: { id: string; needs: string[] }[];
    };
    expect(lab).toBe('dc-k8s');
    expect(steps.find(({ id }) => id === 'fabric')?.needs).toEqual([
      'network',
      'pull ghcr.io/nokia/srlinux:25.3.3',
    ]);
  });

  test('without Docker says so before anything is made, and ends with 4', async () => {
    const run = await program(['start', '--yes'], {
      cwd: copiedLab().folder,
      env: { ...nowhere, SRKLAB_CONTAINERLAB: '/nowhere/containerlab' },
    });
    expect([run.code, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toContain('srklab-tutor: no Docker answers at unix:///nowhere/docker.sock');
    expect(run.stderr).toContain('srklab-tutor: containerlab: ');
    expect(run.stderr).toContain('Try: srklab-tutor doctor --lab containerlab');
  });

  test('a stage that does not exist is answered with the nearest, and 2', async () => {
    const run = await program(['start', '--until', 'fabrik'], { cwd: copiedLab().folder, env: nowhere });
    expect([run.code, run.stderr]).toEqual([
      2,
      'srklab-tutor: there is no stage "fabrik"; did you mean "fabric"?\n',
    ]);
  });

  test('mistakes in the lab’s files are shown with their place, and 3', async () => {
    const lab = copiedLab();
    lab.change('srklab.yml', 'clabTopology:', 'clabTopolgy:');
    const run = await program(['start', '--dry-run'], { cwd: lab.folder, env: nowhere });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^srklab\.yml:\d+:\d+: error: /m);
  });

  test.each(['-x.yml', 'a b.yml', '$(touch x).yml', 'x;y'])(
    'a topology called %j is refused with its place: it never reaches a command line',
    async name => {
      const lab = copiedLab();
      lab.change('srklab.yml', '"./topo.yml"', JSON.stringify(name));
      const run = await program(['start', '--dry-run'], { cwd: lab.folder, env: nowhere });
      expect([run.code, run.stdout]).toEqual([3, '']);
      expect(run.stderr).toMatch(/^srklab\.yml:5:15: error: .* is no path/m);
    },
  );

  test('a ledger that cannot be understood is said, and nothing is touched', async () => {
    const { folder } = copiedLab();
    const home = emptyFolder();
    const labs = join(home, '.local/state/srklab-tutor/labs');
    mkdirSync(labs, { recursive: true });
    writeFileSync(
      join(labs, `${ledgerName({ lab: 'dc-k8s', docker: nowhere.DOCKER_HOST })}.json`),
      'garbage',
    );
    const run = await program(['start', '--yes'], { cwd: folder, home, env: nowhere });
    expect([run.code, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toContain('is no ledger of a lab. Look at it, then remove it.');
  });
});

describe('srklab status and clear', () => {
  test('without Docker say so, and end with 4', async () => {
    for (const verb of ['status', 'clear']) {
      const run = await program([verb], { cwd: copiedLab().folder, env: nowhere });
      expect([run.code, run.stdout]).toEqual([4, '']);
      expect(run.stderr).toContain('no Docker answers');
    }
  });
});

describe('A lab that somebody holds', () => {
  test('is known by the process that has it', async () => {
    const folder = emptyFolder();
    const name = ledgerName({ lab: 'dc-k8s', docker: nowhere.DOCKER_HOST });
    await holdLab(folder, name, 'learn');
    const { heldText, watchingText } = await import('./real-lab.ts');
    const second = await holdLab(folder, name, 'start');
    if (second.outcome === 'held') throw new Error('two have it');
    expect(heldText('dc-k8s', second)).toMatch(
      new RegExp(`^the lab dc-k8s is held by process ${process.pid} \\(srklab-tutor learn, since 20`),
    );
    expect(watchingText('dc-k8s', second)).toBe(
      `you only watch: process ${process.pid} (learn) holds the lab; it is yours when that ends`,
    );
  });
});
