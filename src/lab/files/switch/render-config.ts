import type { ConfigTree } from './config-tree.ts';

/** `info flat`: one `set / …` line per leaf, below `path`. */
export function flatLines(_tree: ConfigTree, _path: readonly string[] = []): string[] {
  throw new Error('not written yet');
}

/** `info`: nested braces, four blanks deep per level, below `path`. */
export function infoLines(_tree: ConfigTree, _path: readonly string[] = []): string[] {
  throw new Error('not written yet');
}

/** `info … | as json`: plain names, lists as arrays, below `path`. Undefined when there is nothing. */
export function infoJson(_tree: ConfigTree, _path: readonly string[] = []): unknown {
  throw new Error('not written yet');
}

/** The tree as RFC 7951 JSON with module names, as config.json and yanglint have it. */
export function yangJson(_tree: ConfigTree): unknown {
  throw new Error('not written yet');
}

/** `diff flat`: `delete / …` and `insert / …` lines that turn `before` into `after`; empty when they say the same. */
export function diffLines(_before: ConfigTree, _after: ConfigTree): string[] {
  throw new Error('not written yet');
}

/** `diff`: the nested form with +, - and ! in front. */
export function diffInfoLines(_before: ConfigTree, _after: ConfigTree): string[] {
  throw new Error('not written yet');
}
