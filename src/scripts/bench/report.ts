/** One measured thing beside what it is measured against. */
export type Row = {
  readonly what: string;
  readonly value: string;
  /** “1.2 × node -e 0” */
  readonly ratio?: string;
  readonly budget?: string;
  readonly holds?: boolean;
};

export function printTable(title: string, rows: readonly Row[]): void {
  const cells = rows.map(row => [
    row.holds === undefined ? ' ' : row.holds ? '✔' : '✘',
    row.what,
    row.value,
    row.ratio ?? '',
    row.budget === undefined ? '' : `budget ${row.budget}`,
  ]);
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...cells.map(row => (row[column] ?? '').length)));
  const lines = cells.map(row =>
    row
      .map((cell, column) =>
        column === 2 ? cell.padStart(widths[2] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`\n${title}\n${lines.map(line => `  ${line}`).join('\n')}\n`);
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

export function times(value: number, baseline: number, name: string): string {
  return `${(value / baseline).toFixed(2)} × ${name}`;
}
