import { type ConfigContainer, type ConfigNode, type ConfigTree, nodeAt, type Step } from './config-tree.ts';
import { childrenAt, keyText, orderedChildren, orderedKeys, valueText } from './ordered-nodes.ts';
import type { Children, Schema } from './schema.ts';
import { type ConfigPath, rootPath, selectPath } from './select-path.ts';
import { statements } from './statements.ts';

/** `info flat`: one `set / …` line per leaf, below the path. */
export function flatLines(tree: ConfigTree, path: ConfigPath = rootPath): string[] {
  const selected = selectPath(tree, path);
  return selected === undefined ? [] : flatBelow(selected, statements.children, 'set /');
}

/** `info`: nested braces, four blanks a level. `context` is the current path, which is left out. */
export function infoLines(
  tree: ConfigTree,
  path: ConfigPath = rootPath,
  context: readonly Step[] = [],
): string[] {
  const selected = selectPath(tree, path);
  const start = selected === undefined ? undefined : nodeAt(selected, context);
  const children = childrenAt(context);
  return start === undefined || children === undefined ? [] : infoBelow(start, children, 1);
}

/** `info … | as json`: plain names, lists as arrays. Undefined when there is nothing. */
export function infoJson(tree: ConfigTree, path: ConfigPath = rootPath): unknown {
  const selected = selectPath(tree, path);
  return selected === undefined ? undefined : jsonOf(selected, statements.children, false, '');
}

/** The tree as RFC 7951 JSON with module names, as config.json has it. */
export function yangJson(tree: ConfigTree): unknown {
  return jsonOf(tree, statements.children, true, '');
}

function flatBelow(node: ConfigContainer, children: Children, prefix: string): string[] {
  return orderedChildren(node, children).flatMap(({ name, node: child, schema }) =>
    flatNode(child, schema, `${prefix} ${name}`),
  );
}

/** The lines of one node, each beginning with `prefix`, which names it. */
export function flatNode(node: ConfigNode, schema: Schema, prefix: string): string[] {
  if (node.kind === 'leaf') return [`${prefix} ${valueText(node.value)}`];
  if (node.kind === 'leaf-list') return [`${prefix} ${bracketed(node.values)}`];
  if (node.kind === 'container' && schema.kind === 'container') {
    const lines = flatBelow(node, schema.children, prefix);
    return lines.length === 0 && schema.presence ? [prefix] : lines;
  }
  if (node.kind === 'list' && schema.kind === 'list') {
    const last = prefix.slice(prefix.lastIndexOf(' ') + 1);
    return orderedKeys(last, node.entries.keys()).flatMap(key => {
      const entry = node.entries.get(key);
      const own = `${prefix} ${keyText(schema, key)}`;
      const lines = entry === undefined ? [] : flatBelow(entry, schema.children, own);
      return lines.length === 0 ? [own] : lines;
    });
  }
  return [];
}

function infoBelow(node: ConfigContainer, children: Children, depth: number): string[] {
  return orderedChildren(node, children).flatMap(({ name, node: child, schema }) =>
    infoNode(name, child, schema, depth),
  );
}

/** The lines of one node at a depth. */
export function infoNode(name: string, node: ConfigNode, schema: Schema, depth: number): string[] {
  const margin = ' '.repeat(4 * depth);
  const block = (title: string, lines: readonly string[]) => [`${margin}${title} {`, ...lines, `${margin}}`];
  if (node.kind === 'leaf') return [`${margin}${name} ${valueText(node.value)}`];
  if (node.kind === 'leaf-list')
    return [
      `${margin}${name} [`,
      ...node.values.map(value => `${margin}    ${valueText(value)}`),
      `${margin}]`,
    ];
  if (node.kind === 'container' && schema.kind === 'container') {
    const lines = infoBelow(node, schema.children, depth + 1);
    return lines.length === 0 && !schema.presence ? [] : block(name, lines);
  }
  if (node.kind === 'list' && schema.kind === 'list') {
    return orderedKeys(name, node.entries.keys()).flatMap(key => {
      const entry = node.entries.get(key);
      const lines = entry === undefined ? [] : infoBelow(entry, schema.children, depth + 1);
      return block(`${name} ${keyText(schema, key)}`, lines);
    });
  }
  return [];
}

function jsonOf(
  node: ConfigContainer,
  children: Children,
  modules: boolean,
  module: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, node: child, schema } of orderedChildren(node, children)) {
    if (schema.kind === 'opaque') continue;
    const own = schema.module ?? module;
    const label = modules && own !== module ? `${own}:${name}` : name;
    const value = jsonNode(name, child, schema, modules, own);
    if (value !== undefined) result[label] = value;
  }
  return result;
}

function jsonNode(name: string, node: ConfigNode, schema: Schema, modules: boolean, module: string): unknown {
  if (node.kind === 'leaf' && schema.kind === 'leaf') return jsonValue(node.value, schema.value, modules);
  if (node.kind === 'leaf-list' && schema.kind === 'leaf-list')
    return node.values.map(value => jsonValue(value, schema.value, modules));
  if (node.kind === 'container' && schema.kind === 'container') {
    const value = jsonOf(node, schema.children, modules, module);
    return Object.keys(value).length === 0 && !schema.presence ? undefined : value;
  }
  if (node.kind === 'list' && schema.kind === 'list')
    return orderedKeys(name, node.entries.keys()).map(key => {
      const values = key.split(' ');
      const keys = schema.keys.map((one, index) => [
        one.name,
        jsonValue(values[index] ?? '', one.value, modules),
      ]);
      const entry = node.entries.get(key);
      return {
        ...Object.fromEntries(keys),
        ...(entry === undefined ? {} : jsonOf(entry, schema.children, modules, module)),
      };
    });
  return undefined;
}

/** Without module names an identity is its bare word. */
function jsonValue(
  value: string,
  type: { readonly json: (text: string) => unknown; readonly words?: readonly string[] },
  modules: boolean,
): unknown {
  const json = type.json(value);
  return !modules && typeof json === 'string' ? value : json;
}

function bracketed(values: readonly string[]): string {
  return `[ ${values.map(valueText).join(' ')} ]`;
}
