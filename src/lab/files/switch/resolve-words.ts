import { nearest } from '../suggestion.ts';
import type { Position, Step } from './config-tree.ts';
import type { Children, ListSchema, Schema } from './schema.ts';
import { statements } from './statements.ts';
import type { Token } from './tokens.ts';
import type { ValueType } from './value-types.ts';

/** What the words of a statement mean, as far as they could be followed. */
export type Resolution = {
  /** The container or list entry where the words end. */
  readonly steps: readonly Step[];
  readonly children: Children;
  /** Leaves that the words give a value. */
  readonly assignments: readonly Assignment[];
  /** A last leaf, list or leaf-list named without value or key: only where `valueless` allows it. */
  readonly named?: string;
  readonly notes: readonly Problem[];
  /** How many tokens were used. */
  readonly used: number;
  readonly problem?: Problem;
};

export type Assignment = {
  readonly steps: readonly Step[];
  readonly name: string;
  readonly values: readonly string[];
  readonly many: boolean;
  readonly at: Position;
};

export type Problem = {
  readonly code: string;
  readonly at: Position;
  readonly message: string;
  readonly expected?: string;
  readonly severity: 'error' | 'warning';
};

/** Where statements may be relative to. */
export type Context = { readonly steps: readonly Step[]; readonly children: Children };

export const rootContext: Context = { steps: [], children: statements.children };

/**
 * Follows words down the statements, from `context`, until the line ends or a brace opens. `valueless` accepts a leaf or
 * list without its value or key at the end, as `delete` and `info` take it.
 */
export function resolveWords(tokens: readonly Token[], context: Context, valueless: boolean): Resolution {
  const walk = new Walk(tokens, context, valueless);
  return walk.result();
}

class Walk {
  private readonly tokens: readonly Token[];
  private readonly valueless: boolean;
  private steps: readonly Step[];
  private children: Children;
  private readonly assignments: Assignment[] = [];
  private readonly notes: Problem[] = [];
  private named: string | undefined;
  private index = 0;
  private problem: Problem | undefined;

  constructor(tokens: readonly Token[], context: Context, valueless: boolean) {
    this.tokens = tokens;
    this.valueless = valueless;
    this.steps = context.steps;
    this.children = context.children;
  }

