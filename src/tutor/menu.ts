import type { Message } from './message.ts';

/** A line of a menu: what it says, what it does, or why it cannot. */
export type MenuEntry = {
  /** Stable while the menu is open. */
  readonly key: string;
  readonly group: string;
  readonly label: string;
  /** Second column. */
  readonly detail?: string;
  readonly disabledBecause?: string;
  readonly message: Message;
};

/** Entries in which every typed word occurs, those whose label begins with the first word ahead. */
export function matching(entries: readonly MenuEntry[], typed: string): MenuEntry[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  if (words.length === 0) return [...entries];
  const found = entries.filter(entry => {
    const text = `${entry.group} ${entry.label} ${entry.detail ?? ''} ${entry.key}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
  const ahead = (entry: MenuEntry) => entry.label.toLowerCase().startsWith(words[0] ?? '');
  return [...found.filter(ahead), ...found.filter(entry => !ahead(entry))];
}
