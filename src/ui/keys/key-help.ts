import { fitLine, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { keysNow } from './key-bar.ts';
import type { KeyContext } from './key-context.ts';
import { keyLabel } from './key-press.ts';
import { type KeyGroup, type KeyRow, keymap } from './keymap.ts';

const groups: readonly KeyGroup[] = [
  'Answer',
  'Lesson',
  'Shell',
  'Rows',
  'Panes',
  'Lab',
  'Time',
  'Menu',
  'Stage',
  'Program',
];
const keyColumn = 12;

/** The `?` screen: keys that work now by group; those that cannot work just now say why. */
export function keyHelpLines(context: KeyContext, width: number): Line[] {
  const rows = keysNow(context);
  const lines: Line[] = [];
  for (const group of groups) {
    const mine = rows.filter(row => row.group === group);
    if (mine.length === 0) continue;
    if (lines.length > 0) lines.push([]);
    lines.push(line(span(group, 'title')));
    for (const row of mine) lines.push(...helpOf(row, context, width));
  }
  return lines;
}

function helpOf(row: KeyRow, context: KeyContext, width: number): Line[] {
  const because = row.disabledBecause?.(context);
  const text = line(
    span(row.help, because === undefined ? 'plain' : 'dim'),
    because === undefined ? '' : span(` – not now: ${because}`, 'dim'),
  );
  return wrapLine(text, width - keyColumn - 2).map((of, index) =>
    line(
      '  ',
      fitLine(index === 0 ? line(span(keysText(row), because === undefined ? 'key' : 'dim')) : [], keyColumn),
      of,
    ),
  );
}

function keysText(row: KeyRow): string {
  return row.keys.map(keyLabel).join(' ');
}

/** The README's key table: every key once, by group. */
export function keyTableMarkdown(): string {
  const lines = ['| key | what it does |', '| --- | --- |'];
  for (const group of groups) {
    const seen = new Set<string>();
    const rows = keymap.filter(row => row.group === group);
    if (rows.length === 0) continue;
    lines.push(`| **${group}** | |`);
    for (const row of rows) {
      const keys = row.keys.map(key => `\`${keyLabel(key)}\``).join(' ');
      const entry = `| ${keys} | ${row.help} |`;
      if (!seen.has(entry)) lines.push(entry);
      seen.add(entry);
    }
  }
  return lines.join('\n');
}
