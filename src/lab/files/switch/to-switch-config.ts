import type { FileError } from '../../lab-error.ts';
import type { SwitchConfig } from '../../switch-config.ts';
import type { ConfigTree } from './config-tree.ts';

/** What a tree means, SR Linux defaults filled in, plus what does not hold together (undefined policy, group, interface …), as `commit` checks it. */
export function toSwitchConfig(
  _tree: ConfigTree,
  _file = 'candidate',
): { readonly config: SwitchConfig; readonly diagnostics: readonly FileError[] } {
  throw new Error('not written yet');
}
