import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, release, totalmem } from 'node:os';
import { runProgram } from './run-program.ts';

/** What this machine is, as the real lab looks at it. Undefined where it does not say. */
export type HostFacts = {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  readonly processors: number;
  readonly ssse3: boolean | undefined;
  readonly totalMemory: number;
  readonly availableMemory: number;
  readonly freeDisk: number | undefined;
  readonly inotifyWatches: number | undefined;
  readonly inotifyInstances: number | undefined;
  readonly kernel: string;
  readonly devices: ReadonlyMap<KernelPart, 'works' | 'loadable' | 'missing'>;
};

/** Parts of the kernel that the lab may use, by the name of their module. */
export const kernelParts = ['vxlan', 'vrf', '8021q', 'ipvlan', 'sch_netem'] as const;
export type KernelPart = (typeof kernelParts)[number];

/** `diskOf`: the folder whose disk counts. */
export async function hostFacts(diskOf: string): Promise<HostFacts> {
  const [info, memory, watches, instances, disk, devices] = await Promise.all([
    read('/proc/cpuinfo'),
    read('/proc/meminfo'),
    read('/proc/sys/fs/inotify/max_user_watches'),
    read('/proc/sys/fs/inotify/max_user_instances'),
    statfs(diskOf).catch(() => statfs('/').catch(() => undefined)),
    Promise.all(kernelParts.map(async part => [part, await stateOf(part)] as const)),
  ]);
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(memory ?? '')?.[1];
  return {
    platform: process.platform,
    architecture: process.arch,
    processors: availableParallelism(),
    ssse3: info === undefined ? undefined : /^flags\s*:.*\bssse3\b/m.test(info),
    totalMemory: totalmem(),
    availableMemory: available === undefined ? totalmem() : Number(available) * 1024,
    freeDisk: disk === undefined ? undefined : disk.bavail * disk.bsize,
    inotifyWatches: watches === undefined ? undefined : Number(watches),
    inotifyInstances: instances === undefined ? undefined : Number(instances),
    kernel: release(),
    devices: new Map(devices),
  };
}

/** Lines for ip or tc: a trial in a network namespace of its own, which is gone with the program. */
const trials: Readonly<Record<KernelPart, readonly [program: 'ip' | 'tc', ...lines: string[]]>> = {
  vxlan: ['ip', 'link add trial type vxlan id 1 dstport 4789'],
  vrf: ['ip', 'link add trial type vrf table 10'],
  '8021q': ['ip', 'link add one type veth peer name two', 'link add link one name trial type vlan id 2'],
  ipvlan: ['ip', 'link add one type veth peer name two', 'link add link one name trial type ipvlan mode l2'],
  sch_netem: ['tc', 'qdisc add dev lo root netem delay 1ms'],
};

async function stateOf(part: KernelPart): Promise<'works' | 'loadable' | 'missing'> {
  if (process.platform !== 'linux') return 'missing';
  const [program, ...lines] = trials[part];
  const own = process.getuid?.() === 0 ? '-n' : '-Urn';
  const tried = await runProgram(['unshare', own, program, '-batch', '-'], {
    input: `${lines.join('\n')}\n`,
  });
  if (tried.exitCode === 0) return 'works';
  const folder = `/lib/modules/${release()}`;
  const lists = await Promise.all([read(`${folder}/modules.dep`), read(`${folder}/modules.builtin`)]);
  return lists.some(text => text?.includes(`/${part}.ko`) === true) ? 'loadable' : 'missing';
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
