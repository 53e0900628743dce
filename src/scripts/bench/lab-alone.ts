import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLabFrom } from '../../effects/lab-files.ts';
import type { Fault } from '../../lab/fault.ts';
import type { Lab } from '../../lab/lab.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';

/** Milliseconds of real time between windings, as the tutorial winds: while nothing happens, and while something does. */
const calm = 250;
const lively = 33;

/** Percent of a core that the lab takes when nobody looks at it: with traffic, and with faults beside it. */
export type LabAlone = { readonly moving: number; readonly lively: number };

/** The lab of the screen's bench, wound in real time without a terminal: what is left of the processor time is the terminal's. */
export async function labAlone(
  root: string,
  load: {
    readonly ratePerClient: number;
    readonly faults: (lab: Lab) => readonly Fault[] /** Milliseconds after which they heal by themselves. */;
    readonly faultsLast: number;
  },
): Promise<LabAlone> {
  const reading = readLabFrom(join(root, 'srklab.yml'));
  if (reading.outcome === 'refused') throw new Error(JSON.stringify(reading.errors));
  const lab = await new DrivenLab(reading.lab).buildUpTo('clients');
  await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: load.ratePerClient });
  await share(lab, 3000, calm);
  const moving = await share(lab, 6000, calm);
  const breakAll = async () => {
    for (const fault of load.faults(reading.lab)) {
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
