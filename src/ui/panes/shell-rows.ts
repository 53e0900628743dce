import type { ShellBlock } from '../../tutor/shell.ts';
import { clipLine, type Line, line, span } from '../cells/line.ts';
import { textWidth } from '../cells/text.ts';
import { wrapLine } from '../cells/wrap.ts';
import type { ShownRow } from './table.ts';

/** Commands with their output, oldest first; every line is a row, so that the selection scrolls. */
export function shellRows(blocks: readonly ShellBlock[], width: number): ShownRow[] {
  return blocks.flatMap((block, index): ShownRow[] => {
    const rows: ShownRow[] = [];
    if (index > 0) rows.push({ key: `${block.id} before`, line: line() });
    rows.push({ key: `${block.id}`, line: commandLine(block) });
    for (const [row, of] of outputLines(block, width).entries())
      rows.push({ key: `${block.id} ${row}`, line: of });
    return rows;
  });
}

function commandLine(block: ShellBlock): Line {
  const host = block.on === undefined ? '' : `${block.on} `;
  return line(
    span(`${host}▸ `, 'accent'),
    span(block.commandLine, 'code'),
    block.exitCode === undefined ? span('  … running', 'pending') : line(),
    block.exitCode === undefined || block.exitCode === 0
      ? line()
      : span(`  ✘ exit code ${block.exitCode}`, 'down'),
  );
}

/** What a command printed, as lines of at most `width` cells. */
export function outputLines(block: ShellBlock, width: number): Line[] {
  const lines: Line[] = [];
  for (const { stream, text } of joined(block.output)) {
    const clean = withoutControls(text).replace(/\n$/, '');
    if (clean === '') continue;
    for (const raw of squeezed(clean.split('\n'), width))
      lines.push(...outputLine(raw, width, stream === 'stderr'));
  }
  if (block.cut) lines.push(line(span('… output left out here', 'dim')));
  return lines;
}

/** Tables that are too wide lose the blanks that every line has between its columns, all but two of each gap. */
function squeezed(lines: readonly string[], width: number): readonly string[] {
  const widest = Math.max(...lines.map(textWidth));
  if (widest <= width) return lines;
  const blankAt = (column: number) => lines.every(raw => (raw[column] ?? ' ') === ' ');
  const keep: number[] = [];
  for (let column = 0; column < widest; column++) {
    if (column >= 2 && blankAt(column) && blankAt(column - 1) && blankAt(column - 2)) continue;
    keep.push(column);
  }
  return keep.length === widest
    ? lines
    : lines.map(raw =>
        keep
          .map(column => raw[column] ?? ' ')
          .join('')
          .trimEnd(),
      );
}

/** Chunks of one stream in a row are one text: a chunk may end in the middle of a line. */
function joined(output: ShellBlock['output']): { stream: 'stdout' | 'stderr'; text: string }[] {
  const runs: { stream: 'stdout' | 'stderr'; text: string }[] = [];
  for (const { stream, text } of output) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.text += text;
    else runs.push({ stream, text });
  }
  return runs;
}

/** Sentences wrap; what stands in columns is cut at the edge instead, so that columns stay under each other. */
function outputLine(raw: string, width: number, error: boolean): Line[] {
  const whole = line(span(raw, error ? 'pending' : 'plain'));
  if (textWidth(raw) <= width) return [whole];
  return /\S {2,}\S|\||[-=]{8}/.test(raw) ? [clipLine(whole, width)] : wrapLine(whole, width);
}

function withoutControls(text: string): string {
  return text
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]/g, '')
    .replace(/\r\n/g, '\n')
    .replace(/[^\n]*\r/g, '')
    .replace(/\t/g, '        ')
    .replace(/[\x00-\x09\x0b-\x1f\x7f]/g, '');
}
