import { type ConfigTree, emptyTree } from '../../../../lab/files/switch/config-tree.ts';
import { parseSwitchConfig } from '../../../../lab/files/switch/parse-switch-config.ts';
import type { SwitchNode } from '../../../../lab/lab.ts';
import type { EmbeddedLab } from '../../embedded-lab.ts';

/** Running configurations as trees: what the startup file says, plus what was committed in this life of the lab. */
const trees = new WeakMap<EmbeddedLab, Map<string, ConfigTree>>();

export function runningTree(lab: EmbeddedLab, node: SwitchNode): ConfigTree {
  const known = trees.get(lab)?.get(node.name);
  if (known !== undefined) return known;
  const text = node.configFile === undefined ? undefined : lab.lab.files.get(node.configFile);
  const tree = text === undefined ? emptyTree : parseSwitchConfig(text, node.configFile ?? '').tree;
  rememberTree(lab, node, tree);
  return tree;
}

export function rememberTree(lab: EmbeddedLab, node: SwitchNode, tree: ConfigTree): void {
  let own = trees.get(lab);
  if (own === undefined) {
    own = new Map();
    trees.set(lab, own);
  }
  own.set(node.name, tree);
}
