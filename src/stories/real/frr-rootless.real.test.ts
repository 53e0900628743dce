import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environment, ok } from '../../commands/exit-codes.ts';
import { findFrr } from '../../programs/frr.ts';
import { repository } from '../../test-support/program.ts';

const found = await findFrr();
// A user without rights can be made of root alone; whoever is none runs all other stories without rights.
const machine = found.outcome === 'found' && process.getuid?.() === 0 ? describe : describe.skip;
const NOBODY = 65_534;

machine('Somebody without any rights', () => {
  if (found.outcome !== 'found') return;
  const folder = mkdtempSync(join(tmpdir(), 'srklab-nobody-'));
  const home = join(folder, 'home');
  const root = found.frr.root === '' ? '' : join(folder, 'frr');

  beforeAll(() => {
    // root's own folders are closed to others.
    for (const name of ['dist', 'lessons', 'fabric', 'kind', 'metallb', 'app', 'package.json', 'topo.yml'])
      cpSync(join(repository, name), join(folder, name), { recursive: true });
    cpSync(join(repository, 'srklab.yml'), join(folder, 'srklab.yml'));
    if (root !== '') spawnSync('cp', ['-a', found.frr.root, root]);
    mkdirSync(home);
    chmodSync(home, 0o777);
    chmodSync(folder, 0o755);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function asNobody(argv: readonly string[]) {
    const rights = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--inh-caps=-all'];
    const { status, stdout, stderr } = spawnSync('setpriv', [...rights, ...argv], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        LANG: 'C.UTF-8',
        ...(root === '' ? {} : { SRKLAB_FRR_ROOT: root }),
      },
    });
    return { code: status, text: `${stdout}${stderr}` };
  }
  const play = [process.execPath, join(folder, 'dist/launcher.cjs'), 'play', '05-service', '--lab', 'frr'];

  test('takes a lesson on real routers', () => {
    const { code, text } = asNobody(play);
    expect(text).not.toContain('not ok');
    expect(text).toContain('10 of 10 steps passed');
    expect(code).toBe(ok);
  }, 90_000);

  test('reads what forbids it, and what to do, where user namespaces are forbidden', () => {
    const forbidden = [
      'echo 0 >/proc/sys/user/max_user_namespaces',
      'exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"',
    ].join('; ');
    const startedAt = performance.now();
    const { code, text } = asNobody(['unshare', '-Ur', 'sh', '-c', forbidden, 'sh', ...play]);
    expect(text).toContain('this machine lets you make no namespaces');
    expect(text).toContain('kernel.unprivileged_userns_clone=1');
    expect(text).not.toMatch(/^ +at /m);
    expect(code).toBe(environment);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  }, 30_000);
});
