import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { lessonFolders } from './lesson-files.ts';

const quietMs = 120;

/**
 * Calls back a moment after the last change in a folder of lessons. Where files cannot be watched (some network file
 * systems) it stays silent. Returns what ends the watching.
 */
export function watchLessons(folder: string, changed: () => void): () => void {
  let watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const close = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const look = () => {
    close();
    watchers = [folder, ...lessonFolders(folder).map(name => join(folder, name))].flatMap(path =>
      watcherOf(path, touched),
    );
  };
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Editors replace files and folders come and go: watch what is there now.
      look();
      changed();
    }, quietMs);
    timer.unref();
  };
  look();
  return () => {
    clearTimeout(timer);
    close();
  };
}

function watcherOf(path: string, touched: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, touched);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
