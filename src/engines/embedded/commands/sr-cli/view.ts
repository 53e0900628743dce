import type { SwitchNode } from '../../../../lab/lab.ts';
import type { TableRef, TableRows } from '../../../../lab/snapshot.ts';
import type { SwitchConfig } from '../../../../lab/switch-config.ts';
import type { Terminal } from '../command.ts';
import { labRows } from '../lab-rows.ts';
import { type Column, ruledTable } from '../text-table.ts';

/** What a `show` looks at and prints to. */
export class View {
  readonly terminal: Terminal;
  readonly node: SwitchNode;
  readonly form: 'text' | 'json';

  constructor(terminal: Terminal, node: SwitchNode, form: 'text' | 'json') {
    this.terminal = terminal;
    this.node = node;
    this.form = form;
  }

  /** The configuration that runs; undefined while the switch does not. */
  get config(): SwitchConfig | undefined {
    return this.terminal.context.lab.runningConfig(this.node.name);
  }

  get now(): number {
    return this.terminal.context.world.now();
  }

  rows<R extends TableRef>(ref: R): TableRows[R['name']] | undefined {
    return labRows(this.terminal, ref);
  }

  /** Prints a table between heading and closing lines, or the rows as JSON. */
  table<Row>(
    heading: readonly string[],
    columns: readonly Column<Row>[],
    rows: readonly Row[],
    closing: readonly string[] = [],
  ): true {
    if (this.form === 'json') {
      const objects = rows.map(row => Object.fromEntries(columns.map(({ title, of }) => [title, of(row)])));
      this.terminal.out(JSON.stringify(objects, undefined, 2));
      return true;
    }
    const table = ruledTable(columns, rows);
    const line = '-'.repeat(table[0]?.length ?? 0);
    this.lines([
      line,
      ...heading,
      line,
      ...(rows.length === 0 ? [] : table),
      ...(closing.length > 0 ? [line, ...closing, line] : []),
    ]);
    return true;
  }

  lines(lines: readonly string[]): true {
    for (const line of lines) this.terminal.out(line);
    return true;
  }

  /** A word that means nothing here; '?' asks what would, and is answered. */
  unknown(token: string, options: readonly string[]): boolean {
    if (token === '?') return this.lines(['usage: one of', ...options.map(option => `  ${option}`)]);
    const known = `The embedded lab answers [${options.map(one => `'${one}'`).join(', ')}]`;
    return this.refuse(
      token === ''
        ? `Parsing error: more is expected. ${known}`
        : `Parsing error: Unknown token '${token}'. ${known}`,
    );
  }

  refuse(because: string): false {
    this.terminal.err(because);
    return false;
  }
}

/** SR Linux's form of a duration: "0d:0h:1m:4s". */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 86400)}d:${Math.floor(seconds / 3600) % 24}h:${Math.floor(seconds / 60) % 60}m:${seconds % 60}s`;
}
