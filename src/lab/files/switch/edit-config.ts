import { type ConfigTree, type Step, TreeBuilder } from './config-tree.ts';
import { childrenAt } from './ordered-nodes.ts';
import { applyAssignments, removeResolved } from './parse-switch-config.ts';
import { type Context, type Problem, resolveWords, rootContext } from './resolve-words.ts';
import type { ConfigPath } from './select-path.ts';
import { type Token, tokenize } from './tokens.ts';

/** An edit as candidate mode makes it: the new tree, or what is wrong with the words (`column` counts from 1 in `line`). */
export type EditResult =
  | { readonly outcome: 'edited'; readonly tree: ConfigTree; readonly warnings: readonly string[] }
  | EditRefused;

export type EditRefused = {
  readonly outcome: 'refused';
  readonly message: string;
  readonly expected?: string;
  readonly column: number;
};

export type PathResult = { readonly outcome: 'found'; readonly path: ConfigPath } | EditRefused;

/**
 * Performs one line of candidate mode: "set / interface ethernet-1/1 admin-state disable", "delete / interface lo1", or
 * the same without `set`. Without the slash the words are relative to `context`, the current path.
 */
export function editConfig(tree: ConfigTree, line: string, context: readonly Step[] = []): EditResult {
  const tokens = words(line);
  const first = tokens[0]?.text;
  const deleting = first === 'delete';
  const { rest, from } = relativeTo(first === 'set' || deleting ? tokens.slice(1) : tokens, context);
  if (rest.length === 0) return refused(syntax(line, 'a path is missing'));
  const resolution = resolveWords(rest, from, deleting);
  const problem = resolution.problem ?? leftOver(rest, resolution.used);
  if (problem !== undefined) return refused(problem);
  const builder = new TreeBuilder(tree);
  if (deleting) {
    if (!removeResolved(builder, resolution))
      return refused(syntax(line, 'there is nothing of that name to delete'));
  } else {
    if (resolution.assignments.length === 0) builder.ensure(resolution.steps);
    applyAssignments(builder, resolution);
  }
  return { outcome: 'edited', tree: builder.tree, warnings: resolution.notes.map(note => note.message) };
}

/** The place that words typed after `info` or as a path of its own mean. */
export function resolvePath(line: string, context: readonly Step[] = []): PathResult {
  const { rest, from } = relativeTo(words(line), context);
  const resolution = resolveWords(rest, from, true);
  const problem = resolution.problem ?? leftOver(rest, resolution.used);
  if (problem !== undefined) return refused(problem);
  if (resolution.assignments.length > 0) return refused(syntax(line, 'this names a value, not a place'));
  return {
    outcome: 'found',
    path: { steps: resolution.steps, ...(resolution.named === undefined ? {} : { named: resolution.named }) },
  };
}

function words(line: string): Token[] {
  return tokenize(line).filter(token => token.kind !== 'newline');
}

function relativeTo(
  tokens: readonly Token[],
  context: readonly Step[],
): { readonly rest: readonly Token[]; readonly from: Context } {
  const first = tokens[0];
  if (first?.text === '/') return { rest: tokens.slice(1), from: rootContext };
  if (first?.text.startsWith('/') === true)
    return { rest: [{ ...first, text: first.text.slice(1) }, ...tokens.slice(1)], from: rootContext };
  const children = childrenAt(context);
  return { rest: tokens, from: children === undefined ? rootContext : { steps: context, children } };
}

/** Braces have no place in a typed line. */
function leftOver(tokens: readonly Token[], used: number): Problem | undefined {
  const token = tokens[used];
  return token === undefined
    ? undefined
    : { code: 'syntax', at: token.at, message: `"${token.text}" does not belong here`, severity: 'error' };
}

function refused({ message, expected, at }: Problem): EditRefused {
  return { outcome: 'refused', message, column: at.column, ...(expected === undefined ? {} : { expected }) };
}

function syntax(line: string, message: string): Problem {
  return { code: 'syntax', at: { line: 1, column: line.length + 1 }, message, severity: 'error' };
}
