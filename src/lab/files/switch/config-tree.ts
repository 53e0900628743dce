/** A configuration as SR Linux holds it: containers, lists and leaves in the order of their first mention. Immutable; operations give a new tree. */
export type ConfigTree = ConfigContainer;

export type ConfigContainer = {
  readonly kind: 'container';
  readonly children: ReadonlyMap<string, ConfigNode>;
};

/** List entries by their keys joined with a blank ("10.254.254.240/28 28..32"). */
export type ConfigList = {
  readonly kind: 'list';
  readonly entries: ReadonlyMap<string, ConfigContainer>;
};

/** A leaf has one value, a leaf-list several. `at` is where the file says it. */
export type ConfigLeaf = { readonly kind: 'leaf'; readonly value: string; readonly at?: Position };
export type ConfigLeafList = {
  readonly kind: 'leaf-list';
  readonly values: readonly string[];
  readonly at?: Position;
};

export type ConfigNode = ConfigContainer | ConfigList | ConfigLeaf | ConfigLeafList;

/** Counting from 1. */
export type Position = { readonly line: number; readonly column: number };

export const emptyTree: ConfigTree = { kind: 'container', children: new Map() };
