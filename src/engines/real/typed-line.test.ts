import { expect, test } from 'vitest';
import type { OutputChunk } from '../../lab/engine.ts';
import { runProgram } from '../../programs/run-program.ts';
import { runTypedLine } from './typed-line.ts';

/** Types a line into a lab whose one program, `lab`, prints its words between dashes and fails when one of them is "no". */
async function typed(line: string, signal?: AbortSignal) {
  const said: string[] = [];
  const context = { signal, print: ({ text }: OutputChunk) => void said.push(text) };
  const exitCode = await runTypedLine(line, context, {
    program: (words, { print }) => {
      print({ stream: 'stdout', text: `${words.join('-')}\n` });
      return words.includes('no') ? 3 : 0;
    },
    files: new Map([['app/hello.yaml', 'kind: Deployment\nreplicas: 4\n']]),
    filter: runProgram,
  });
  return { exitCode, said: said.join('') };
}

test('quotes hold joints and pipes together', async () => {
  expect(await typed(`lab 'a && b | c' "d; e"`)).toEqual({ exitCode: 0, said: 'lab-a && b | c-d; e\n' });
});

test('each pipeline runs as the joint before it says', async () => {
  expect((await typed('lab no && lab 1 || lab 2; lab 3')).said).toBe('lab-no\nlab-2\nlab-3\n');
  expect(await typed('lab 1\n# not run\nlab no')).toEqual({ exitCode: 3, said: 'lab-1\nlab-no\n' });
});

test('loops, echo and what stands behind a pipe work as in the embedded lab', async () => {
  expect((await typed('for i in $(seq 1 3); do lab $i; done')).said).toBe('lab-1\nlab-2\nlab-3\n');
  expect((await typed('for i in 1 2; do echo n=$i | grep 2; done')).said).toBe('n=2\n');
});

test('the lab’s files are listed, printed and looked through', async () => {
  expect((await typed('ls app; cat ./app/hello.yaml | head -1')).said).toBe('hello.yaml\nkind: Deployment\n');
  expect((await typed('grep repl app/hello.yaml')).said).toBe('replicas: 4\n');
  expect(await typed('grep x app/hallo.yaml')).toEqual({
    exitCode: 2,
    said: 'grep: app/hallo.yaml: no such file in this lab; ls lists them\n',
  });
});

test('what needs a real shell is refused by name', async () => {
  expect(await typed('lab > file')).toEqual({
    exitCode: 2,
    said: 'redirection (>) needs a real shell; here commands only print\n',
  });
});

test('Ctrl-C ends a loop where it sleeps', async () => {
  const cancel = new AbortController();
  const running = typed('for i in 1 2 3; do lab $i; sleep 600; done', cancel.signal);
  setTimeout(() => cancel.abort(), 20);
  expect(await running).toEqual({ exitCode: 130, said: 'lab-1\n' });
});
