export type PlainColumn<Row> = { readonly title: string; readonly of: (row: Row) => string };

/** Columns with a gap of three blanks, titles in front: the form of kind and kubectl. `least`: width with the gap. */
export function plainTable<Row>(
  columns: readonly PlainColumn<Row>[],
  rows: readonly Row[],
  gap = 3,
  least = 0,
): string[] {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map(row => columns.map(column => column.of(row))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(least - gap, ...cells.map(line => line[index]?.length ?? 0)),
  );
  return cells.map(line =>
    line
      .map((cell, index) => (index === columns.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + gap)))
      .join('')
      .trimEnd(),
  );
}
