import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchLessons } from './watch-lessons.ts';

let folder: string;
let stop: (() => void) | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srklab-watch-'));
  mkdirSync(join(folder, '01-cable'));
  writeFileSync(join(folder, '01-cable', 'lesson.md'), 'one');
});
afterEach(() => {
  stop?.();
  rmSync(folder, { recursive: true, force: true });
});

it('a saved lesson is heard of', async () => {
  await changed(() => writeFileSync(join(folder, '01-cable', 'lesson.md'), 'two'));
});

it('so is one that an editor replaces by a new file, and the change after that', async () => {
  const replace = (text: string) => () => {
    writeFileSync(join(folder, '01-cable', 'lesson.md.new'), text);
    renameSync(join(folder, '01-cable', 'lesson.md.new'), join(folder, '01-cable', 'lesson.md'));
  };
  await changed(replace('two'));
  await changed(replace('three'));
});

it('a new lesson is heard of', async () => {
  await changed(() => {
    mkdirSync(join(folder, '02-fabric'));
    writeFileSync(join(folder, '02-fabric', 'lesson.md'), 'new');
  });
});

it('a folder that does not exist is watched in silence', () => {
  expect(() => watchLessons(join(folder, 'nowhere'), () => undefined)()).not.toThrow();
});

/** Settles when the change was heard of; the test's time limit is the limit. */
function changed(change: () => void): Promise<void> {
  stop?.();
  return new Promise(resolve => {
    stop = watchLessons(folder, resolve);
    change();
  });
}
