import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkPinnedSources } from './pinned-sources.ts';

const installed = join(import.meta.dirname, '../../../node_modules');

it('knows the Ink that is installed', () => {
  expect(() => checkPinnedSources(installed)).not.toThrow();
});

it('stops the build with a way out when a file of Ink changed by one character', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pinned-'));
  try {
    cpSync(join(installed, 'ink/build'), join(folder, 'ink/build'), { recursive: true });
    writeFileSync(join(folder, 'ink/build/output.js'), ' ', { flag: 'a' });
    expect(() => checkPinnedSources(folder)).toThrow(
      /ink\/build\/output\.js is not the file .*SRKLAB_STOCK_INK=1/s,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
