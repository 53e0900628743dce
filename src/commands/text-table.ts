/** Columns in plain text: left-aligned, numbers right-aligned, nothing after the last column. Ends with a newline. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [header.map(name => name.toUpperCase()), ...rows.map(row => row.map(String))];
  const widths = header.map((_, column) => Math.max(...cells.map(row => [...(row[column] ?? '')].length)));
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => {
        const room = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...text].length));
        return numeric[column] ? room + text : text + room;
      })
      .join('  ')
      .trimEnd();
  return `${cells.map(line).join('\n')}\n`;
}

/** The same as Markdown. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (row: readonly (string | number)[]) =>
    `| ${row.map(value => String(value).replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

/** The same as CSV (RFC 4180 with plain newlines). */
export function csvTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    const text = String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[header, ...rows].map(row => row.map(cell).join(',')).join('\n')}\n`;
}
