import { dirname } from 'node:path';
import { type Lab, switchesOf } from '../../../lab/lab.ts';
import { frrConfigOf, frrConfigPath } from '../../real/frr-config.ts';
import { isLinuxSwitch } from '../faults/fault-commands.ts';
import { deviceFileOf } from './device-file.ts';

/** What a light fabric's containers start from. */
export type LightFiles = {
  /** By path: each switch's configuration in FRR's words and its Linux devices, as its SR Linux configuration says. */
  readonly made: ReadonlyMap<string, string>;
  /** Paths of those that are the same for every lab. */
  readonly common: readonly string[];
};

/** Undefined where the switches are SR Linux. */
export function lightFilesOf(lab: Lab): LightFiles | undefined {
  const made = new Map<string, string>();
  const folders = new Set<string>();
  for (const [index, node] of switchesOf(lab).entries()) {
    if (!isLinuxSwitch(node)) continue;
    const path = frrConfigPath(node);
    folders.add(dirname(path));
    made.set(path, frrConfigOf(node, lab));
    made.set(path.replace(/\.conf$/, '.devices'), deviceFileOf(node, index));
  }
  if (made.size === 0) return undefined;
  const common = [...folders].flatMap(folder =>
    ['switch.sh', 'daemons', 'vtysh.conf'].map(name => `${folder}/${name}`),
  );
  return { made, common };
}
