import type { Step } from '../../../lab/files/switch/config-tree.ts';
import { emptyTree } from '../../../lab/files/switch/config-tree.ts';
import { editConfig, resolvePath } from '../../../lab/files/switch/edit-config.ts';
import { childrenAt } from '../../../lab/files/switch/ordered-nodes.ts';
import { yangJson } from '../../../lab/files/switch/render-config.ts';
import { statements } from '../../../lab/files/switch/statements.ts';
import type { JsonRpcChange } from '../../../programs/json-rpc.ts';

/** What a port is told for a cut or mended link: on SR Linux a disabled port drops its carrier, so that the far end sees it too. */
export function portChange(port: string, enabled: boolean): JsonRpcChange {
  return {
    action: 'update',
    path: `/interface[name=${port}]/admin-state`,
    value: enabled ? 'enable' : 'disable',
  };
}

/** `set / …` and `delete / …` lines as changes of one transaction, in their order; or why a line is not understood. */
export function changesOf(lines: readonly string[]): readonly JsonRpcChange[] | { readonly problem: string } {
  const changes: JsonRpcChange[] = [];
  let tree = emptyTree;
  const flush = () => {
    if (tree !== emptyTree) changes.push({ action: 'update', path: '/', value: yangJson(tree) });
    tree = emptyTree;
  };
  for (const line of lines.map(each => each.trim()).filter(each => each !== '' && !each.startsWith('#'))) {
    const deleted = /^delete\s+(.*)$/.exec(line)?.[1];
    if (deleted !== undefined) {
      const place = resolvePath(deleted);
      if (place.outcome === 'refused') return { problem: `${line}: ${place.message}` };
      const { steps, named } = place.path;
      flush();
      changes.push({ action: 'delete', path: `${pathText(steps)}${named === undefined ? '' : `/${named}`}` });
      continue;
    }
    const edit = editConfig(tree, line);
    if (edit.outcome === 'refused') return { problem: `${line}: ${edit.message}` };
    tree = edit.tree;
  }
  flush();
  return changes;
}

/** Steps as a path with keys: "/interface[name=ethernet-1/1]/subinterface[index=0]". */
function pathText(steps: readonly Step[]): string {
  return steps
    .map(({ name, key }, index) => {
      if (key === undefined) return `/${name}`;
      const schema = (childrenAt(steps.slice(0, index)) ?? statements.children)[name];
      if (schema?.kind !== 'list') return `/${name}`;
      const values = key.split(' ');
      return `/${name}${schema.keys.map((each, at) => `[${each.name}=${values[at]}]`).join('')}`;
    })
    .join('');
}
