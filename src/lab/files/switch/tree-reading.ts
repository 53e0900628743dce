import type { ConfigContainer, ConfigTree, Position } from './config-tree.ts';

/** An entry of a list with its key. */
export type Entry = { readonly key: string; readonly node: ConfigContainer };

/** The container at the end of the names; undefined when it is not there. */
export function containerAt(
  node: ConfigContainer | undefined,
  ...names: readonly string[]
): ConfigContainer | undefined {
  let at = node;
  for (const name of names) {
    const child = at?.children.get(name);
    at = child?.kind === 'container' ? child : undefined;
  }
  return at;
}

/** The entries of a list, in file order. The last name is the list's. */
export function entriesOf(node: ConfigContainer | undefined, ...names: readonly string[]): Entry[] {
  const list = containerAt(node, ...names.slice(0, -1))?.children.get(names.at(-1) ?? '');
  if (list?.kind !== 'list') return [];
  return [...list.entries].map(([key, entry]) => ({ key, node: entry }));
}

/** The value of a leaf. The last name is the leaf's. */
export function leafOf(
  node: ConfigContainer | undefined,
  ...names: readonly string[]
): { readonly value: string; readonly at: Position } | undefined {
  const leaf = containerAt(node, ...names.slice(0, -1))?.children.get(names.at(-1) ?? '');
  return leaf?.kind === 'leaf' ? { value: leaf.value, at: leaf.at ?? startOfFile } : undefined;
}

export function textOf(node: ConfigContainer | undefined, ...names: readonly string[]): string | undefined {
  return leafOf(node, ...names)?.value;
}

export function numberOf(node: ConfigContainer | undefined, ...names: readonly string[]): number | undefined {
  const text = textOf(node, ...names);
  return text === undefined ? undefined : Number(text);
}

export function booleanOf(
  node: ConfigContainer | undefined,
  ...names: readonly string[]
): boolean | undefined {
  const text = textOf(node, ...names);
  return text === undefined ? undefined : text === 'true';
}

/** `admin-state` as a boolean. */
export function enabledOf(
  node: ConfigContainer | undefined,
  ...names: readonly string[]
): boolean | undefined {
  const text = textOf(node, ...names, 'admin-state');
  return text === undefined ? undefined : text === 'enable';
}

/** The values of a leaf-list; undefined when it is not there. */
export function valuesOf(
  node: ConfigContainer | undefined,
  ...names: readonly string[]
): { readonly values: readonly string[]; readonly at: Position } | undefined {
  const leafList = containerAt(node, ...names.slice(0, -1))?.children.get(names.at(-1) ?? '');
  return leafList?.kind === 'leaf-list'
    ? { values: leafList.values, at: leafList.at ?? startOfFile }
    : undefined;
}

/** Where a container is first mentioned. */
export function placeOf(node: ConfigContainer | ConfigTree | undefined): Position {
  return node?.at ?? startOfFile;
}

export const startOfFile: Position = { line: 1, column: 1 };
