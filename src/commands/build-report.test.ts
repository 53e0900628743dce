import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Step } from '../engines/containerlab/build/steps.ts';
import { emptyFolder } from '../test-support/program.ts';
import { BuildReport, logPath } from './build-report.ts';
import type { ProgramIo } from './program-io.ts';

const step: Step = {
  ...{ id: 'fabric', stage: 'fabric', tasks: [], title: 'Switches and their links', needs: [] },
  work: { type: 'fabric', containers: [], ends: [] },
  limitSeconds: 600,
};

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
afterEach(() => vi.useRealTimers());

test('lines carry the time since it began; what runs for long is said now and then, with its last words', async () => {
  const { report, written } = await begin(false);
  report.step({ step, progress: 'running' });
  report.said(step, 'Waiting for LEAF-DC-1');
  vi.advanceTimersByTime(15_000);
  report.step({ step, progress: 'done', milliseconds: 61_500 });
  report.end({ outcome: 'done', failures: [] }, 'fabric');
  await report.close();
  expect(written()).toEqual([
    '[   0.0 s] begins: Switches and their links',
    '[  15.0 s] still at it: fabric (15.0 s, last said: Waiting for LEAF-DC-1)',
    '[  15.0 s] done: Switches and their links (1 m 01 s)',
    '[  15.0 s] the lab is built up to fabric',
  ]);
});

test('a failure comes with what to do', async () => {
  const { report, written } = await begin(false);
  const failure = {
    step,
    because: 'it broke\nMost likely the disk is full.',
    nextSteps: ['docker system df'],
  };
  report.end({ outcome: 'failed', failures: [failure] }, 'fabric');
  await report.close();
  expect(written()).toEqual([
    '[   0.0 s] the build stopped. What is done stays; the same command goes on from there',
    ...['[   0.0 s] it broke', 'Most likely the disk is full.', '  docker system df'],
  ]);
});

test('with --json every line is an object', async () => {
  const { report, written } = await begin(true);
  report.step({ step, progress: 'there' });
  report.end({ outcome: 'done', failures: [] }, 'fabric');
  await report.close();
  expect(written().map(text => JSON.parse(text))).toEqual([
    { at: 0, step: 'fabric', stage: 'fabric', progress: 'there' },
    { at: 0, outcome: 'done', until: 'fabric' },
  ]);
});

test('the log beside the ledger holds what programs said, for its owner only', async () => {
  const { report, log } = await begin(false);
  report.step({ step, progress: 'running' });
  report.said(step, 'Parsing & checking topology');
  await report.close();
  expect(readFileSync(log, 'utf8')).toBe(
    '[   0.0 s] begins: Switches and their links\n[   0.0 s] fabric: Parsing & checking topology\n',
  );
  expect(statSync(log).mode & 0o777).toBe(0o600);
});

/** What went to standard output, then what went to standard error. */
async function begin(json: boolean) {
  const ledger = join(emptyFolder(), 'labs/lab.json');
  const texts: [string[], string[]] = [[], []];
  const stream = (index: 0 | 1) =>
    new Writable({
      write(chunk, _, done) {
        texts[index].push(String(chunk));
        done();
      },
    });
  const io = { stdout: stream(0), stderr: stream(1) } as unknown as ProgramIo;
  const report = await BuildReport.begin(io, ledger, json);
  return { report, log: logPath(ledger), written: () => texts.flat().join('').trimEnd().split('\n') };
}
