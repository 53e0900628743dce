import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readLabFrom } from '../../effects/lab-files.ts';
import type { Fault } from '../../lab/fault.ts';
import { screenFlags } from '../../launcher/screen-flags.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';

/** Milliseconds of real time between windings, as the tutorial winds: while nothing happens, and while something does. */
const calm = 250;
const lively = 33;

/** Percent of a core that the lab takes when nobody looks at it: with traffic, and with faults beside it. */
export type LabAlone = { readonly moving: number; readonly lively: number };

export type LabLoad = {
  readonly ratePerClient: number;
  readonly faults: readonly Fault[];
  /** Milliseconds after which they heal by themselves. */
  readonly faultsLast: number;
};

/** The same in a process of its own, which V8 is told to run as it runs the tutorial. */
export function measuredAlone(root: string, load: LabLoad): LabAlone {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...screenFlags, '--import', 'tsx', fileURLToPath(import.meta.url), JSON.stringify(load)],
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
  await share(lab, 3000, calm);
  const moving = await share(lab, 6000, calm);
  const breakAll = async () => {
    for (const fault of load.faults) {
      const result = await lab.break(fault);
      if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
    }
  };
  await breakAll();
  await share(lab, load.faultsLast + 2000, lively);
  await breakAll();
  await share(lab, 1000, lively);
  return { moving, lively: await share(lab, 6000, lively) };
}

async function share(lab: DrivenLab, milliseconds: number, pace: number): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  let last = began;
  while (last - began < milliseconds) {
    await sleep(pace);
    const now = performance.now();
    lab.advance(now - last);
    last = now;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (last - began);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await labAlone(JSON.parse(process.argv[2] ?? '') as LabLoad)));
