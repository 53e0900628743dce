import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { progressFile } from './progress-file.ts';

const writer = `
import { progressFile } from ${JSON.stringify(join(import.meta.dirname, 'progress-file.ts'))};
const file = progressFile(process.argv[1]);
for (let step = 1; ; step++) {
  const lessons = { '01-cable': { at: 'step-' + step, finished: false, steps: {} } };
  await file.save({ version: 1, last: { lesson: '01-cable', step: 'step-' + step }, lessons });
  process.stdout.write(step + '\\n');
}`;

it('progress survives kill -9 in the middle of writing, whenever that comes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'srklab-kill-'));
  const path = join(folder, 'state', 'progress.json');
  try {
    for (const writes of [1, 3, 8]) {
      const confirmed = await killedAfter(path, writes);
      const { progress, notice } = await progressFile(path).load();
      const step = Number(progress.last?.step.replace('step-', ''));
      expect([notice, step >= confirmed]).toEqual([undefined, true]);
    }
    // What a killed process left beside the file is never read and never in the way.
    expect(readdirSync(dirname(path)).filter(name => name === 'progress.json')).toEqual(['progress.json']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Runs a process that keeps progress without a pause, and kills it; the number of the last step it said was kept. */
function killedAfter(path: string, writes: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', writer, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '..', '..'),
  });
  let said = '';
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout.on('data', chunk => {
      said += String(chunk);
      if (said.split('\n').length > writes) child.kill('SIGKILL');
    });
    child.on('close', () => {
      const lines = said.split('\n');
      resolve(Number(lines.at(-2) ?? 0));
    });
  });
}
