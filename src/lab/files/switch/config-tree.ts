/** A configuration as SR Linux holds it: containers, lists and leaves. Immutable once handed out; operations give a new tree. */
export type ConfigTree = ConfigContainer;

/** `at` is where the file first mentions it. */
export type ConfigContainer = {
  readonly kind: 'container';
  readonly children: ReadonlyMap<string, ConfigNode>;
  readonly at?: Position;
};

/** List entries by their keys joined with a blank ("10.254.254.240/28 28..32"). */
export type ConfigList = {
  readonly kind: 'list';
  readonly entries: ReadonlyMap<string, ConfigContainer>;
};

export type ConfigLeaf = { readonly kind: 'leaf'; readonly value: string; readonly at?: Position };

export type ConfigLeafList = {
  readonly kind: 'leaf-list';
  readonly values: readonly string[];
  readonly at?: Position;
};

export type ConfigNode = ConfigContainer | ConfigList | ConfigLeaf | ConfigLeafList;

/** Counting from 1. */
export type Position = { readonly line: number; readonly column: number };

/** One step down a tree: a container, or a list with the key of an entry. */
export type Step = { readonly name: string; readonly key?: string };

export const emptyTree: ConfigTree = { kind: 'container', children: new Map() };

/** The container or list entry at the end of the steps. */
export function nodeAt(tree: ConfigTree, steps: readonly Step[]): ConfigContainer | undefined {
  let node: ConfigContainer | undefined = tree;
  for (const step of steps) node = node && childOf(node, step);
  return node;
}

function childOf(node: ConfigContainer, step: Step): ConfigContainer | undefined {
  const child = node.children.get(step.name);
  if (step.key === undefined) return child?.kind === 'container' ? child : undefined;
  return child?.kind === 'list' ? child.entries.get(step.key) : undefined;
}

/** A tree that can be changed in place; `tree` must not be changed after it was handed out. */
export class TreeBuilder {
  readonly tree: MutableContainer;

  constructor(from: ConfigTree = emptyTree) {
    this.tree = copyContainer(from);
  }

  /** Makes the container or list entry and everything above it. */
  ensure(steps: readonly Step[], at?: Position): MutableContainer {
    let node = this.tree;
    for (const step of steps)
      node = step.key === undefined ? inside(node, step.name, at) : entryOf(node, step.name, step.key, at);
    return node;
  }

  setLeaf(steps: readonly Step[], name: string, value: string, at?: Position): void {
    this.ensure(steps, at).children.set(name, { kind: 'leaf', value, ...(at === undefined ? {} : { at }) });
  }

  /** Adds to what the leaf-list holds, as `set` does. */
  addToLeafList(steps: readonly Step[], name: string, values: readonly string[], at?: Position): void {
    const node = this.ensure(steps, at);
    const before = node.children.get(name);
    const all = new Set(before?.kind === 'leaf-list' ? before.values : []);
    for (const value of values) all.add(value);
    node.children.set(name, { kind: 'leaf-list', values: [...all], ...(at === undefined ? {} : { at }) });
  }

  /** False when it was not there. */
  removeChild(steps: readonly Step[], name: string): boolean {
    return this.find(steps)?.children.delete(name) ?? false;
  }

  removeValues(steps: readonly Step[], name: string, values: readonly string[]): boolean {
    const node = this.find(steps);
    const leafList = node?.children.get(name);
    if (node === undefined || leafList?.kind !== 'leaf-list') return false;
    const left = leafList.values.filter(value => !values.includes(value));
    if (left.length === leafList.values.length) return false;
    if (left.length === 0) node.children.delete(name);
    else node.children.set(name, { ...leafList, values: left });
    return true;
  }

  /** Removes the container or list entry at the end of the steps. */
  removeNode(steps: readonly Step[]): boolean {
    const last = steps.at(-1);
    if (last === undefined) return false;
    const parent = this.find(steps.slice(0, -1));
    if (last.key === undefined) return parent?.children.delete(last.name) ?? false;
    const list = parent?.children.get(last.name);
    if (list?.kind !== 'list' || !list.entries.delete(last.key)) return false;
    if (list.entries.size === 0) parent?.children.delete(last.name);
    return true;
  }

  private find(steps: readonly Step[]): MutableContainer | undefined {
    let node: MutableContainer | undefined = this.tree;
    for (const step of steps) {
      const child: MutableNode | undefined = node?.children.get(step.name);
      if (step.key === undefined) node = child?.kind === 'container' ? child : undefined;
      else node = child?.kind === 'list' ? child.entries.get(step.key) : undefined;
    }
    return node;
  }
}

type MutableContainer = {
  readonly kind: 'container';
  readonly children: Map<string, MutableNode>;
  readonly at?: Position;
};

type MutableList = { readonly kind: 'list'; readonly entries: Map<string, MutableContainer> };

type MutableNode = MutableContainer | MutableList | ConfigLeaf | ConfigLeafList;

function inside(node: MutableContainer, name: string, at: Position | undefined): MutableContainer {
  const child = node.children.get(name);
  if (child?.kind === 'container') return child;
  const made = newContainer(at);
  node.children.set(name, made);
  return made;
}

function entryOf(
  node: MutableContainer,
  name: string,
  key: string,
  at: Position | undefined,
): MutableContainer {
  const child = node.children.get(name);
  const list: MutableList = child?.kind === 'list' ? child : { kind: 'list', entries: new Map() };
  if (child !== list) node.children.set(name, list);
  const entry = list.entries.get(key) ?? newContainer(at);
  list.entries.set(key, entry);
  return entry;
}

function newContainer(at: Position | undefined): MutableContainer {
  return { kind: 'container', children: new Map(), ...(at === undefined ? {} : { at }) };
}

function copyContainer(from: ConfigContainer): MutableContainer {
  const copy = newContainer(from.at);
  for (const [name, child] of from.children) {
    if (child.kind === 'container') copy.children.set(name, copyContainer(child));
    else if (child.kind === 'list')
      copy.children.set(name, {
        kind: 'list',
        entries: new Map([...child.entries].map(([key, entry]) => [key, copyContainer(entry)])),
      });
    else copy.children.set(name, child);
  }
  return copy;
}
