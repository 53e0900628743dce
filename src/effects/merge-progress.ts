import type { Progress } from '../tutor/progress.ts';

/**
 * What to keep when another process may have kept something since we read: of each lesson, ours where we changed it since
 * `base`, else theirs.
 */
export function mergeProgress(base: Progress, mine: Progress, theirs: Progress | undefined): Progress {
  if (theirs === undefined) return mine;
  const ids = new Set([...Object.keys(theirs.lessons), ...Object.keys(mine.lessons)]);
  const lessons = Object.fromEntries(
    [...ids].flatMap(id => {
      const ours = mine.lessons[id];
      const changed = JSON.stringify(ours) !== JSON.stringify(base.lessons[id]);
      const kept = changed ? ours : (theirs.lessons[id] ?? ours);
      return kept === undefined ? [] : [[id, kept]];
    }),
  );
  return { ...mine, lessons };
}
