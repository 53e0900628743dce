import type { ShownRow } from './table.ts';

/** Long enough to be seen, at 1×: lab milliseconds. */
const shownFor = 3_000;

/** Remembers what rows said, so that new and changed ones can be shown as such for a while. */
export class ChangeMemory {
  private readonly panes = new Map<string, Pane>();

  /**
   * Keys of rows that are new or say something else than a moment ago. The first look at a table changes nothing,
   * nor does lab time that went back (another state was restored).
   */
  changed(
    pane: string,
    title: string,
    rows: readonly ShownRow[],
    at: number,
    speed: number,
  ): ReadonlySet<string> {
    const known = this.panes.get(pane);
    const first = known === undefined || known.title !== title || at < known.at;
    const lasts = shownFor * Math.max(speed, 0.1);
    // The same rows again: what they say has not changed, only the time that passes.
    if (!first && known.shown === rows && known.lasts === lasts && at < known.ends) {
      known.at = at;
      return known.changed;
    }
    const remembered = first ? new Map<string, Remembered>() : known.rows;
    const changed = new Set<string>();
    let ends = Number.POSITIVE_INFINITY;
    for (const { key, says } of rows) {
      if (key === '' || says === undefined) continue;
      const before = remembered.get(key);
      if (before === undefined) remembered.set(key, { says, changedAt: first ? undefined : at });
      else if (before.says !== says) remembered.set(key, { says, changedAt: at });
      const since = remembered.get(key)?.changedAt;
      if (since === undefined || at - since >= lasts) continue;
      changed.add(key);
      ends = Math.min(ends, since + lasts);
    }
    this.panes.set(pane, { title, rows: remembered, at, shown: rows, changed, lasts, ends });
    return changed;
  }
}

type Pane = {
  readonly title: string;
  readonly rows: Map<string, Remembered>;
  at: number;
  /** The rows of the last look, and which of them were changed. */
  readonly shown: readonly ShownRow[];
  readonly changed: ReadonlySet<string>;
  /** How long a change is shown, and when the first of them is no more: lab milliseconds. */
  readonly lasts: number;
  readonly ends: number;
};

type Remembered = { readonly says: string; readonly changedAt: number | undefined };
