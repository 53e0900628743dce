import type { ConfigTree } from './config-tree.ts';

/** An edit as candidate mode makes it: the new tree, or what is wrong with the words (`column` counts from 1 in `line`). */
export type EditResult =
  | { readonly outcome: 'edited'; readonly tree: ConfigTree; readonly warnings: readonly string[] }
  | { readonly outcome: 'refused'; readonly message: string; readonly column: number };

/**
 * Performs one line of candidate mode: "set / interface ethernet-1/1 admin-state disable", "delete / interface lo1".
 * Without the slash the words are relative to `context`, the words of the current path (["network-instance", "default"]).
 */
export function editConfig(_tree: ConfigTree, _line: string, _context: readonly string[] = []): EditResult {
  throw new Error('not written yet');
}

/** Checks a path typed after `info` or `enter`: its canonical words, or what is wrong. */
export function resolvePath(
  _words: string,
  _context: readonly string[] = [],
): { readonly path: readonly string[] } | { readonly message: string; readonly column: number } {
  throw new Error('not written yet');
}
