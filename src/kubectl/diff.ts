import { lastApplied } from '../kube/apply.ts';
import type { KubeObject } from '../kube/objects.ts';
import { objectsOfFiles } from './apply.ts';
import { isRecord, presentable, yamlLines } from './render.ts';
import type { Session } from './session.ts';

/** `kubectl diff -f FILE`: what applying it would change. Exit code 1: something. */
export function diff(session: Session): number {
  const wanted = objectsOfFiles(session, 'diff');
  if (typeof wanted === 'number') return wanted;
  let changed = false;
  for (const object of wanted) {
    const { name, namespace = session.namespace ?? 'default' } = object.metadata;
    const { store } = session.run.cluster;
    const live = store.get(object.kind, name, namespace) ?? store.get(object.kind, name);
    const before = live === undefined ? [] : yamlLines(presentable(live, session.date));
    const after = yamlLines(presentable(live === undefined ? object : applied(live, object), session.date));
    const hunks = unified(before, after);
    if (hunks.length === 0) continue;
    changed = true;
    const file = `${object.apiVersion.replace('/', '.')}.${object.kind}.${namespace}.${name}`;
    session.out(`diff -u -N /tmp/LIVE/${file} /tmp/MERGED/${file}`);
    session.out(`--- /tmp/LIVE/${file}`);
    session.out(`+++ /tmp/MERGED/${file}`);
    for (const line of hunks) session.out(line);
  }
  return changed ? 1 : 0;
}

/** It stays in its namespace whether the file names that or not, and keeps the annotations of others. */
function applied(live: KubeObject, wanted: KubeObject): KubeObject {
  const { namespace } = live.metadata;
  const metadata = {
    ...wanted.metadata,
    ...(namespace === undefined ? {} : { namespace }),
    annotations: wanted.metadata.annotations ?? {},
  };
  return merged(live, lastApplied(live), { ...wanted, metadata }) as KubeObject;
}

/**
 * As applying does: maps are merged, and lose what was applied last and is wanted no more; lists of named things are merged by
 * their names, other lists replaced.
 */
function merged(live: unknown, last: unknown, wanted: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(wanted)) {
    const nameOf = (one: unknown) =>
      isRecord(one) ? (one.name ?? one.port ?? one.containerPort) : undefined;
    return wanted.every(one => nameOf(one) !== undefined)
      ? wanted.map(one => {
          const among = (list: readonly unknown[]) => list.find(each => nameOf(each) === nameOf(one));
          const before = among(live);
          return before === undefined
            ? one
            : merged(before, Array.isArray(last) ? among(last) : undefined, one);
        })
      : wanted;
  }
  if (!isRecord(live) || !isRecord(wanted)) return wanted;
  const before = isRecord(last) ? last : {};
  const kept = Object.entries(live).filter(([key]) => key in wanted || !(key in before));
  return Object.entries(wanted).reduce<Record<string, unknown>>((all, [key, value]) => {
    all[key] = key in live ? merged(live[key], before[key], value) : value;
    return all;
  }, Object.fromEntries(kept));
}

const CONTEXT = 3;

/** Hunks of a unified diff, by the longest common subsequence. */
export function unified(before: readonly string[], after: readonly string[]): string[] {
  const lines = edits(before, after);
  const changedAt = lines.flatMap(({ mark }, at) => (mark === ' ' ? [] : [at]));
  const hunks: string[] = [];
  for (let at = 0; at < changedAt.length; ) {
    let last = at;
    while (last + 1 < changedAt.length && (changedAt[last + 1] ?? 0) - (changedAt[last] ?? 0) <= 2 * CONTEXT)
      last++;
    const from = Math.max(0, (changedAt[at] ?? 0) - CONTEXT);
    const to = Math.min(lines.length, (changedAt[last] ?? 0) + CONTEXT + 1);
    const part = lines.slice(from, to);
    const start = (mark: '-' | '+') => lines.slice(0, from).filter(one => one.mark !== mark).length + 1;
    const count = (mark: '-' | '+') => part.filter(one => one.mark !== mark).length;
    const range = (mark: '-' | '+') => (count(mark) === 0 ? '0,0' : `${start(mark)},${count(mark)}`);
    hunks.push(`@@ -${range('+')} +${range('-')} @@`, ...part.map(({ mark, text }) => `${mark}${text}`));
    at = last + 1;
  }
  return hunks;
}

type Edit = { readonly mark: ' ' | '-' | '+'; readonly text: string };

function edits(before: readonly string[], after: readonly string[]): Edit[] {
  const length = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const row = length[i];
      if (row !== undefined)
        row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const all: Edit[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      all.push({ mark: ' ', text: before[i] ?? '' });
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1)))
      all.push({ mark: '-', text: before[i++] ?? '' });
    else all.push({ mark: '+', text: after[j++] ?? '' });
  }
  return all;
}
