import type { SwitchConfig } from '../../switch-config.ts';
import type { ConfigTree, Step } from './config-tree.ts';
import { diffInfoLines, diffLines } from './diff-config.ts';
import { editConfig, resolvePath } from './edit-config.ts';
import { flatLines, infoJson, infoLines } from './render-config.ts';
import { rootPath } from './select-path.ts';
import { toSwitchConfig } from './to-switch-config.ts';

/** What a commit asks of the switch. */
export type Commit = {
  readonly tree: ConfigTree;
  readonly config: SwitchConfig;
  /** The difference as flat lines: "+ set / …". Never empty. */
  readonly lines: readonly string[];
  readonly mode: 'now' | 'stay' | 'save';
};

export type SessionOutput = { readonly out: (line: string) => void; readonly err: (line: string) => void };

/** A line that was refused gives false; a commit is the switch's to do: then `committed` or `failed`. */
export type LineResult = boolean | Commit;

/** The configuration's part of one visit to a switch's prompt: its mode, its place in the tree, its private candidate. */
export class ConfigSession {
  private readonly node: string;
  private readonly running: () => ConfigTree;
  private readonly output: SessionOutput;
  private candidate: ConfigTree | undefined;
  private place: readonly Step[] = [];

  constructor(node: string, running: () => ConfigTree, output: SessionOutput) {
    this.node = node;
    this.running = running;
    this.output = output;
  }

  /** Types one line: every line that is no question about the switch's state. */
  type(line: string, form: 'text' | 'json' = 'text', output = this.output): LineResult {
    const [verb = '', ...words] = line.split(/\s+/);
    switch (verb) {
      case '':
        return true;
      case 'info':
        return this.info(words, form, output);
      case 'enter':
        return this.enter(words);
      case 'set':
      case 'delete':
      case 'insert':
        return this.edit(line);
      case 'diff':
        return this.diff(words, output);
      case 'commit':
        return this.commit(words);
      case 'discard':
        this.candidate = words[0] === 'stay' ? this.running() : undefined;
        output.out('All changes have been discarded.');
        return true;
      case 'quit':
      case 'exit':
      case 'back':
      case '/':
        this.place = verb === 'back' || verb === 'exit' ? this.place.slice(0, -1) : [];
        return true;
      default:
        return this.goTo(line);
    }
  }

  /** The switch has done it. */
  committed(mode: Commit['mode']): true {
    this.output.out(
      mode === 'now'
        ? 'All changes have been committed. Leaving candidate mode.'
        : 'All changes have been committed. Starting new transaction.',
    );
    if (mode === 'now') this.candidate = undefined;
    return true;
  }

  /** The switch would not. */
  failed(because: string): false {
    return this.refuse(`Error: ${because}`);
  }

  /** Ends the visit. A candidate that was changed and not committed is private and goes away; says so. */
  leave(): void {
    if (this.candidate !== undefined && diffLines(this.running(), this.candidate).length > 0)
      this.output.err(
        'The changes of this candidate were not committed and are gone: end with "commit now" or use sr_cli -ec.',
      );
  }

  private enter(words: readonly string[]): boolean {
    if (words[0] === 'candidate') this.candidate ??= this.running();
    else if (words[0] === 'running' || words[0] === 'state') this.candidate = undefined;
    else
      return this.refuse(
        `Parsing error: Unknown token '${words[0] ?? ''}'. Options are ['candidate', 'running', 'state']`,
      );
    return true;
  }

  private edit(line: string): boolean {
    if (this.candidate === undefined) {
      return this.refuse(
        'Error: configuration is changed in candidate mode: "enter candidate" first, or sr_cli -ec "…"',
      );
    }
    const result = editConfig(this.candidate, line, this.place);
    if (result.outcome === 'refused') {
      const hint = result.expected === undefined ? '' : ` (expected: ${result.expected})`;
      this.output.err(line);
      this.output.err(`${' '.repeat(Math.max(0, result.column - 1))}^`);
      return this.refuse(`Parsing error: ${result.message}${hint}`);
    }
    for (const warning of result.warnings) this.output.err(`Warning: ${warning}`);
    this.candidate = result.tree;
    return true;
  }

