import type { ConfigContainer, ConfigNode, ConfigTree } from './config-tree.ts';
import { keyText, orderedKeys, valueText } from './ordered-nodes.ts';
import { flatNode, infoNode } from './render-config.ts';
import type { Children, Schema } from './schema.ts';
import { statements } from './statements.ts';

/** `diff flat`: `delete / …` and `insert / …` lines that turn `before` into `after`; empty when they say the same. */
export function diffLines(before: ConfigTree, after: ConfigTree): string[] {
  return flatDifference(before, after, statements.children, '/');
}

/** `diff`: the nested form with + and - in front of what was added and what is gone. */
export function diffInfoLines(before: ConfigTree, after: ConfigTree): string[] {
  return nestedDifference(before, after, statements.children, 1);
}

function flatDifference(
  before: ConfigContainer,
  after: ConfigContainer,
  children: Children,
  path: string,
): string[] {
  return Object.keys(children).flatMap(name => {
    const schema = children[name];
    if (schema === undefined) return [];
    return flatNodes(before.children.get(name), after.children.get(name), schema, `${path} ${name}`);
  });
}

function flatNodes(
  before: ConfigNode | undefined,
  after: ConfigNode | undefined,
  schema: Schema,
  path: string,
): string[] {
  if (before === undefined) return after === undefined ? [] : inserted(after, schema, path);
  if (after === undefined)
    return before.kind === 'list' ? deletedEntries(before.entries.keys(), schema, path) : [`delete ${path}`];
  if (before.kind === 'container' && after.kind === 'container' && schema.kind === 'container')
    return flatDifference(before, after, schema.children, path);
  if (before.kind === 'list' && after.kind === 'list' && schema.kind === 'list')
    return allKeys(path, before.entries, after.entries).flatMap(key => {
      const own = `${path} ${keyText(schema, key)}`;
      const [old, young] = [before.entries.get(key), after.entries.get(key)];
      if (young === undefined) return [`delete ${own}`];
      if (old === undefined)
        return inserted({ kind: 'list', entries: new Map([[key, young]]) }, schema, path);
      return flatDifference(old, young, schema.children, own);
    });
  if (before.kind === 'leaf' && after.kind === 'leaf')
    return before.value === after.value
      ? []
      : [`delete ${path} ${valueText(before.value)}`, ...inserted(after, schema, path)];
  if (before.kind === 'leaf-list' && after.kind === 'leaf-list') {
    const { gone, added } = values(before.values, after.values);
    return [
      ...gone.map(value => `delete ${path} ${valueText(value)}`),
      ...added.map(value => `insert ${path} ${valueText(value)}`),
    ];
  }
  return [];
}

function inserted(node: ConfigNode, schema: Schema, path: string): string[] {
  return flatNode(node, schema, `insert ${path}`);
}

function deletedEntries(keys: Iterable<string>, schema: Schema, path: string): string[] {
  return schema.kind === 'list' ? [...keys].map(key => `delete ${path} ${keyText(schema, key)}`) : [];
}

function nestedDifference(
  before: ConfigContainer,
  after: ConfigContainer,
  children: Children,
  depth: number,
): string[] {
  return Object.keys(children).flatMap(name => {
    const schema = children[name];
    if (schema === undefined) return [];
    return nestedNodes(name, before.children.get(name), after.children.get(name), schema, depth);
  });
}

function nestedNodes(
  name: string,
  before: ConfigNode | undefined,
  after: ConfigNode | undefined,
  schema: Schema,
  depth: number,
): string[] {
  const all = (sign: string, node: ConfigNode) =>
    infoNode(name, node, schema, depth).map(line => `${sign} ${line}`);
  if (before === undefined) return after === undefined ? [] : all('+', after);
  if (after === undefined) return all('-', before);
  if (before.kind === 'container' && after.kind === 'container' && schema.kind === 'container')
    return framed(name, nestedDifference(before, after, schema.children, depth + 1), depth);
  if (before.kind === 'list' && after.kind === 'list' && schema.kind === 'list')
    return allKeys(name, before.entries, after.entries).flatMap(key => {
      const [old, young] = [before.entries.get(key), after.entries.get(key)];
      const one = (entry: ConfigContainer): ConfigNode => ({
        kind: 'list',
        entries: new Map([[key, entry]]),
      });
      if (old === undefined) return young === undefined ? [] : all('+', one(young));
      if (young === undefined) return all('-', one(old));
      return framed(
        `${name} ${keyText(schema, key)}`,
        nestedDifference(old, young, schema.children, depth + 1),
        depth,
      );
    });
  if (before.kind === 'leaf' && after.kind === 'leaf')
    return before.value === after.value ? [] : [...all('-', before), ...all('+', after)];
  if (before.kind === 'leaf-list' && after.kind === 'leaf-list') {
    const { gone, added } = values(before.values, after.values);
    if (gone.length === 0 && added.length === 0) return [];
    const margin = ' '.repeat(4 * depth);
    return [
      `  ${margin}${name} [`,
      ...gone.map(value => `- ${margin}    ${valueText(value)}`),
      ...added.map(value => `+ ${margin}    ${valueText(value)}`),
      `  ${margin}]`,
    ];
  }
  return [];
}

/** Lines inside the block they belong to; nothing when there are none. */
function framed(title: string, lines: readonly string[], depth: number): string[] {
  const margin = ' '.repeat(4 * depth);
  return lines.length === 0 ? [] : [`  ${margin}${title} {`, ...lines, `  ${margin}}`];
}

function values(before: readonly string[], after: readonly string[]): { gone: string[]; added: string[] } {
  return {
    gone: before.filter(value => !after.includes(value)),
    added: after.filter(value => !before.includes(value)),
  };
}

function allKeys(name: string, a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return orderedKeys(name.slice(name.lastIndexOf(' ') + 1), new Set([...a.keys(), ...b.keys()]));
}
