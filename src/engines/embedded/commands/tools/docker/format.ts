import { goTemplate, TemplateError } from '../../../../../kubectl/go-template.ts';
import type { Terminal } from '../../command.ts';
import type { Options } from '../../options.ts';
import { dockerTable } from '../../text-table.ts';

/** What `ps` and `network ls` print: IDs with `--quiet`, a table of these columns, or what `--format` says. */
export function printRows<Field extends string>(
  terminal: Terminal,
  options: Options,
  rows: readonly (Readonly<Record<Field, string>> & { readonly ID: string })[],
  columns: readonly Field[],
  titles: Readonly<Record<Field, string>>,
): number {
  const format = options.value('format');
  if (options.has('quiet')) {
    for (const { ID } of rows) terminal.out(ID);
    return 0;
  }
  if (format !== undefined && format !== 'table') return printFormatted(terminal, format, rows, titles);
  const shown = columns.map(column => ({
    title: titles[column],
    of: (row: Readonly<Record<Field, string>>) => row[column],
  }));
  for (const line of dockerTable(shown, rows)) terminal.out(line);
  return 0;
}

/** `--format`: `json`, a Go template for each row, or `table` and a template whose fields become columns. */
function printFormatted(
  terminal: Terminal,
  format: string,
  rows: readonly object[],
  titles: Readonly<Record<string, string>>,
): number {
  if (format === 'json') {
    for (const row of rows) terminal.out(JSON.stringify(row));
    return 0;
  }
  try {
    const text = format.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
    if (!text.startsWith('table ')) {
      const template = goTemplate(text);
      for (const row of rows) terminal.out(template(row));
      return 0;
    }
    const template = goTemplate(text.slice('table '.length));
    const lines = [titles, ...rows].map(row => template(row).split('\t'));
    const columns = (lines[0] ?? []).map((title, at) => ({
      title,
      of: (cells: readonly string[]) => cells[at] ?? '',
    }));
    for (const line of dockerTable(columns, lines.slice(1))) terminal.out(line);
    return 0;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    terminal.err(`failed to execute template: template: :1: ${error.message}`);
    return 64;
  }
}

/** What `inspect` prints: the objects of these names that there are, and a sentence for each name of which there is none. */
export function printNamed(
  terminal: Terminal,
  options: Options,
  {
    find,
    missing,
  }: { readonly find: (name: string) => object | undefined; readonly missing: (name: string) => string },
): number {
  const found: object[] = [];
  let exitCode = 0;
  for (const name of options.words) {
    const object = find(name);
    if (object !== undefined) found.push(object);
    else {
      terminal.err(missing(name));
      exitCode = 1;
    }
  }
  return printObjects(terminal, options.value('format'), found) || exitCode;
}

/** Objects as JSON, or each through a template. */
function printObjects(terminal: Terminal, format: string | undefined, objects: readonly object[]): number {
  if (format === undefined || format === 'json') {
    terminal.out(JSON.stringify(objects, undefined, format === undefined ? 4 : undefined));
    return 0;
  }
  try {
    const template = goTemplate(format.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
    for (const object of objects) terminal.out(template(object));
    return 0;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    terminal.err(`template parsing error: template: :1: ${error.message}`);
    return 1;
  }
}
