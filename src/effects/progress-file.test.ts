import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyProgress, type Progress } from '../tutor/progress.ts';
import { progressFile, progressPath } from './progress-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srklab-progress-'));
  path = join(folder, 'srklab-tutor', 'progress.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('what was kept is there again, word for word', async () => {
  const file = progressFile(path);
  expect(await file.load()).toEqual({ progress: emptyProgress });
  expect(await file.save(atStep('01-cable', 'cut-it'))).toEqual({ outcome: 'kept' });
  expect(await progressFile(path).load()).toEqual({ progress: atStep('01-cable', 'cut-it') });
});

it('nothing stays beside the file', async () => {
  await progressFile(path).save(atStep('01-cable', 'cut-it'));
  expect(readdirSync(dirname(path))).toEqual(['progress.json']);
});

it('of many changes in a row the newest is kept', async () => {
  const file = progressFile(path);
  await Promise.all(['a', 'b', 'c'].map(step => file.save(atStep('01-cable', step))));
  expect((await progressFile(path).load()).progress.lessons['01-cable']?.at).toBe('c');
});

it.each([
  ['no JSON', '{"version": 1, "less', 'it is not JSON'],
  ['binary', '\u0000\u0001', 'it is not JSON'],
  ['an array', '[]', 'it is not an object'],
  ['another object', '{"a": 1}', 'it has no version and lessons'],
])('a progress file that is %s is set aside, unharmed, and said', async (_, text, because) => {
  write(text);
  const { progress, notice } = await progressFile(path).load();
  expect(progress).toEqual(emptyProgress);
  expect(notice).toMatch(
    `The progress file could not be understood (${because}). It was set aside as ${path}.broken-`,
  );
  const [aside = ''] = readdirSync(dirname(path));
  expect(readFileSync(join(dirname(path), aside), 'utf8')).toBe(text);
});

it('entries that make no sense are left out, the rest is kept', async () => {
  write(
    JSON.stringify({
      version: 1,
      last: 7,
      lessons: {
        a: { at: 'x', finished: true, steps: { s: { outcome: 'won', hints: -1, done: [1, 'two'] } } },
        b: null,
      },
    }),
  );
  expect(await progressFile(path).load()).toEqual({
    progress: {
      version: 1,
      lessons: {
        a: { at: 'x', finished: true, steps: { s: { done: [1], hints: 0, solved: false, predictions: {} } } },
      },
    },
  });
});

it('a file of a later version is left as it is', async () => {
  const text = JSON.stringify({ version: 2, everything: 'better' });
  write(text);
  const file = progressFile(path);
  expect((await file.load()).notice).toMatch('written by a newer srklab-tutor');
  await file.save(atStep('01-cable', 'cut-it'));
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('two processes keep what each of them learnt', async () => {
  const first = progressFile(path);
  const second = progressFile(path);
  await first.load();
  await second.load();
  await first.save(atStep('01-cable', 'cut-it'));
  await second.save(atStep('02-fabric', 'look'));
  await first.save(atStep('01-cable', 'mend-it'));
  const { lessons } = (await progressFile(path).load()).progress;
  expect([lessons['01-cable']?.at, lessons['02-fabric']?.at]).toEqual(['mend-it', 'look']);
});

it('a place that cannot be written is said, and nothing is lost by it', async () => {
  // A file where a folder is needed: also root cannot write there.
  writeFileSync(join(folder, 'srklab-tutor'), 'in the way');
  const file = progressFile(path);
  expect(await file.load()).toEqual({ progress: emptyProgress });
  const result = await file.save(atStep('01-cable', 'cut-it'));
  expect(result.outcome).toBe('failed');
});

it.skipIf(process.getuid?.() === 0)('a read-only folder is said', async () => {
  mkdirSync(dirname(path));
  chmodSync(dirname(path), 0o500);
  expect(await progressFile(path).save(emptyProgress)).toMatchObject({ outcome: 'failed' });
});

it('the state folder is the user’s, wherever the system has it', () => {
  expect(progressPath({ XDG_STATE_HOME: '/state' }, '/home/ada')).toBe('/state/srklab-tutor/progress.json');
  expect(progressPath({ XDG_STATE_HOME: '' }, '/home/ada')).toBe(
    '/home/ada/.local/state/srklab-tutor/progress.json',
  );
});

function write(text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function atStep(lesson: string, step: string): Progress {
  return {
    version: 1,
    last: { lesson, step },
    lessons: { [lesson]: { at: step, finished: false, steps: {} } },
  };
}
