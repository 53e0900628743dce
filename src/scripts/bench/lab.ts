import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readLabFrom } from '../../effects/lab-files.ts';
import type { Lab } from '../../lab/lab.ts';
import { closLab } from '../../test-support/clos-lab.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { milliseconds, printTable, type Row } from './report.ts';
import { median } from './sample.ts';

/** What the embedded lab takes: the talk's lab from nothing, a large Clos fabric, one cut link, all lessons. Processor time. */
export async function benchLab(root: string, rounds: number): Promise<void> {
  const talk = talkLab(root);
  const first = await spent(async () => void (await new DrivenLab(talk).buildUpTo('fabric')));
  const fabric: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round++) {
    fabric.push(await spent(async () => void (await new DrivenLab(talk).buildUpTo('fabric'))));
    whole.push(await spent(async () => void (await new DrivenLab(talk).buildUpTo('clients'))));
  }
  printTable(`The embedded lab, medians of ${rounds}, processor time`, [
    { what: 'fabric of the talk converges, first time in this process', value: milliseconds(first) },
    limited('fabric of the talk converges from cold', median(fabric), 50),
    { what: 'all stages of the talk', value: milliseconds(median(whole)) },
    lessons(root),
  ]);
  const large = closOf(20, 1000);
  const converging = await spent(async () => void (await new DrivenLab(large).buildUpTo('fabric')));
  const half = await cutOneLink(10);
  const full = await cutOneLink(20);
  printTable('A Clos fabric, processor time', [
    {
      what: `${large.nodes.length} switches with 1,000 service addresses converge`,
      value: milliseconds(converging),
    },
    { what: `one link cut among ${half.switches} switches`, value: milliseconds(half.cutting) },
    {
      what: `one link cut among ${full.switches} switches`,
      value: milliseconds(full.cutting),
      ratio: `${(full.cutting / half.cutting).toFixed(2)} × among ${half.switches}: the same routes touched, twice as many untouched`,
      budget: '1.5 ×',
      holds: full.cutting / half.cutting <= 1.5,
    },
  ]);
}

const leavesPerPod = 20;
/** Lab time in which everything that follows from a cut link has happened. */
const reaction = 1000;

function closOf(pods: number, services: number): Lab {
  return closLab({ pods, leavesPerPod, planes: 4, coresPerPlane: 5, services });
}

/**
 * Cuts an uplink of a leaf that has no service address: only its own routes lose a path, as many in a small fabric as in
 * a large one. The tables of all the other switches stay as they are.
 */
async function cutOneLink(pods: number): Promise<{ readonly switches: number; readonly cutting: number }> {
  const description = closOf(pods, 190);
  const lab = await new DrivenLab(description).buildUpTo('fabric');
  const link = description.links.find(({ id }) => id.includes(`leaf-${pods}-${leavesPerPod}:`))?.id ?? '';
  const cuts: number[] = [];
  for (let round = 0; round < 15; round++) {
    cuts.push(
      await spent(async () => {
        const result = await lab.break({ kind: 'link-cut', link });
        if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
        lab.advance(reaction);
      }),
    );
    const events = lab.events.length;
    lab.settle();
    if (lab.events.length > events) throw new Error('the cut took longer than it was given');
    await lab.heal();
    lab.settle();
  }
  return { switches: description.nodes.length, cutting: median(cuts) };
}

function lessons(root: string): Row {
  const play = `"${process.execPath}" "${join(root, 'dist/launcher.cjs')}" play --all`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${play}`], {
    cwd: root,
    encoding: 'utf8',
  });
  const failures = stdout.split('\n').filter(line => line.startsWith('not ok')).length;
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const name = failures === 0 ? 'all lessons played' : `all lessons played, ${failures} steps not ok`;
  return limited(name, (user + system) * 1000, 10_000);
}

function limited(what: string, value: number, budget: number): Row {
  return { what, value: milliseconds(value), budget: milliseconds(budget), holds: value <= budget };
}

async function spent(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function talkLab(root: string): Lab {
  const reading = readLabFrom(join(root, 'srklab.yml'));
  if (reading.outcome === 'refused') throw new Error(JSON.stringify(reading.errors, undefined, 2));
  return reading.lab;
}
