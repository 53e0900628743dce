import type { TutorState } from '../../tutor/state.ts';
import { type Line, line, lineWidth, span } from '../cells/line.ts';
import { rowsAt, rowsOfKeys, typingOf } from './key-command.ts';
import { type KeyContext, placesOf } from './key-context.ts';
import { keyLabel } from './key-press.ts';
import { type KeyRow, keymap } from './keymap.ts';

/** The most important keys that work now, as many as fit, in the order of their rank. */
export function keyBar(context: KeyContext, width: number): Line {
  const entries = keysNow(context)
    .filter(row => row.bar !== undefined && row.disabledBecause?.(context) === undefined)
    .map(row => entryOf(row, context));
  let used = 0;
  const shown = new Set<Entry>();
  const show = (entry: Entry) => {
    used += entry.width + (shown.size > 0 ? gap.length : 0);
    shown.add(entry);
  };
  for (const entry of entries) if (entry.always) show(entry);
  for (const entry of entries) {
    const wider = used + entry.width + (shown.size > 0 ? gap.length : 0);
    if (!entry.always && wider <= width) show(entry);
  }
  const parts: (Line | string)[] = [];
  for (const entry of entries) {
    if (!shown.has(entry)) continue;
    if (parts.length > 0) parts.push(gap);
    parts.push(entry.line);
  }
  return line(...parts);
}

const gap = '  ';

type Entry = { readonly line: Line; readonly width: number; readonly always: boolean };

function entryOf({ bar, keys }: KeyRow, context: KeyContext): Entry {
  const label = typeof bar?.label === 'function' ? bar.label(context) : (bar?.label ?? '');
  const text = line(span(bar?.keys ?? keyLabel(keys[0] ?? ''), 'key'), span(` ${label}`, 'dim'));
  return { line: text, width: lineWidth(text), always: bar?.always === true };
}

/** Rows whose keys count now, most important first; a key that a more special place takes is left out. */
export function keysNow({ state }: KeyContext): readonly KeyRow[] {
  // Where nothing is typed the place alone says which keys count.
  if (typingOf(state) !== undefined) return rowsThatCount(state);
  const places = placesOf(state).join(' ');
  let rows = known.get(places);
  if (rows === undefined) {
    rows = rowsThatCount(state);
    known.set(places, rows);
  }
  return rows;
}

const known = new Map<string, readonly KeyRow[]>();

function rowsThatCount(state: TutorState): KeyRow[] {
  const rowOf = rowsOfKeys(state);
  return placesOf(state)
    .flatMap(place => rowsAt(place))
    .filter(row => row.keys.some(key => rowOf(key) === row))
    .sort((a, b) => (a.bar?.rank ?? 99) - (b.bar?.rank ?? 99) || keymap.indexOf(a) - keymap.indexOf(b));
}
