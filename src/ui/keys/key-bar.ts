import { type Line, line, lineWidth, span } from '../cells/line.ts';
import { rowOfKey } from './key-command.ts';
import { type KeyContext, placesOf } from './key-context.ts';
import { keyLabel } from './key-press.ts';
import { type KeyRow, keymap } from './keymap.ts';

/** The most important keys that work now, as many as fit, in the order of their rank. */
export function keyBar(context: KeyContext, width: number): Line {
  const rows = keysNow(context).filter(
    row => row.bar !== undefined && row.disabledBecause?.(context) === undefined,
  );
  const shown = new Set(rows.filter(row => row.bar?.always === true));
  for (const row of rows) {
    shown.add(row);
    if (lineWidth(composed(rows, shown, context)) > width && row.bar?.always !== true) shown.delete(row);
  }
  return composed(rows, shown, context);
}

function composed(rows: readonly KeyRow[], shown: ReadonlySet<KeyRow>, context: KeyContext): Line {
  const entries = rows
    .filter(row => shown.has(row))
    .map(({ bar, keys }): Line => {
      const label = typeof bar?.label === 'function' ? bar.label(context) : (bar?.label ?? '');
      return line(span(bar?.keys ?? keyLabel(keys[0] ?? ''), 'key'), span(` ${label}`, 'dim'));
    });
  return entries.flatMap((entry, index) => (index === 0 ? entry : line('  ', entry)));
}

/** Rows whose keys count now, most important first; a key that a more special place takes is left out. */
export function keysNow({ state }: KeyContext): KeyRow[] {
  const places = placesOf(state);
  return keymap
    .filter(row => places.includes(row.place) && row.keys.some(key => rowOfKey(key, state) === row))
    .sort((a, b) => (a.bar?.rank ?? 99) - (b.bar?.rank ?? 99));
}
