import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { betweenFlaps, flapCount } from './flapping-lesson.ts';
import { measuredAlone } from './lab-alone.ts';
import { milliseconds, printTable, type Row } from './report.ts';
import { type Interval, RunningTutorial } from './running-tutorial.ts';
import { median, quantile } from './sample.ts';

type Measured = {
  readonly moving: Interval;
  /** Links flap: the lab is wound and looked at at every event, up to thirty times a second. At first V8 compiles what is new to it. */
  readonly early: Interval;
  readonly lively: readonly Interval[];
  readonly paused: Interval;
  readonly keys: readonly number[];
  /** Under traffic; and when links have flapped beside it for a minute. */
  readonly memory: number;
  readonly livelyMemory: number;
};

const ratePerClient = 20;
/** Milliseconds. */
const warmUp = 30_000;
const interval = 6000;
/** A slow moment of the machine is to hit one of them, not the figure. */
const intervals = 6;
/** Updates a second that the budgets speak of. */
const updates = 30;

/** The tutorial at 160×45 under traffic, with the renderer and with stock Ink: what a frame costs, and how long a key takes. */
export async function benchScreen(root: string, keyPresses: number): Promise<void> {
  const stock = packageWithStockInk(root);
  try {
    const alone = measuredAlone(root, { ratePerClient, warmUp, interval, intervals });
    const ours = await measure(join(root, 'dist/launcher.cjs'), keyPresses);
    const theirs = await measure(join(stock, 'dist/launcher.cjs'), keyPresses);
    const row = rowsFor(ours, theirs);
    const drawing = (processor: number) => ((processor - alone.lively) / alone.livelyUpdates) * updates;
    const livelyShare = ({ lively }: Measured) => median(lively.map(share));
    const frameCosts = ({ lively }: Measured) => lively.flatMap(each => each.frameCosts);
    printTable(`The screen at 160×45 with 200 requests a second, ${keyPresses} keys`, [
      row('key to paint, p50', milliseconds, ({ keys }) => median(keys)),
      row('key to paint, p99', milliseconds, ({ keys }) => quantile(keys, 0.99), 30),
      row('processor, lab paused', percent, ({ paused }) => share(paused), 0.5),
      row('processor, lab running', percent, ({ moving }) => share(moving), 10),
      row('… of it to look and draw', percent, ({ moving }) => share(moving) - alone.moving),
      { what: '… of it the lab’s own work, measured alone', value: percent(alone.moving) },
      row('frames a second', plain, ({ moving }) => frequency(moving)),
      row('bytes a frame', octets, ({ moving }) => bytesOfFrame(moving), 600),
      row('memory', megabytes, ({ memory }) => memory, 120),
    ]);
    printTable(`The same while four links flap, median of ${intervals} intervals of ${interval / 1000} s`, [
      { what: 'updates a second, counted in the lab alone', value: plain(alone.livelyUpdates) },
      row('frames a second: updates that can be seen', plain, ({ lively }) => median(lively.map(frequency))),
      row('processor', percent, livelyShare),
      { what: '… of it the lab’s own work, measured alone', value: percent(alone.lively) },
      row('… of it to look and draw', percent, measured => livelyShare(measured) - alone.lively),
      row(
        `to look and draw, at ${updates} updates a second`,
        percent,
        measured => drawing(livelyShare(measured)),
        10,
      ),
      row('… in the first half minute', percent, ({ early }) => drawing(share(early))),
      row('processor from frame to frame, p50', milliseconds, measured => median(frameCosts(measured))),
      row(
        'processor from frame to frame, p99',
        milliseconds,
        measured => quantile(frameCosts(measured), 0.99),
        16,
      ),
      row('bytes a frame: whole boxes change, bars move', octets, ({ lively }) =>
        median(lively.map(bytesOfFrame)),
      ),
      row('memory after a minute of it', megabytes, ({ livelyMemory }) => livelyMemory, 120),
    ]);
  } finally {
    rmSync(stock, { recursive: true, force: true });
  }
}

/** Rows of what the tutorial measured beside what stock Ink did. */
function rowsFor(ours: Measured, theirs: Measured) {
  return (
    what: string,
    print: (value: number) => string,
    of: (measured: Measured) => number,
    budget?: number,
  ): Row => {
    const [value, other] = [of(ours), of(theirs)];
    return {
      what,
      value: print(value),
      ratio:
        other < 0.1
          ? `stock Ink ${print(other)}`
          : `${(value / other).toFixed(2)} × stock Ink (${print(other)})`,
      ...(budget === undefined ? {} : { budget: print(budget), holds: value <= budget }),
    };
  };
}

async function measure(launcher: string, keyPresses: number): Promise<Measured> {
  const tutorial = new RunningTutorial(launcher);
  try {
    await tutorial.seen(screen => screen.includes('answered'));
    await choose(tutorial, `traffic ${ratePerClient}`, `${ratePerClient} requests/s each`);
    await tutorial.watch(3000);
    const moving = await tutorial.watch(interval);
    const { memory } = tutorial;
    for (let done = 1; done <= flapCount; done++) {
      tutorial.press('\r');
      await tutorial.seen(screen => screen.split('✔ Flap ').length > done);
      await tutorial.watch(betweenFlaps);
    }
    const early = await tutorial.watch(warmUp);
    const lively: Interval[] = [];
    while (lively.length < intervals) lively.push(await tutorial.watch(interval));
    const livelyMemory = tutorial.memory;
    const keys = await typeIntoPalette(tutorial, keyPresses);
    tutorial.press(' ');
    await tutorial.watch(1500);
    const paused = await tutorial.watch(4000);
    return { moving, early, lively, paused, keys, memory, livelyMemory };
  } finally {
    await tutorial.end();
  }
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

function bytesOfFrame({ bytes, frames }: Interval): number {
  return bytes / frames;
}

function frequency({ frames, seconds }: Interval): number {
  return frames / seconds;
}

const percent = (value: number) => `${value.toFixed(1)} %`;
const plain = (value: number) => value.toFixed(1);
const octets = (value: number) => `${value.toFixed(0)} B`;
const megabytes = (value: number) => `${value.toFixed(0)} MB`;
