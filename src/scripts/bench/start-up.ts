import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { milliseconds, printTable, times } from './report.ts';
import { interleaved, median, spread } from './sample.ts';

/** How long until a learner sees something: everything in a pseudo-terminal of 120×36, from fork to the byte that counts. */
export async function benchStartUp(root: string, rounds: number): Promise<void> {
  const launcher = join(root, 'dist/launcher.cjs');
  const home = mkdtempSync(join(tmpdir(), 'srklab-bench-'));
  const until = (argv: readonly string[], seen?: (written: string) => boolean) => () =>
    firstSight(argv, home, seen);
  const samples = await interleaved(rounds, {
    node: until(['-e', '0']),
    version: until([launcher, '--version']),
    help: until([launcher, '--help']),
    skeleton: until([launcher], written => written.includes('Opening the lab')),
    frame: until([launcher], written => written.includes('\x1b[?2026h')),
    hello: until([join(root, 'src/scripts/bench/hello-ink.mjs')], written => written.includes('hello')),
  });
  rmSync(home, { recursive: true, force: true });
  const { node, hello } = { node: median(samples.node), hello: median(samples.hello) };
  const row = (what: string, sample: readonly number[], baseline: number, name: string, budget?: number) => ({
    what,
    value: milliseconds(median(sample)),
    ratio: times(median(sample), baseline, name),
    ...(budget === undefined
      ? {}
      : { budget: `${budget.toFixed(2)} ×`, holds: median(sample) / baseline <= budget }),
  });
  printTable(`Start-up, medians of ${rounds}`, [
    row('node -e 0', samples.node, node, 'node -e 0'),
    row('srklab-tutor --version', samples.version, node, 'node -e 0', 1.5),
    row('srklab-tutor --help', samples.help, node, 'node -e 0'),
    row('skeleton of the tutorial painted', samples.skeleton, node, 'node -e 0', 2),
    row('unbundled hello-world Ink', samples.hello, hello, 'hello Ink'),
    row('first frame of the tutorial', samples.frame, hello, 'hello Ink', 1 / 3),
  ]);
  if (spread(samples.node) > 0.15) process.stdout.write('  (this machine is noisy at the moment)\n');
}

/** Milliseconds until the program wrote what is waited for, or ended. It is then killed, unless it ended. */
function firstSight(
  argv: readonly string[],
  home: string,
  seen: (written: string) => boolean = () => false,
): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [...argv], {
    cols: 120,
    rows: 36,
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', HOME: home },
  });
  return new Promise((resolve, reject) => {
    let written = '';
    let measured = Number.NaN;
    child.onData(data => {
      if (!Number.isNaN(measured)) return;
      written += data;
      if (!seen(written)) return;
      measured = performance.now() - started;
      // Gently, so that the compiled code is kept for the next round.
      child.kill('SIGTERM');
    });
    child.onExit(({ exitCode }) => {
      if (!Number.isNaN(measured)) resolve(measured);
      else if (exitCode === 0) resolve(performance.now() - started);
      else reject(new Error(`${argv.join(' ')} ended with ${exitCode}:\n${written}`));
    });
  });
}
