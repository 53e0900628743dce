import { type PlainColumn, plainTable } from '../../../kubectl/plain-table.ts';

export type Column<Row> = PlainColumn<Row> & {
  readonly align?: 'right';
  /** In a rounded table: an empty cell belongs to the one above it, no rule between. */
  readonly merge?: true;
};

/** As docker prints a table: no column but the last is narrower than ten. */
export function dockerTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return plainTable(columns, rows, 3, 10);
}

/** A table with ASCII rules as SR Linux's `show` prints it: title centred, text left, numbers where `align` says right. */
export function ruledTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const { cells, widths } = measured(columns, rows);
  const rule = (char: string) => `+${widths.map(width => char.repeat(width + 2)).join('+')}+`;
  return [
    rule('-'),
    `|${columns.map(({ title }, i) => ` ${centred(title, widths[i] ?? 0)} `).join('|')}|`,
    rule('='),
    ...cells.flatMap(row => linesOf(columns, row, widths, '|')),
    rule('-'),
  ];
}

/** A framed table without bars between the columns, as SR Linux lists a neighbor's routes. */
export function openTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map(row => columns.map(column => column.of(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map(line => line[index]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) => `| ${texts.join('    ')} |`;
  const titles = line(columns.map(({ title }, i) => centred(title, widths[i] ?? 0)));
  const rule = (char: string) => `+${char.repeat(titles.length - 2)}+`;
  const body = cells.map(row => line(row.map((cell, i) => cell.padEnd(widths[i] ?? 0))));
  return [rule('-'), titles, rule('='), ...body, rule('-')];
}

/** A table with rounded corners as containerlab prints it; `separate`: a rule between rows too. */
export function roundedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { separate = false }: { readonly separate?: boolean } = {},
): string[] {
  const { cells, widths } = measured(columns, rows);
  const rule = ([left, cross, right]: readonly [string, string, string]) =>
    `${left}${widths.map(width => '─'.repeat(width + 2)).join(cross)}${right}`;
  return [
    rule(['╭', '┬', '╮']),
    `│${columns.map(({ title }, i) => ` ${centred(title, widths[i] ?? 0, Math.ceil)} `).join('│')}│`,
    rule(['├', '┼', '┤']),
    ...cells.flatMap((row, index) => [
      ...(index > 0 && separate ? [separator(columns, row, widths)] : []),
      ...linesOf(columns, row, widths, '│'),
    ]),
    rule(['╰', '┴', '╯']),
  ];
}

/** The rule above a row, left out over cells that belong to the row before. */
function separator<Row>(
  columns: readonly Column<Row>[],
  row: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const open = columns.map(({ merge }, i) => merge === true && row[i]?.join('') === '');
  const parts = widths.map((width, i) => (open[i] === true ? ' ' : '─').repeat(width + 2));
  const joints = widths.slice(1).map((_, i) => (open[i + 1] === true ? '│' : open[i] === true ? '├' : '┼'));
  return `${open[0] === true ? '│' : '├'}${parts.map((part, i) => `${part}${joints[i] ?? ''}`).join('')}┤`;
}

/** The lines of each cell, and the widths that these and the titles need. */
function measured<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  const cells = rows.map(row => columns.map(column => column.of(row).split('\n')));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.flatMap(line => line[index]?.map(part => part.length) ?? [])),
  );
  return { cells, widths };
}

/** A row between bars, as many lines as its highest cell has. */
function linesOf<Row>(
  columns: readonly Column<Row>[],
  row: readonly (readonly string[])[],
  widths: readonly number[],
  bar: string,
): string[] {
  const height = Math.max(1, ...row.map(cell => cell.length));
  return Array.from({ length: height }, (_, y) => {
    const parts = columns.map(({ align }, i) => {
      const text = row[i]?.[y] ?? '';
      const width = widths[i] ?? 0;
      return ` ${align === 'right' ? text.padStart(width) : text.padEnd(width)} `;
    });
    return `${bar}${parts.join(bar)}${bar}`;
  });
}

/** `half`: on which side the odd blank is. */
function centred(text: string, width: number, half = Math.floor): string {
  const left = half((width - text.length) / 2);
  return `${' '.repeat(left)}${text}`.padEnd(width);
}
