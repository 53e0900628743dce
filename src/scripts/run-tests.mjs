import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** Runs the tests, or the live ones, and counts them. A file that could not be loaded counts as one failed test, as does a run that broke off. */
export function runTests(argv = [], { real = false } = {}) {
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
    { cwd: root, stdio: 'inherit', env: { ...process.env, SRKLAB_REAL: real ? '1' : '' } },
  );
  const counted = count(report);
  rmSync(folder, { recursive: true });
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  return counted;
}

function count(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0);
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
