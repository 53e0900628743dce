import { fitLine, type Line, line, lineText, lineWidth, type Span, span } from '../cells/line.ts';
import { textWidth } from '../cells/text.ts';

/** A column of a table over rows of type R. */
export type Column<R> = {
  /** Stable name, used for sorting: "peer". */
  readonly id: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The highest number drops out first when it gets narrow; 0 never does. */
  readonly priority: number;
  /** Cells it may shrink to before another column drops out; without it, it never shrinks. */
  readonly least?: number;
  /** Changes by itself (an age) or comes from another table later: no reason to call the row changed. */
  readonly volatile?: boolean;
  readonly cell: (row: R) => Line;
  /** What sorting compares; without it, the cell's text. */
  readonly sortBy?: (row: R) => string | number;
};

export type Table<R> = {
  readonly columns: readonly Column<R>[];
  /** Stable while the row is the same thing: selection and "changed" hang on it. */
  readonly keyOf: (row: R) => string;
  /** Where a row that is the same object always says the same: what it said, made once. */
  readonly known?: WeakMap<R & WeakKey, Said>;
};

/** What a row says: in each column, how wide that is, and in one text without what changes by itself. */
export type Said = {
  readonly cells: readonly Line[];
  readonly widths: readonly number[];
  readonly text: string;
};

export type TableOrder = { readonly column: string; readonly descending: boolean };

/** A row as it is painted. */
export type ShownRow = {
  /** Empty for rows that cannot be selected. */
  readonly key: string;
  readonly line: Line;
  /** What the row says without what changes by itself: a new text is a change worth showing. */
  readonly says?: string;
};

export type ShownTable = { readonly header: Line; readonly rows: readonly ShownRow[] };

/**
 * The rows that match the filter, in order, as lines of at most `width` cells. Columns that do not fit drop out by
 * priority, then shrink. The filter matches any column's text, also one that dropped out; "!text" excludes.
 */
export function showTable<R>(
  table: Table<R>,
  rows: readonly R[],
  options: { readonly width: number; readonly filter?: string; readonly order?: TableOrder | undefined },
): ShownTable {
  const { filter = '' } = options;
  const found: Found<R>[] = [];
  for (const row of rows) {
    const [key, said] = [table.keyOf(row), saidBy(table, row)];
    if (filter === '' || matches(`${said.cells.map(lineText).join(' ')} ${key}`, filter))
      found.push({ row, key, said });
  }
  const order = options.order;
  const by = table.columns.find(column => column.id === order?.column);
  if (by !== undefined && order !== undefined) {
    const valueIn = (row: R) => by.sortBy?.(row) ?? lineText(by.cell(row));
    found.sort((a, b) => compare(valueIn(a.row), valueIn(b.row)) * (order.descending ? -1 : 1));
  }
  const titles = table.columns.map(column => titleOf(column, order));
  const natural = titles.map(textWidth);
  for (const { said } of found) {
    for (const [index, width] of said.widths.entries()) natural[index] = Math.max(natural[index] ?? 0, width);
  }
  const widths = fitColumns(table.columns, natural, options.width);
  const compose = (cells: readonly Line[]): Line => {
    const parts: (Line | Span)[] = [];
    for (const [index, column] of table.columns.entries()) {
      const width = widths[index] ?? 0;
      if (width === 0) continue;
      if (parts.length > 0) parts.push(span('  '));
      parts.push(fitLine(cells[index] ?? [], width, column.align ?? 'left'));
    }
    return line(...parts);
  };
  const shown: ShownRow[] = [];
  for (const { key, said } of found) shown.push(new TableRow(key, said, compose));
  return { header: compose(titles.map(title => [span(title, 'column')])), rows: shown };
}

type Found<R> = { readonly row: R; readonly key: string; readonly said: Said };

/** A row of a table: most rows of a long one are never seen, so that its line is made when somebody looks. */
class TableRow implements ShownRow {
  readonly key: string;
  private readonly said: Said;
  private readonly compose: (cells: readonly Line[]) => Line;
  private composed: Line | undefined;

  constructor(key: string, said: Said, compose: (cells: readonly Line[]) => Line) {
    this.key = key;
    this.said = said;
    this.compose = compose;
  }

  get line(): Line {
    this.composed ??= this.compose(this.said.cells);
    return this.composed;
  }

  get says(): string {
    return this.said.text;
  }
}

function saidBy<R>(table: Table<R>, row: R): Said {
  const known = isObject(row) ? table.known?.get(row) : undefined;
  if (known !== undefined) return known;
  const cells = table.columns.map(column => column.cell(row));
  const said = { cells, widths: cells.map(lineWidth), text: textOf(table.columns, cells) };
  if (isObject(row)) table.known?.set(row, said);
  return said;
}

function textOf<R>(columns: readonly Column<R>[], cells: readonly Line[]): string {
  let text: string | undefined;
  for (const [index, { volatile }] of columns.entries()) {
    if (volatile === true) continue;
    const cell = lineText(cells[index] ?? []);
    text = text === undefined ? cell : `${text} ${cell}`;
  }
  return text ?? '';
}

function isObject<R>(row: R): row is R & WeakKey {
  return typeof row === 'object' && row !== null;
}

/** Whether a row's text matches a filter: all its words, in any order, without regard to case. */
export function matches(text: string, filter: string): boolean {
  const lower = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '' && word !== '!')
    .every(word => (word.startsWith('!') ? !lower.includes(word.slice(1)) : lower.includes(word)));
}

function titleOf<R>(column: Column<R>, order: TableOrder | undefined): string {
  if (order?.column !== column.id) return column.title;
  return `${column.title}${order.descending ? '↓' : '↑'}`;
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** Widths that fit, 0 for a column that dropped out. */
function fitColumns<R>(columns: readonly Column<R>[], natural: readonly number[], width: number): number[] {
  const kept = new Set(columns.keys());
  const leastOf = (index: number) =>
    Math.min(natural[index] ?? 0, columns[index]?.least ?? natural[index] ?? 0);
  const needed = () => [...kept].reduce((sum, index) => sum + leastOf(index) + 2, -2);
  while (needed() > width && kept.size > 1) {
    const droppable = [...kept].filter(index => (columns[index]?.priority ?? 0) > 0);
    if (droppable.length === 0) break;
    const last = droppable.reduce((a, b) =>
      (columns[b]?.priority ?? 0) >= (columns[a]?.priority ?? 0) ? b : a,
    );
    kept.delete(last);
  }
  // What is left over goes to the columns that shrank, from the left.
  let spare = width - needed();
  return columns.map((_, index) => {
    if (!kept.has(index)) return 0;
    const least = leastOf(index);
    const more = Math.max(0, Math.min(spare, (natural[index] ?? 0) - least));
    spare -= more;
    return least + more;
  });
}
