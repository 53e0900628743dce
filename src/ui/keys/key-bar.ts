import type { TutorState } from '../../tutor/state.ts';
import { type Line, line, lineWidth, span } from '../cells/line.ts';
import { rowsAt, rowsOfKeys, typingOf } from './key-command.ts';
import { type KeyContext, placesOf } from './key-context.ts';
import { keyLabel } from './key-press.ts';
import { type KeyRow, keymap } from './keymap.ts';

/** The most important keys that work now, as many as fit, in the order of their rank. */
export function keyBar(context: KeyContext, width: number): Line {
  const inBar: Entry[] = [];
  let used = -gap.length;
  const shown = new Set<Entry>();
  for (const row of keysNow(context)) {
    if (row.bar === undefined || row.disabledBecause?.(context) !== undefined) continue;
    const entry = entryOf(row, context);
    inBar.push(entry);
    if (!entry.always) continue;
    used += gap.length + entry.width;
    shown.add(entry);
  }
  for (const entry of inBar) {
    const wider = used + gap.length + entry.width;
    if (entry.always || wider > width) continue;
    used = wider;
    shown.add(entry);
  }
  const parts: (Line | string)[] = [];
  for (const entry of inBar) {
    if (!shown.has(entry)) continue;
    if (parts.length > 0) parts.push(gap);
    parts.push(entry.line);
  }
  return line(...parts);
}

const gap = '  ';

type Entry = {
  readonly label: string;
  readonly line: Line;
  readonly width: number;
  readonly always: boolean;
};

function entryOf(row: KeyRow, context: KeyContext): Entry {
  const { bar, keys } = row;
  const label = typeof bar?.label === 'function' ? bar.label(context) : (bar?.label ?? '');
  let entry = entries.get(row);
  if (entry?.label !== label) {
    const text = line(span(bar?.keys ?? keyLabel(keys[0] ?? ''), 'key'), span(` ${label}`, 'dim'));
    entry = { label, line: text, width: lineWidth(text), always: bar?.always === true };
    entries.set(row, entry);
  }
  return entry;
}

/** By their rows, as they were labelled last. */
const entries = new WeakMap<KeyRow, Entry>();

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
