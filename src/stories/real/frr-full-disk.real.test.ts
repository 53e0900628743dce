import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findFrr } from '../../programs/frr.ts';
import { MarkedProcesses } from '../../test-support/marked-processes.ts';
import { emptyFolder, repository } from '../../test-support/program.ts';
import { launch, type TestTerminal } from '../../test-support/terminal.ts';

const found = await findFrr();
const machine = found.outcome === 'found' ? describe : describe.skip;

machine('A learner whose disk is full', () => {
  if (found.outcome !== 'found') return;
  let terminal: TestTerminal | undefined;

  afterEach(() => terminal?.stop());

  test('reads that progress is not kept, takes the lesson on real routers all the same, and leaves nothing running', async () => {
    const home = emptyFolder();
    const processes = new MarkedProcesses();
    // A small disk of its own in a mount namespace, filled to the last block.
    const script = [
      'mount -t tmpfs -o size=128k tmpfs "$1"',
      'mkdir "$1/state" "$1/cache"',
      'head -c 200k /dev/zero >"$1/fill" 2>/dev/null',
      'shift; exec "$@"',
    ].join('; ');
    const learn = [process.execPath, join(repository, 'dist/launcher.cjs'), 'learn', '05', '--lab', 'frr'];
    terminal = launch(['-Urm', 'sh', '-c', script, 'sh', home, ...learn], {
      program: 'unshare',
      cwd: repository,
      env: {
        ...processes.env,
        ...(found.frr.root === '' ? {} : { SRKLAB_FRR_ROOT: found.frr.root }),
        HOME: home,
        XDG_STATE_HOME: join(home, 'state'),
        XDG_CACHE_HOME: join(home, 'cache'),
      },
    });
    await terminal.until('Enter run', 60_000);
    terminal.press('Enter');
    await terminal.until('Progress is not kept: ENOSPC', 30_000);
    await terminal.until('This switch runs FRR', 30_000);
    terminal.press('q');
    await terminal.until(/Leave|Quit|leave/);
    terminal.press('Enter');
    expect((await terminal.exited).exitCode).toBe(0);
    expect(await processes.until(running => running.length === 0, 4_000)).toEqual([]);
  }, 120_000);
});
