import type { Terminal } from '../../command.ts';
import { goTemplate, TemplateError } from '../../go-template.ts';
import { dockerTable } from '../../text-table.ts';

/** `--format`: `json`, a Go template for each row, or `table` and a template whose fields become columns. */
export function printFormatted(
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
