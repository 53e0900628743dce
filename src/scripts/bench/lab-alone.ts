import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readLabFrom } from '../../effects/lab-files.ts';
import { screenFlags, youngSpace } from '../../launcher/screen-flags.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { betweenFlaps, flapsIn } from './flapping-lesson.ts';
import { median } from './sample.ts';

/** Milliseconds of real time between windings, as the tutorial winds: while nothing happens, and while something does. */
const calm = 250;
const lively = 33;

/** Milliseconds after which the tutorial looks although nothing happened: counters go on. */
const atLeast = 100;

export type LabAlone = {
  /** Percent of a core that the lab takes when nobody looks at it: with traffic, and with faults beside it. */
  readonly moving: number;
  readonly lively: number;
  /** How often in a second, with faults, the tutorial would have looked at it. */
  readonly livelyUpdates: number;
};

export type LabLoad = {
  readonly ratePerClient: number;
  /** Milliseconds of flapping before it is measured, and of each measurement; how many of those the figure is the median of. */
  readonly warmUp: number;
  readonly interval: number;
  readonly intervals: number;
};

/** The same in a process of its own, which V8 is told to run as it runs the tutorial. */
export function measuredAlone(root: string, load: LabLoad): LabAlone {
  const flags = [...screenFlags, `--min-semi-space-size=${youngSpace}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, '--import', 'tsx', fileURLToPath(import.meta.url), JSON.stringify(load)],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The lab alone could not be measured:\n${stderr}`);
  return JSON.parse(stdout) as LabAlone;
}

/** The lab of the screen's bench, wound in real time without a terminal: what is left of the processor time is the terminal's. */
async function labAlone(load: LabLoad): Promise<LabAlone> {
  const reading = readLabFrom(join(process.cwd(), 'srklab.yml'));
  if (reading.outcome === 'refused') throw new Error(JSON.stringify(reading.errors));
  const lab = await new DrivenLab(reading.lab).buildUpTo('clients');
  await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: load.ratePerClient });
  await windOn(lab, 3000, calm);
  const { share: moving } = await windOn(lab, load.interval, calm);
  for (const fault of flapsIn(reading.lab)) {
    const result = await lab.break(fault);
    if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
    await windOn(lab, betweenFlaps, lively);
  }
  await windOn(lab, load.warmUp, lively);
  const busy: Wound[] = [];
  while (busy.length < load.intervals) busy.push(await windOn(lab, load.interval, lively));
  return {
    moving,
    lively: median(busy.map(({ share }) => share)),
    livelyUpdates: median(busy.map(({ updates }) => updates)),
  };
}

type Wound = { readonly share: number; readonly updates: number };

async function windOn(lab: DrivenLab, milliseconds: number, pace: number): Promise<Wound> {
  const before = process.cpuUsage();
  const began = performance.now();
  let last = began;
  let looked = began;
  let updates = 0;
  while (last - began < milliseconds) {
    await sleep(pace);
    const now = performance.now();
    const heard = lab.events.length;
    lab.advance(now - last);
    last = now;
    if (lab.events.length === heard && now - looked < atLeast) continue;
    looked = now;
    updates++;
  }
  const { user, system } = process.cpuUsage(before);
  const passed = last - began;
  return { share: (user + system) / 10 / passed, updates: updates / (passed / 1000) };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await labAlone(JSON.parse(process.argv[2] ?? '') as LabLoad)));
