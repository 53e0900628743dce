// npm run test:real: what needs other programs, namespaces or minutes. Unpacks FRR 10.3 first where there is none.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const there = process.env.SRKLAB_FRR_ROOT !== undefined || existsSync('/usr/lib/frr/mgmtd');
if (!there && process.platform === 'linux') {
  const prepare = fileURLToPath(new URL('prepare-frr.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [prepare], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, SRKLAB_REAL: '1' },
});
process.exitCode = status ?? 1;
