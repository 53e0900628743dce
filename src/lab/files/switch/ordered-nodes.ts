import type { ConfigContainer, ConfigNode, Step } from './config-tree.ts';
import type { Children, ListSchema, Schema } from './schema.ts';
import { statements } from './statements.ts';

/** A child of a container with its statement. */
export type OrderedChild = {
  readonly name: string;
  readonly node: ConfigNode;
  readonly schema: Schema;
};

/** The children of a container as SR Linux prints them: in the order of the statements, not of the file. */
export function orderedChildren(node: ConfigContainer | undefined, children: Children): OrderedChild[] {
  if (node === undefined) return [];
  return Object.keys(children).flatMap(name => {
    const child = node.children.get(name);
    const schema = children[name];
    return child === undefined || schema === undefined ? [] : [{ name, node: child, schema }];
  });
}

/** List keys as SR Linux prints them: names with numbers in them by number ("ethernet-1/2" before "ethernet-1/10"); policy statements as they were entered. */
export function orderedKeys(name: string, keys: Iterable<string>): string[] {
  return name === 'statement' ? [...keys] : [...keys].sort(compareKeys);
}

/** "10.254.254.240/28 mask-length-range 28..32": a list key as it is typed. */
export function keyText(schema: ListSchema, key: string): string {
  const values = key.split(' ');
  return schema.keys
    .map(({ name }, index) => (index === 0 ? values[index] : `${name} ${values[index]}`))
    .join(' ');
}

/** A value as it is typed: in quotes when it holds blanks or signs of the syntax. */
export function valueText(value: string): string {
  return /^[^\s{}[\]"#]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** The statements below the end of the steps; undefined when the steps lead nowhere. */
export function childrenAt(steps: readonly Step[]): Children | undefined {
  let children: Children | undefined = statements.children;
  for (const step of steps) {
    const schema: Schema | undefined = children?.[step.name];
    children = schema?.kind === 'container' || schema?.kind === 'list' ? schema.children : undefined;
  }
  return children;
}

function compareKeys(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x === y) continue;
    if (i % 2 === 1) return Number(x) - Number(y) || x.length - y.length;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
