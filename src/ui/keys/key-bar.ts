import { type Line, line, lineWidth, span } from '../cells/line.ts';
import { rowOfKey } from './key-command.ts';
import { type KeyContext, placesOf } from './key-context.ts';
import { keyLabel } from './key-press.ts';
import { type KeyRow, keymap } from './keymap.ts';

/** The most important keys that work now, as many as fit, in the order of their rank. */
export function keyBar(context: KeyContext, width: number): Line {
  let bar: Line = [];
  for (const row of keysNow(context)) {
    if (row.bar === undefined || row.disabledBecause?.(context) !== undefined) continue;
    const keys = row.bar.keys ?? keyLabel(row.keys[0] ?? '');
    const entry = line(span(keys, 'key'), span(` ${row.bar.label}`, 'dim'));
    const next = bar.length === 0 ? entry : line(bar, '  ', entry);
    if (lineWidth(next) > width) continue;
    bar = next;
  }
  return bar;
}

/** Rows whose keys count now, most important first; a key that a more special place takes is left out. */
export function keysNow({ state }: KeyContext): KeyRow[] {
  const places = placesOf(state);
  return keymap
    .filter(row => places.includes(row.place) && row.keys.some(key => rowOfKey(key, state) === row))
    .sort((a, b) => (a.bar?.rank ?? 99) - (b.bar?.rank ?? 99));
}
