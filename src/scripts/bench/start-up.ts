import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { spawn } from '@lydell/node-pty';
import { processorTime } from './process-usage.ts';
import { milliseconds, printTable, times } from './report.ts';
import { interleaved, median, spread } from './sample.ts';

/** How long until a learner sees something: everything in a pseudo-terminal of 120×36, from fork to the byte that counts. */
export async function benchStartUp(root: string, rounds: number): Promise<void> {
  const launcher = join(root, 'dist/launcher.cjs');
  const home = mkdtempSync(join(tmpdir(), 'srklab-bench-'));
  const work: { hello: number[]; frame: number[] } = { hello: [], frame: [] };
  const until =
    (argv: readonly string[], seen?: (written: string) => boolean, spent?: number[]) => async () => {
      const sight = await firstSight(argv, home, seen);
      spent?.push(sight.processor);
      return sight.elapsed;
    };
  const samples = await interleaved(rounds, {
    node: until(['-e', '0']),
    version: until([launcher, '--version']),
    help: until([launcher, '--help']),
    skeleton: until([launcher], written => written.includes('Opening the lab')),
    frame: until([launcher], written => written.includes('\x1b[?2026h'), work.frame),
    hello: until(
      [join(root, 'src/scripts/bench/hello-ink.mjs')],
      written => written.includes('hello'),
      work.hello,
    ),
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
    row('… processor time of hello-world Ink', work.hello, median(work.hello), 'hello Ink'),
    row('… processor time of the first frame', work.frame, median(work.hello), 'hello Ink', 1 / 3),
  ]);
  const { skeleton, frame } = { skeleton: median(samples.skeleton), frame: median(samples.frame) };
  const compressed = ['launcher.cjs', 'app.cjs'].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(root, 'dist', name))).length / 1e6,
    0,
  );
  const limited = (what: string, value: number, print: (value: number) => string, budget: number) => ({
    what,
    value: print(value),
    budget: print(budget),
    holds: value <= budget,
  });
  printTable('The budgets of the start', [
    limited('skeleton of the tutorial painted', skeleton, milliseconds, 60),
    limited('first frame of the tutorial', frame, milliseconds, 180),
    limited('bundle, compressed', compressed, value => `${value.toFixed(2)} MB`, 1.5),
  ]);
  if (spread(samples.node) > 0.15) process.stdout.write('  (this machine is noisy at the moment)\n');
}

/** Milliseconds, on the clock and of the processor, until the program wrote what is waited for or ended. */
type Sight = { readonly elapsed: number; readonly processor: number };

/** The program is ended when it was seen. */
function firstSight(
  argv: readonly string[],
  home: string,
  seen: (written: string) => boolean = () => false,
): Promise<Sight> {
  const started = performance.now();
  const child = spawn(process.execPath, [...argv], {
    cols: 120,
    rows: 36,
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', HOME: home },
  });
  return new Promise((resolve, reject) => {
    let written = '';
    let sight: Sight | undefined;
    child.onData(data => {
      if (sight !== undefined) return;
      written += data;
      if (!seen(written)) return;
      sight = { elapsed: performance.now() - started, processor: processorTime(child.pid) };
      // Gently, so that the compiled code is kept for the next round.
      child.kill('SIGTERM');
    });
    child.onExit(({ exitCode }) => {
      if (sight !== undefined) resolve(sight);
      else if (exitCode === 0) resolve({ elapsed: performance.now() - started, processor: Number.NaN });
      else reject(new Error(`${argv.join(' ')} ended with ${exitCode}:\n${written}`));
    });
  });
}
