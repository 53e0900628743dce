import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environment, failed } from '../../commands/exit-codes.ts';
import { MarkedProcesses } from '../../test-support/marked-processes.ts';
import { program, repository } from '../../test-support/program.ts';

/** Debian 12's own FRR, which `npm run test:real` unpacks where it can be had. */
const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const root = join(cache, 'srklab-tutor', 'frr-8.4');
const machine = existsSync(join(root, 'usr/lib/frr/bgpd')) ? describe : describe.skip;

machine('FRR 8.4, as Debian 12 has it', () => {
  const env = { SRKLAB_FRR_ROOT: root };
  const launcher = join(repository, 'dist/launcher.cjs');

  test('is found too old by the doctor, who says where to get another', async () => {
    const { code, stdout } = await program(['doctor', '--lab', 'frr'], { env });
    expect(stdout).toMatch(/^FAIL +FRR +FRR 8\.4\.\d+ in \S+; the lab needs 10 or newer$/m);
    expect(stdout).toContain('apt-get install frr on Debian 13');
    expect(code).toBe(failed);
  });

  test.each([
    ['play', '05-service'],
    ['learn', '05-service'],
  ])('lets nobody %s, and nothing is started or left', async (...command) => {
    const processes = new MarkedProcesses();
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...command, '--lab', 'frr'], {
      encoding: 'utf8',
      env: { ...process.env, ...env, ...processes.env },
    });
    expect(stderr).toMatch(
      /^srklab-tutor: --lab frr: FRR 8\.4\.\d+ in \S+; the lab needs 10 or newer\. To get it: /,
    );
    expect([status, stdout]).toEqual([environment, '']);
    expect(processes.running()).toEqual([]);
  });
});
