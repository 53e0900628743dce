import { type ConfigContainer, type ConfigNode, type ConfigTree, nodeAt, type Step } from './config-tree.ts';

/** A place in a configuration: a container or list entry, or one leaf or whole list of it. */
export type ConfigPath = { readonly steps: readonly Step[]; readonly named?: string };

export const rootPath: ConfigPath = { steps: [] };

/** The tree with nothing in it but what is at the path and below. Undefined when there is nothing. */
export function selectPath(tree: ConfigTree, path: ConfigPath): ConfigTree | undefined {
  const end = nodeAt(tree, path.steps);
  if (end === undefined) return undefined;
  let selected = end;
  if (path.named !== undefined) {
    const child = end.children.get(path.named);
    if (child === undefined) return undefined;
    selected = only(path.named, child);
  }
  return [...path.steps].reverse().reduce((below, step) => only(step.name, wrapped(step, below)), selected);
}

function wrapped(step: Step, node: ConfigContainer): ConfigNode {
  return step.key === undefined ? node : { kind: 'list', entries: new Map([[step.key, node]]) };
}

function only(name: string, node: ConfigNode): ConfigContainer {
  return { kind: 'container', children: new Map([[name, node]]) };
}
