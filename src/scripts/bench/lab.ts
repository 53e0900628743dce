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
  const half = await clos(10);
  const full = await clos(20);
  printTable('A Clos fabric with 1,000 service addresses, processor time', [
    { what: `${half.switches} switches converge`, value: milliseconds(half.converging) },
    {
      what: `${full.switches} switches converge`,
      value: milliseconds(full.converging),
      ratio: `${(full.converging / half.converging).toFixed(2)} × with ${half.switches}`,
    },
    { what: `one link cut among ${half.switches}`, value: milliseconds(half.cutting) },
    {
      what: `one link cut among ${full.switches}`,
      value: milliseconds(full.cutting),
      ratio: `${(full.cutting / half.cutting).toFixed(2)} × among ${half.switches}, which have half the routes`,
      budget: '1.5 ×',
      holds: full.cutting / half.cutting <= 1.5,
    },
  ]);
}

type Clos = { readonly switches: number; readonly converging: number; readonly cutting: number };

async function clos(pods: number): Promise<Clos> {
  const description = closLab({ pods, leavesPerPod: 20, planes: 4, coresPerPlane: 5, services: 1000 });
  const lab = new DrivenLab(description);
  const converging = await spent(async () => void (await lab.buildUpTo('fabric')));
  const link = description.links.find(({ id }) => id.includes('leaf-1-1:'))?.id ?? '';
  const cuts: number[] = [];
  for (let round = 0; round < 3; round++) {
    cuts.push(
      await spent(async () => {
        const result = await lab.break({ kind: 'link-cut', link });
        if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
        lab.settle();
      }),
    );
    await lab.heal();
    lab.settle();
  }
  return { switches: description.nodes.length, converging, cutting: median(cuts) };
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
