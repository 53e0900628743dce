import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { ProgramIo } from '../commands/program-io.ts';
import { runProgram } from '../commands/run-program.ts';

export const repository = join(import.meta.dirname, '..', '..');

export type ProgramRun = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type ProgramOptions = {
  readonly cwd?: string;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines on standard input; without: it is closed. */
  readonly input?: string;
  readonly interrupted?: AbortSignal;
  readonly stdout?: Writable;
};

/** Runs a command line inside this process, without a terminal, in an empty home. */
export async function program(argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramRun> {
  const out = collector();
  const errors = collector();
  const home = options.home ?? emptyFolder();
  // The streams are pipes: neither has the size or the control codes of a terminal.
  const io = {
    stdin: Readable.from([options.input ?? '']),
    stdout: options.stdout ?? out.stream,
    stderr: errors.stream,
    env: { LANG: 'C.UTF-8', ...options.env },
    cwd: options.cwd ?? home,
    home,
    packageFolder: repository,
    interrupted: options.interrupted ?? new AbortController().signal,
  } as unknown as ProgramIo;
  const code = await runProgram(argv, io);
  return { code, stdout: out.text(), stderr: errors.text() };
}

/** A copy of the lab that ships with the program, to be spoilt. `change` replaces text in one of its files. */
export function copiedLab(): {
  readonly folder: string;
  readonly change: (file: string, from: string | RegExp, to: string) => void;
} {
  const folder = emptyFolder();
  for (const name of ['srklab.yml', 'topo.yml', 'fabric', 'kind', 'metallb', 'app', 'lessons']) {
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  return {
    folder,
    change(file, from, to) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`${file} does not hold ${from}`);
      writeFileSync(path, changed);
    },
  };
}

/** A new folder that goes away with the run of the tests. */
export function emptyFolder(): string {
  return mkdtempSync(join(process.env['SRKLAB_TEST_FOLDER'] ?? tmpdir(), 'test-'));
}

function collector() {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      parts.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => parts.join('') };
}
