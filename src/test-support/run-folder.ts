import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a run of the tests keeps its folders, for `emptyFolder`. Threads end without a word: the run itself takes them away. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'srklab-run-'));
  process.env['SRKLAB_TEST_FOLDER'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
