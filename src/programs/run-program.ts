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
  /** Asked to end first, and killed that much later; default 0: killed at once. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
};

/**
 * Runs a program to its end, without a shell: the only way, beside programs that go on and the process tree, in which this product
 * starts anything. It is the first of a process group, so that what it started ends with it.
 */
export async function runProgram(
  argv: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { input = '', timeout = 10_000, graceMs = 0, signal, env = {}, onOutput } = options;
  const [command = '', ...words] = argv;
  const startedAt = performance.now();
  const { execa } = await import('execa');
  const child = execa(command, words, {
    ...{ env, input, detached: true, reject: false, stripFinalNewline: false },
    ...{ stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' },
  });
  let problem: string | undefined;
  let forced: NodeJS.Timeout | undefined;
  const end = (because: string) => {
    problem ??= because;
    if (graceMs > 0) {
      killGroup(child, 'SIGTERM');
      forced ??= setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
    } else killGroup(child, 'SIGKILL');
  };
  const timer = setTimeout(() => end(`no end after ${timeout / 1000} s`), timeout);
  const aborted = () => end('interrupted');
  signal?.addEventListener('abort', aborted, { once: true });
  if (signal?.aborted === true) aborted();
  for (const stream of ['stdout', 'stderr'] as const)
    if (onOutput !== undefined)
      child[stream].setEncoding('utf8').on('data', (text: string) => onOutput(stream, text));
  const { exitCode, stdout, stderr, signal: killedBy, cause } = await child;
  clearTimeout(timer);
  clearTimeout(forced);
  signal?.removeEventListener('abort', aborted);
  if (killedBy !== undefined) problem ??= `killed by ${killedBy}`;
  else if (exitCode === undefined) problem ??= cause instanceof Error ? cause.message : 'it did not start';
  return {
    ...{ argv, stdout, stderr },
    exitCode: problem === undefined ? exitCode : undefined,
    milliseconds: performance.now() - startedAt,
    ...(problem === undefined ? {} : { problem }),
  };
}

function killGroup(
  child: { readonly pid?: number; kill(signal: NodeJS.Signals): boolean },
  signal: NodeJS.Signals,
): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** The last lines that a program said, for an error message. */
export function lastLines(result: ProgramResult, count = 3): string {
  const said = `${result.stdout}\n${result.stderr}`.split('\n').filter(line => line.trim() !== '');
  return said.slice(-count).join('\n');
}
