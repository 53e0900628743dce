import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleApp } from './bundle/bundle-app.ts';
import { bundleLauncher } from './bundle/bundle-launcher.ts';
import { introductions, prepareReadings, writePrepared } from './bundle/prepare-readings.ts';

/** npm run build: makes dist/, everything the package runs. SRKLAB_STOCK_INK=1 leaves Ink as it is. */
const root = join(import.meta.dirname, '../..');
const dist = process.argv[2] ?? join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

// Built beside it and put in place when it works, so that a failed build leaves the last good one.
const unfinished = `${dist}.new`;
rmSync(unfinished, { recursive: true, force: true });
mkdirSync(unfinished, { recursive: true });
const app = join(unfinished, 'app.cjs');
const prepared = prepareReadings(root);
const bytes = await bundleApp({
  root,
  entry: 'src/main.ts',
  outfile: app,
  stockInk: process.env['SRKLAB_STOCK_INK'] === '1',
  firstTexts: prepared === undefined ? [] : introductions(prepared),
});
const launcher = join(unfinished, 'launcher.cjs');
const buildId = createHash('sha256').update(readFileSync(app)).digest('hex').slice(0, 12);
await bundleLauncher({
  root,
  outfile: launcher,
  version,
  buildId,
  help: helpText(),
});
chmodSync(launcher, 0o755);
if (prepared !== undefined) writePrepared(prepared, join(unfinished, 'prepared.json'));
rmSync(dist, { recursive: true, force: true });
renameSync(unfinished, dist);
process.stdout.write(
  `dist/ built: ${Math.round(bytes / 1024)} kB${process.env['SRKLAB_STOCK_INK'] === '1' ? ', stock Ink' : ''}\n`,
);

/** What the app itself answers, so that the launcher can never say anything else. */
function helpText(): string {
  const ask = `require(${JSON.stringify(app)}).main(['--help'], { packageFolder: ${JSON.stringify(root)} })`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', ask], { encoding: 'utf8' });
  if (status !== 0 || stdout === '') throw new Error(`The app does not answer --help:\n${stdout}${stderr}`);
  return stdout;
}
