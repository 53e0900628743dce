import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { milliseconds, printTable, type Row } from './report.ts';
import { type Interval, RunningTutorial } from './running-tutorial.ts';
import { median, quantile } from './sample.ts';

type Measured = {
  readonly moving: Interval;
  /** A link flaps: the lab is wound, looked at and drawn thirty times a second. */
  readonly lively: Interval;
  readonly paused: Interval;
  readonly keys: readonly number[];
  /** Under traffic; and when a link has flapped beside it, ten seconds of events. */
  readonly memory: number;
  readonly livelyMemory: number;
};

/** The tutorial at 160×45 under traffic, with the renderer and with stock Ink: what a frame costs, and how long a key takes. */
export async function benchScreen(root: string, keyPresses: number): Promise<void> {
  const stock = packageWithStockInk(root);
  try {
    const ours = await measure(join(root, 'dist/launcher.cjs'), keyPresses);
    const theirs = await measure(join(stock, 'dist/launcher.cjs'), keyPresses);
    printTable(`The screen at 160×45 with 200 requests a second, ${keyPresses} keys`, [
      row('key to paint, p50', milliseconds, measured => median(measured.keys), ours, theirs),
      row('key to paint, p99', milliseconds, measured => quantile(measured.keys, 0.99), ours, theirs, 30),
      row('processor, lab running', percent, measured => share(measured.moving), ours, theirs, 10),
      row('processor, a link flapping', percent, measured => share(measured.lively), ours, theirs),
      row('processor, lab paused', percent, measured => share(measured.paused), ours, theirs, 1),
      row(
        'processor a frame, the lab’s work included',
        milliseconds,
        ({ moving }) => moving.processor / moving.frames,
        ours,
        theirs,
        16,
      ),
      row(
        'bytes a frame',
        value => `${value.toFixed(0)} B`,
        ({ moving }) => moving.bytes / moving.frames,
        ours,
        theirs,
        600,
      ),
      row(
        'frames a second',
        value => value.toFixed(1),
        ({ moving }) => moving.frames / moving.seconds,
        ours,
        theirs,
      ),
      row(
        'frames a second, a link flapping',
        value => value.toFixed(1),
        ({ lively }) => lively.frames / lively.seconds,
        ours,
        theirs,
      ),
      row(
        'memory',
        value => `${value.toFixed(0)} MB`,
        measured => measured.memory,
        ours,
        theirs,
        120,
      ),
      row(
        'memory, a link flapping',
        value => `${value.toFixed(0)} MB`,
        measured => measured.livelyMemory,
        ours,
        theirs,
      ),
    ]);
  } finally {
    rmSync(stock, { recursive: true, force: true });
  }
}

function row(
  what: string,
  print: (value: number) => string,
  of: (measured: Measured) => number,
  ours: Measured,
  theirs: Measured,
  budget?: number,
): Row {
  const value = of(ours);
  return {
    what,
    value: print(value),
    ratio:
      of(theirs) < 0.1
        ? `stock Ink ${print(of(theirs))}`
        : `${(value / of(theirs)).toFixed(2)} × stock Ink (${print(of(theirs))})`,
    ...(budget === undefined ? {} : { budget: print(budget), holds: value <= budget }),
  };
}

async function measure(launcher: string, keyPresses: number): Promise<Measured> {
  const tutorial = new RunningTutorial(launcher);
  try {
    await tutorial.seen(screen => screen.includes('answered'));
    await letClientsAskOften(tutorial);
    await tutorial.watch(3000);
    const moving = await tutorial.watch(6000);
    const { memory } = tutorial;
    await choose(tutorial, 'flap', 'Flap LEAF-DC-1 e1-1');
    await tutorial.watch(1000);
    const lively = await tutorial.watch(6000);
    const livelyMemory = tutorial.memory;
    const keys = await typeIntoPalette(tutorial, keyPresses);
    tutorial.press(' ');
    await tutorial.watch(1500);
    const paused = await tutorial.watch(4000);
    return { moving, lively, paused, keys, memory, livelyMemory };
  } finally {
    await tutorial.end();
  }
}

/** Ten clients with 20 requests a second each: more than the terminal may draw, 30 updates a second. */
async function letClientsAskOften(tutorial: RunningTutorial): Promise<void> {
  await choose(tutorial, 'traffic 20', '20 requests/s each');
}

/** Types into the command palette until the row that is meant is the only kind left, and takes it. */
async function choose(tutorial: RunningTutorial, typed: string, row: string): Promise<void> {
  tutorial.press(':');
  await tutorial.seen(screen => screen.includes('Command'));
  tutorial.press(typed);
  await tutorial.seen(screen => screen.includes(row) && !screen.includes('Go to step'));
  tutorial.press('\r');
  await tutorial.seen(screen => !screen.includes('Command'));
}

/** Types a letter into the command palette and takes it away again, at a human's pace. Milliseconds until each is seen. */
async function typeIntoPalette(tutorial: RunningTutorial, count: number): Promise<number[]> {
  tutorial.press(':');
  await tutorial.seen(screen => screen.includes('Command'));
  const typed = (screen: string): boolean => /│ : x/.test(screen);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    await new Promise(resolve => setTimeout(resolve, 40 + ((index * 37) % 60)));
    const wanted = index % 2 === 0;
    const started = performance.now();
    tutorial.press(wanted ? 'x' : '\x7f');
    times.push((await tutorial.seen(screen => typed(screen) === wanted)) - started);
  }
  tutorial.press('\x1b');
  await tutorial.seen(screen => !screen.includes('Command'));
  return times;
}

function packageWithStockInk(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'srklab-stock-'));
  mkdirSync(join(folder, 'dist'));
  for (const name of [
    'package.json',
    'lessons',
    'fabric',
    'kind',
    'metallb',
    'app',
    'topo.yml',
    'srklab.yml',
  ]) {
    symlinkSync(join(root, name), join(folder, name));
  }
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/scripts/build.ts', join(folder, 'dist')],
    { cwd: root, env: { ...process.env, SRKLAB_STOCK_INK: '1' }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The build with stock Ink failed:\n${stderr}`);
  return folder;
}

function share({ processor, seconds }: Interval): number {
  return processor / seconds / 10;
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}
