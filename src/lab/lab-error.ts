/** A mistake in a file somebody wrote: what, where, what was expected. Lines and columns count from 1. */
export type FileError = {
  /** Stable short name: "unknown-key", "duplicate-node", … */
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected?: string;
  readonly severity: 'error' | 'warning';
};

/** The error as a person reads it: position, message, excerpt with caret, what was expected. `text` is the file's text where it could be read. */
export function formatFileError(error: FileError, text?: string): string {
  const lines = [
    `${error.file}:${error.line}:${error.column}: ${error.severity}: ${error.message} [${error.code}]`,
  ];
  const excerpt = text?.split('\n')[error.line - 1];
  if (excerpt !== undefined) {
    const gutter = `${error.line} | `;
    const { shown, caret } = window(
      excerpt.replaceAll('\t', ' ').replace(/[\x00-\x1f\x7f]/g, '·'),
      error.column - 1,
    );
    lines.push(`  ${gutter}${shown}`, `  ${' '.repeat(gutter.length + caret)}^`);
  }
  if (error.expected !== undefined) lines.push(`  expected: ${error.expected}`);
  return lines.join('\n');
}

/** At most 100 characters of the line, around the column. */
function window(line: string, column: number): { shown: string; caret: number } {
  const caret = Math.max(0, Math.min(column, line.length));
  const from = caret > 80 ? caret - 60 : 0;
  return { shown: line.slice(from, from + 100), caret: caret - from };
}
