import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearFolders, clearLeftovers } from './leftovers.ts';

/**
 * Where a run of the tests keeps its folders, for `emptyFolder`; by its name whose it is. Threads end without a word: the run itself
 * takes them away.
 */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), `srklab-run-${process.pid}-`));
  process.env['SRKLAB_TEST_FOLDER'] = folder;
  clearFolders();
  if (process.env['SRKLAB_REAL'] === '1' && process.env['DOCKER_HOST'] !== undefined) await clearLeftovers();
  return () => rmSync(folder, { recursive: true, force: true });
}
