import type { Line } from '../cells/line.ts';
import type { ShownRow } from './table.ts';

/** A pane before it is cut to its room: what stays, what scrolls, what can be selected. */
export type Picture = {
  /** "Routes · BORDER-DC · kube-ipvrf". */
  readonly title: string;
  /** At the right end of the title's border: "12 routes". */
  readonly corner?: string | undefined;
  /** Above the rows, does not scroll. */
  readonly head: readonly Line[];
  readonly rows: readonly ShownRow[];
  /** Below the rows, does not scroll. */
  readonly foot: readonly Line[];
  /** What can be selected, in order; rows with other keys are only shown. */
  readonly items: readonly string[];
  readonly selected?: string | undefined;
  /** Instead of rows, when there are none: what would fill the pane. */
  readonly empty?: string | undefined;
  /** The table was not looked at yet: what comes next is no change. */
  readonly unseen?: true;
  /** The rows keep showing their end until something is selected. */
  readonly follows?: boolean;
};

/** The keys of the rows that can be selected. */
export function keysOf(rows: readonly ShownRow[]): string[] {
  const keys: string[] = [];
  for (const { key } of rows) if (key !== '') keys.push(key);
  return keys;
}

/** The selected item: the wanted one while it is there, else the first (the last where the pane follows its end). */
export function chosenItem(
  items: readonly string[],
  wanted: string | undefined,
  otherwise: 'first' | 'last' = 'first',
): string | undefined {
  if (wanted !== undefined && items.includes(wanted)) return wanted;
  return otherwise === 'first' ? items[0] : items.at(-1);
}

/** Cells inside a pane's frame. */
export type Room = { readonly width: number; readonly height: number };
