import { type Line, line, lineWidth } from './line.ts';
import { wrapLine } from './wrap.ts';

/** Entries side by side, as many on a line as fit, never broken unless one alone is too wide. */
export function flowEntries(entries: readonly Line[], width: number, gap: Line): Line[] {
  const lines: Line[] = [];
  let current: Line | undefined;
  for (const entry of entries) {
    if (entry.length === 0) continue;
    const joined: Line = current === undefined ? entry : line(current, gap, entry);
    if (current !== undefined && lineWidth(joined) > width) {
      lines.push(current);
      current = entry;
    } else current = joined;
  }
  if (current !== undefined) lines.push(current);
  return lines.flatMap(of => (lineWidth(of) > width ? wrapLine(of, width) : [of]));
}
