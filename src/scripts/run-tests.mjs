import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** Runs the tests and counts them. A file that could not be loaded counts as one failed test, as does a run that broke off. */
export function runTests(argv = []) {
  return countOf(runOnce(argv, ''));
}

/**
 * The same with the live ones. Real routers share this machine's time with whatever else runs: a file of stories whose lab did not come up
 * gets a second try, as a single story does, and it is said which.
 */
export function runLiveStories(argv = []) {
  const first = runOnce(argv, '1');
  const again = first.files.filter(isBroken).map(({ name }) => name);
  if (again.length === 0 || first.brokeOff) return countOf(first);
  console.log(`── once more: ${again.join(', ')}`);
  const second = runOnce(again, '1');
  const kept = first.files.filter(file => !again.includes(file.name));
  return countOf({ ...second, files: [...kept, ...second.files] });
}

function runOnce(argv, real) {
  const folder = mkdtempSync(join(tmpdir(), 'srklab-tests-'));
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...argv,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, SRKLAB_REAL: real } },
  );
  const files = filesOf(report);
  rmSync(folder, { recursive: true });
  return { files: files ?? [], brokeOff: files === undefined || (status !== 0 && !files.some(isBroken)) };
}

/** What the report says of each file; undefined when there is none. */
function filesOf(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return undefined;
  }
}

function isBroken({ status, assertionResults }) {
  return status === 'failed' || assertionResults.some(test => test.status === 'failed');
}

function countOf({ files, brokeOff }) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const count = status => tests.filter(test => test.status === status).length;
  const wordless = files.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  );
  return { passed: count('passed'), failed: count('failed') + wordless.length + (brokeOff ? 1 : 0) };
}
