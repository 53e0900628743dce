import type { FileError } from '../../lab-error.ts';
import type { SwitchConfig } from '../../switch-config.ts';
import { refuseText } from '../yaml-text.ts';
import { type ConfigTree, emptyTree, type Position, TreeBuilder } from './config-tree.ts';
import { type Context, type Problem, type Resolution, resolveWords, rootContext } from './resolve-words.ts';
import { toSwitchConfig } from './to-switch-config.ts';
import { type Token, tokenize } from './tokens.ts';

export type SwitchConfigReading = {
  readonly tree: ConfigTree;
  /** What the readable part of the file means. With errors among the diagnostics it is not the whole. */
  readonly config: SwitchConfig;
  /** Errors and warnings, in file order. */
  readonly diagnostics: readonly FileError[];
};

/** Reads an SR Linux configuration: flat `set / …` lines (also `delete / …`) or the brace form of `info`. */
export function parseSwitchConfig(text: string, file: string): SwitchConfigReading {
  const refusal = refuseText(text, file);
  if (refusal !== undefined)
    return { tree: emptyTree, config: toSwitchConfig(emptyTree).config, diagnostics: [refusal] };
  const reader = new Reader(tokenize(text));
  reader.readAll();
  const { config, diagnostics } = toSwitchConfig(reader.builder.tree, file);
  const unread = reader.problems.map(problem => fileError(problem, file));
  // With lines missing, what does not hold together may hold together in the whole file.
  const complete = !unread.some(error => error.severity === 'error');
  return {
    tree: reader.builder.tree,
    config,
    diagnostics: [...unread, ...(complete ? diagnostics : [])].sort(byPosition),
  };
}

class Reader {
  readonly builder = new TreeBuilder();
  readonly problems: Problem[] = [];
  private index = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  readAll(): void {
    while (this.index < this.tokens.length) {
      const token = this.tokens[this.index];
      if (token === undefined) return;
      if (token.kind === 'newline') this.index++;
      else if (token.kind === '}') {
        this.problems.push(problem('syntax', token.at, 'this brace closes nothing'));
        this.index++;
      } else this.topStatement(token);
    }
  }

  private topStatement(token: Token): void {
    if (token.text === 'set' || token.text === 'delete') {
      const slash = this.tokens[this.index + 1];
      if (slash?.kind !== 'word' || slash.text !== '/') {
        this.problems.push(
          problem(
            'syntax',
            slash?.at ?? token.at,
            `"${token.text}" needs an absolute path`,
            `${token.text} / …`,
          ),
        );
        this.skipStatement();
        return;
      }
      this.index += 2;
      if (token.text === 'delete') this.deletion(token.at);
      else this.statement(rootContext);
    } else if (sessionWords.has(token.text)) {
      this.problems.push({
        ...problem(
          'not-modelled',
          token.at,
          `"${token.text}" is a command of the CLI, not configuration: ignored`,
        ),
        severity: 'warning',
      });
      this.skipStatement();
    } else this.statement(rootContext);
  }

  /** One statement, with its block if it opens one. */
  private statement(context: Context): void {
    const start = this.tokens[this.index]?.at;
    const resolution = resolveWords(this.rest(), context, false);
    this.problems.push(...resolution.notes);
    if (resolution.problem !== undefined) {
      this.problems.push(resolution.problem);
      this.skipStatement();
      return;
    }
    this.index += resolution.used;
    this.apply(resolution, start);
    const token = this.tokens[this.index];
    if (token?.kind === '{') {
      if (Object.keys(resolution.children).length === 0 && resolution.notes.length > 0) this.skipStatement();
      else this.block(token, { steps: resolution.steps, children: resolution.children });
    }
  }

  private block(open: Token, context: Context): void {
    this.index++;
    for (;;) {
      const token = this.tokens[this.index];
      if (token === undefined) {
        this.problems.push(problem('syntax', open.at, 'this brace is never closed', '}'));
        return;
      }
      if (token.kind === '}') {
        this.index++;
        return;
      }
      if (token.kind === 'newline') this.index++;
      else this.statement(context);
    }
  }

  private deletion(at: Position): void {
    const resolution = resolveWords(this.rest(), rootContext, true);
    if (resolution.problem === undefined) {
      this.index += resolution.used;
      if (!removeResolved(this.builder, resolution))
        this.problems.push({
          ...problem('nothing-to-delete', at, 'there is nothing to delete at this point of the file'),
          severity: 'warning',
        });
    } else {
      this.problems.push(resolution.problem);
      this.skipStatement();
    }
  }

  private apply(resolution: Resolution, at: Position | undefined): void {
    if (resolution.notes.some(note => note.code === 'not-modelled') && resolution.assignments.length === 0)
      return;
    if (resolution.assignments.length === 0) this.builder.ensure(resolution.steps, at);
    applyAssignments(this.builder, resolution);
  }

  private rest(): readonly Token[] {
    let end = this.index;
    while (end < this.tokens.length && this.tokens[end]?.kind !== 'newline') end++;
    return this.tokens.slice(this.index, end);
  }

  /** To the end of the line, and over a block that opens on it. */
  private skipStatement(): void {
    let depth = 0;
    while (this.index < this.tokens.length) {
      const token = this.tokens[this.index];
      if (token?.kind === '{') depth++;
      if (token?.kind === '}') {
        if (depth === 0) return;
        depth--;
      }
      if (token?.kind === 'newline' && depth === 0) return;
      this.index++;
    }
  }
}

const sessionWords: ReadonlySet<string> = new Set(['enter', 'commit', 'save', 'quit', 'exit', 'discard']);

/** Puts the leaves that a statement names into the tree. */
export function applyAssignments(builder: TreeBuilder, resolution: Resolution): void {
  for (const { steps, name, values, many, at } of resolution.assignments) {
    if (many) builder.addToLeafList(steps, name, values, at);
    else builder.setLeaf(steps, name, values[0] ?? '', at);
  }
}

/** Takes away what a `delete` names; false when there was nothing. */
export function removeResolved(builder: TreeBuilder, resolution: Resolution): boolean {
  if (resolution.named !== undefined) return builder.removeChild(resolution.steps, resolution.named);
  if (resolution.assignments.length === 0) return builder.removeNode(resolution.steps);
  let removed = false;
  for (const { steps, name, values, many } of resolution.assignments) {
    const done = many ? builder.removeValues(steps, name, values) : builder.removeChild(steps, name);
    removed = done || removed;
  }
  return removed;
}

function problem(code: string, at: Position, message: string, expected?: string): Problem {
  return { code, at, message, severity: 'error', ...(expected === undefined ? {} : { expected }) };
}

function fileError(problem: Problem, file: string): FileError {
  const { at, ...rest } = problem;
  return { ...rest, file, line: at.line, column: at.column };
}

function byPosition(a: FileError, b: FileError): number {
  return a.line - b.line || a.column - b.column;
}
