import { spawn } from 'node:child_process';

/** What became of a program. Nothing is thrown: a program that cannot be started has no exit code, but a problem. */
export type ProgramResult = {
  readonly argv: readonly string[];
  /** Undefined when it never ran, was cut off or was killed by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** Why there is no exit code, in words. */
  readonly problem?: string;
};

export type ProgramOptions = {
  readonly input?: string;
  /** Milliseconds after which it is killed; default 10,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
};

/** Runs a program to its end: the only way, beside the process tree, in which this product starts anything. */
export function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const { input = '', timeout = 10_000, signal, env, onOutput } = options;
  const [command = '', ...words] = argv;
  const startedAt = performance.now();
  return new Promise(resolve => {
    let stdout = '';
    let stderr = '';
    let problem: string | undefined;
    const child = spawn(command, words, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    });
    const kill = (because: string) => {
      problem ??= because;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    };
    const timer = setTimeout(() => kill(`no end after ${timeout / 1000} s`), timeout);
    const aborted = () => kill('interrupted');
    signal?.addEventListener('abort', aborted, { once: true });
    if (signal?.aborted === true) aborted();
    let ended = false;
    const end = (exitCode: number | null) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      const milliseconds = performance.now() - startedAt;
      const failure = problem === undefined ? {} : { problem };
      resolve({ argv, exitCode: exitCode ?? undefined, stdout, stderr, milliseconds, ...failure });
    };
    child.on('error', error => {
      problem ??= error.message;
      end(null);
    });
    child.on('close', (code, killedBy) => {
      if (killedBy !== null) problem ??= `killed by ${killedBy}`;
      end(problem === undefined ? code : null);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.('stdout', text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onOutput?.('stderr', text);
    });
    child.stdin.on('error', () => {}).end(input);
  });
}

/** The last lines that a program said, for an error message. */
export function lastLines(result: ProgramResult, count = 3): string {
  const said = `${result.stdout}\n${result.stderr}`.split('\n').filter(line => line.trim() !== '');
  return said.slice(-count).join('\n');
}
