/**
 * `now`, with every part that says what it said `before` given as the object that said it: whether something changed is then
 * a question of `===`. For plain data: objects, arrays, maps.
 */
export function keepParts<T>(before: unknown, now: T): T {
  if (Object.is(before, now)) return now;
  if (typeof before !== 'object' || typeof now !== 'object' || before === null || now === null) return now;
  if (Array.isArray(now)) return Array.isArray(before) ? (keepItems(before, now) as T) : now;
  if (now instanceof Map) return before instanceof Map ? (keepEntries(before, now) as T) : now;
  return Array.isArray(before) || before instanceof Map ? now : keepFields(before, now);
}

/** The same for rows that may be given again and again: they are held against the older ones once. */
export function keepRows<Rows extends object>(before: Rows | undefined, now: Rows): Rows {
  if (before === undefined || before === now) return now;
  const known = held.get(now);
  if (known?.before.deref() === before) return known.kept as Rows;
  const kept = keepParts(before, now);
  held.set(now, { before: new WeakRef(before), kept });
  return kept;
}

/** Whoever made `now` took over what it shares with `before`: `keepRows` need not look for it again. */
export function sharesWith(before: object, now: object): void {
  held.set(now, { before: new WeakRef(before), kept: now });
}

/** Held against what: weakly, or each would keep the one before it, back to the first. */
const held = new WeakMap<object, { readonly before: WeakRef<object>; readonly kept: object }>();

function keepItems(before: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
  let kept: unknown[] | undefined;
  let same = before.length === now.length;
  for (let index = 0; index < now.length; index++) {
    if (before[index] === now[index]) continue;
    const item = keepParts(before[index], now[index]);
    if (!Object.is(item, before[index])) same = false;
    if (Object.is(item, now[index])) continue;
    kept ??= now.slice();
    kept[index] = item;
  }
  return same ? before : (kept ?? now);
}

/** The same for the entries of a map, each of them kept as `keep` does it. */
export function keepEntries<K, V>(
  before: ReadonlyMap<K, V>,
  now: ReadonlyMap<K, V>,
  keep: (before: V | undefined, now: V) => V = keepParts,
): ReadonlyMap<K, V> {
  let same = before.size === now.size;
  const kept = new Map<K, V>();
  for (const [key, value] of now) {
    const entry = keep(before.get(key), value);
    if (!Object.is(entry, before.get(key)) || !before.has(key)) same = false;
    kept.set(key, entry);
  }
  return same ? before : kept;
}

function keepFields<T extends object>(before: object, now: T): T {
  const old = before as { readonly [name: string]: unknown };
  const current = now as { readonly [name: string]: unknown };
  let left = 0;
  for (const _ in before) left++;
  let same = true;
  let kept: { [name: string]: unknown } | undefined;
  for (const name in current) {
    const was = old[name];
    if (was === current[name] && was !== undefined) {
      left--;
      continue;
    }
    const field = keepParts(was, current[name]);
    if (Object.hasOwn(before, name)) left--;
    else same = false;
    if (!Object.is(field, was)) same = false;
    if (Object.is(field, current[name])) continue;
    kept ??= { ...current };
    kept[name] = field;
  }
  return (same && left === 0 ? before : (kept ?? now)) as T;
}