  result(): Resolution {
    while (this.problem === undefined && this.named === undefined && this.next() !== undefined)
      this.statement();
    return {
      steps: this.steps,
      children: this.children,
      assignments: this.assignments,
      notes: this.notes,
      used: this.index,
      ...(this.named === undefined ? {} : { named: this.named }),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  private statement(): void {
    const token = this.next();
    if (token === undefined) return;
    if (token.kind !== 'word') {
      this.fail('syntax', token.at, `"${token.text}" does not belong here`);
      return;
    }
    const schema = Object.hasOwn(this.children, token.text) ? this.children[token.text] : undefined;
    if (schema === undefined) {
      this.unknown(token);
      return;
    }
    this.index++;
    switch (schema.kind) {
      case 'container':
        this.enter({ name: token.text }, schema.children);
        return;
      case 'list':
        this.listEntry(token, schema);
        return;
      case 'leaf':
        this.leaf(token, schema);
        return;
      case 'leaf-list':
        this.leafList(token, schema.value);
        return;
      case 'opaque':
        this.opaque(token, schema.refused);
        return;
    }
  }

  private listEntry(token: Token, schema: ListSchema): void {
    if (this.valueless && this.next() === undefined) {
      this.named = token.text;
      return;
    }
    const values: string[] = [];
    for (const [position, key] of schema.keys.entries()) {
      if (position > 0) {
        const word = this.next();
        if (word?.text !== key.name) {
          this.fail(
            'missing-key',
            this.here(),
            `"${this.pathText(token.text)}" needs ${key.name} too`,
            key.name,
          );
          return;
        }
        this.index++;
      }
      const value = this.value(
        key.value,
        `${this.pathText(token.text)} ${position > 0 ? key.name : ''}`.trim(),
      );
      if (value === undefined) return;
      values.push(value);
    }
    this.enter({ name: token.text, key: values.join(' ') }, schema.children);
  }

  private leaf(token: Token, schema: Extract<Schema, { kind: 'leaf' }>): void {
    if (this.valueless && this.next() === undefined) {
      this.named = token.text;
      return;
    }
    const at = this.here();
    const value = this.value(schema.value, this.pathText(token.text));
    if (value === undefined) return;
    if (schema.ignored) this.note(token.at, `"${this.pathText(token.text)}" is not modelled, ignored`);
    this.assignments.push({ steps: this.steps, name: token.text, values: [value], many: false, at });
  }

  private leafList(token: Token, type: ValueType): void {
    const at = this.here();
    if (this.next()?.kind !== '[') {
      if (this.valueless && this.next() === undefined) {
        this.named = token.text;
        return;
      }
      const value = this.value(type, this.pathText(token.text));
      if (value !== undefined)
        this.assignments.push({ steps: this.steps, name: token.text, values: [value], many: true, at });
      return;
    }
    this.index++;
    const values: string[] = [];
    while (this.next()?.kind !== ']') {
      if (this.next() === undefined) {
        this.fail('syntax', this.here(), `the list of "${this.pathText(token.text)}" does not end`, ']');
        return;
      }
      const value = this.value(type, this.pathText(token.text));
      if (value === undefined) return;
      values.push(value);
    }
    this.index++;
    this.assignments.push({ steps: this.steps, name: token.text, values, many: true, at });
  }

  private opaque(token: Token, refused: string | undefined): void {
    if (refused !== undefined) {
      this.fail('not-modelled', token.at, `"${this.pathText(token.text)}": ${refused}`);
      return;
    }
    this.note(token.at, `"${this.pathText(token.text)}" is not modelled, ignored`);
    while (this.next() !== undefined && this.next()?.kind !== '{') this.index++;
    this.steps = [...this.steps, { name: token.text }];
    this.children = {};
  }

  private value(type: ValueType, of: string): string | undefined {
    const token = this.next();
    if (token === undefined || token.kind !== 'word') {
      this.fail('missing-value', this.here(), `"${of}" needs a value`, type.expected);
      return undefined;
    }
    if (!type.accepts(token.text)) {
      const near = type.words === undefined ? undefined : nearest(token.text, type.words);
      this.fail(
        'bad-value',
        token.at,
        `"${token.text}" is no value for "${of}"`,
        near === undefined ? type.expected : `"${near}"? (${type.expected})`,
      );
      return undefined;
    }
    this.index++;
    return token.text;
  }

  private unknown(token: Token): void {
    const known = Object.keys(this.children).filter(name => {
      const schema = this.children[name];
      return schema !== undefined && (schema.kind !== 'opaque' || schema.refused === undefined);
    });
    const where = this.steps.length === 0 ? 'at the top' : `below "${stepsText(this.steps)}"`;
    const near = nearest(token.text, Object.keys(this.children));
    const all = known.length === 0 ? 'nothing more here' : known.join(', ');
    this.fail(
      'unknown-statement',
      token.at,
      `unknown statement "${token.text}" ${where}`,
      near === undefined ? all : `"${near}"? (known here: ${all})`,
    );
  }

  private enter(step: Step, children: Children): void {
    this.steps = [...this.steps, step];
    this.children = children;
  }

  private next(): Token | undefined {
    const token = this.tokens[this.index];
    return token === undefined || token.kind === 'newline' || token.kind === '{' || token.kind === '}'
      ? undefined
      : token;
  }

  /** Where the next token is, or where the line ends. */
  private here(): Position {
    const token = this.tokens[this.index];
    if (token !== undefined) return token.at;
    const last = this.tokens[this.tokens.length - 1];
    return last === undefined
      ? { line: 1, column: 1 }
      : { line: last.at.line, column: last.at.column + last.text.length };
  }

  private pathText(name: string): string {
    return stepsText([...this.steps, { name }]);
  }

  private fail(code: string, at: Position, message: string, expected?: string): void {
    this.problem = { code, at, message, severity: 'error', ...(expected === undefined ? {} : { expected }) };
  }

  private note(at: Position, message: string): void {
    this.notes.push({ code: 'not-modelled', at, message, severity: 'warning' });
  }
}

/** "interface ethernet-1/1 subinterface 0". */
export function stepsText(steps: readonly Step[]): string {
  return steps.map(step => (step.key === undefined ? step.name : `${step.name} ${step.key}`)).join(' ');
}
