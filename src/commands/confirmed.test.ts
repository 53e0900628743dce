import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { ProgramIo } from './program-io.ts';
import { confirmed } from './real-lab.ts';

function terminal(interrupted = new AbortController().signal) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  return { io: { stdin, stdout, interrupted } as unknown as ProgramIo, stdin, stdout };
}

test.each([
  ['y\n', true],
  ['Yes\n', true],
  ['\n', false],
  ['n\n', false],
  ['yoghurt\n', false],
])('a person who answers %j means %s', async (answer, meant) => {
  const { io, stdin, stdout } = terminal();
  const asked = confirmed(io, 'Remove it?');
  stdin.write(answer);
  expect(await asked).toBe(meant);
  expect(String(stdout.read())).toContain('Remove it? [y/N] ');
});

test('Ctrl-C means no', async () => {
  const controller = new AbortController();
  const { io } = terminal(controller.signal);
  const asked = confirmed(io, 'Remove it?');
  controller.abort();
  expect(await asked).toBe(false);
});

test('where no person is, nobody is asked', async () => {
  const io = { stdin: new PassThrough(), stdout: new PassThrough() } as unknown as ProgramIo;
  expect(await confirmed(io, 'Remove it?')).toBeUndefined();
});