  private goTo(line: string): boolean {
    const result = resolvePath(line, this.place);
    if (result.outcome === 'refused') {
      return this.candidate === undefined || /^\S+\s+\S+/.test(line) === false
        ? this.refuse(`Parsing error: ${result.message}`)
        : this.edit(`set ${line}`);
    }
    this.place = result.path.steps;
    return true;
  }

  private diff(words: readonly string[], output: SessionOutput): boolean {
    if (this.candidate === undefined)
      return this.refuse('Error: there is no candidate: "enter candidate" first');
    const lines =
      words[0] === 'flat'
        ? diffLines(this.running(), this.candidate)
        : diffInfoLines(this.running(), this.candidate);
    for (const text of lines) output.out(text);
    return true;
  }

  private commit(words: readonly string[]): LineResult {
    const { candidate } = this;
    if (candidate === undefined) return this.refuse('Error: there is no candidate to commit');
    const mode = words[0] ?? 'stay';
    if (mode !== 'now' && mode !== 'stay' && mode !== 'validate' && mode !== 'save') {
      return this.refuse(`Parsing error: Unknown token '${mode}'. Options are ['now', 'stay', 'validate']`);
    }
    const { config, diagnostics } = toSwitchConfig(candidate, this.node);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      for (const { message, expected } of errors)
        this.output.err(`Error: ${message}${expected === undefined ? '' : ` (expected: ${expected})`}`);
      return this.refuse('Error: commit failed; nothing was changed');
    }
    if (mode === 'validate') {
      this.output.out('All changes have been validated. Leaving candidate unchanged.');
      return true;
    }
    const lines = diffLines(this.running(), candidate);
    return lines.length === 0 ? this.committed(mode) : { tree: candidate, config, lines, mode };
  }

  private info(words: readonly string[], form: 'text' | 'json', output: SessionOutput): boolean {
    const left = [...words];
    let source = this.candidate === undefined ? 'running' : 'candidate';
    const flat = take(left, 'flat');
    if (take(left, 'from')) source = left.shift() ?? source;
    if (take(left, 'flat') || flat) return this.infoFlat(left, source, output);
    const path = left.join(' ');
    const tree = this.treeOf(source);
    if (tree === undefined)
      return this.refuse(
        `Parsing error: Unknown datastore '${source}'. Options are ['candidate', 'running', 'state']`,
      );
    const where =
      path === ''
        ? { outcome: 'found' as const, path: { ...rootPath, steps: this.place } }
        : resolvePath(path, this.place);
    if (where.outcome === 'refused') return this.refuse(`Parsing error: ${where.message}`);
    if (form === 'json') output.out(JSON.stringify(infoJson(tree, where.path) ?? {}, undefined, 2));
    else for (const text of infoLines(tree, where.path, this.place)) output.out(text);
    return true;
  }

  private infoFlat(words: readonly string[], source: string, output: SessionOutput): boolean {
    const tree = this.treeOf(source);
    if (tree === undefined)
      return this.refuse('Error: "info flat" shows the running or the candidate configuration');
    const path = words.join(' ');
    const where = path === '' ? { outcome: 'found' as const, path: rootPath } : resolvePath(path, this.place);
    if (where.outcome === 'refused') return this.refuse(`Parsing error: ${where.message}`);
    for (const text of flatLines(tree, where.path)) output.out(text);
    return true;
  }

  private treeOf(source: string): ConfigTree | undefined {
    if (source === 'running') return this.running();
    return source === 'candidate' ? (this.candidate ?? this.running()) : undefined;
  }

  private refuse(because: string): false {
    this.output.err(because);
    return false;
  }
}

/** The path of `info from state <path>`; undefined: the line asks for something else. */
export function statePathOf(line: string): string | undefined {
  const found = /^info\s+from\s+state(?!\s+flat\b)(?:\s+(.*))?$/.exec(line.trim());
  return found === null ? undefined : (found[1] ?? '');
}

function take(words: string[], word: string): boolean {
  if (words[0] !== word) return false;
  words.shift();
  return true;
}
