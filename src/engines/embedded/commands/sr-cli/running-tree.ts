import { type ConfigTree, emptyTree } from '../../../../lab/files/switch/config-tree.ts';
import { parseSwitchConfig } from '../../../../lab/files/switch/parse-switch-config.ts';
import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Device } from '../../device.ts';
import type { EmbeddedLab } from '../../embedded-lab.ts';

/**
 * Running configurations as trees: what the startup file says, plus what was committed. They live as long as the switch: one that is
 * deployed anew has its startup configuration.
 */
const trees = new WeakMap<Device, ConfigTree>();

export function runningTree(lab: EmbeddedLab, node: SwitchNode): ConfigTree {
  const device = lab.world.device(node.name);
  const known = device === undefined ? undefined : trees.get(device);
  if (known !== undefined) return known;
  const text = node.configFile === undefined ? undefined : lab.lab.files.get(node.configFile);
  const tree = text === undefined ? emptyTree : parseSwitchConfig(text, node.configFile ?? '').tree;
  rememberTree(lab, node, tree);
  return tree;
}

export function rememberTree(lab: EmbeddedLab, node: SwitchNode, tree: ConfigTree): void {
  const device = lab.world.device(node.name);
  if (device !== undefined) trees.set(device, tree);
}
