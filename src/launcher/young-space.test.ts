import { spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { youngSpace } from './screen-flags.ts';

/** Makes a megabyte after the other and keeps a fifth, and says how large the young space was after each, MB. */
const program = `
import { getHeapSpaceStatistics } from 'node:v8';
import { growYoungSpaceOnce } from './young-space.ts';
growYoungSpaceOnce();
const kept = [];
const sizes = [];
for (let turn = 0; turn < 400; turn++) {
  for (let index = 0; index < 10_000; index++) {
    const made = [index, index, index, index, index, index];
    if (index % 5 === 0) kept.push(made);
  }
  const space = getHeapSpaceStatistics().find(each => each.space_name === 'new_space');
  sizes.push(Math.round((space.space_used_size + space.space_available_size) / 2 ** 20));
  await new Promise(resolve => setTimeout(resolve, 1));
}
process.stdout.write(JSON.stringify(sizes));
`;

it('lets the young space grow once and no further, however much is kept', () => {
  // Bundled as the launcher is: a loader of its own would have grown the space before.
  const { outputFiles } = buildSync({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', outputFiles[0]?.text ?? ''],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const sizes: number[] = JSON.parse(stdout);
  // While old space is marked, newer V8s let it be larger for a moment.
  expect(sizes.sort((a, b) => a - b)[sizes.length / 2]).toBe(youngSpace);
});
