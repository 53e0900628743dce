import { PassThrough } from 'node:stream';
import { argument } from './argument.ts';
import { type Limits, limited } from './docker-limits.ts';
import { dockerProblem } from './docker-problem.ts';
import type { ProgramOptions, ProgramResult } from './run-program.ts';

type Dockerode = InstanceType<typeof import('dockerode').default>;

/** The Docker in whose containers programs are run. */
export type Engine = {
  readonly loaded: () => Promise<Dockerode>;
  readonly endpoint: string;
  readonly limits: Limits;
};

/** Runs a program in a container through Docker's API, as `docker exec` does. */
export async function execIn(
  { loaded, endpoint, limits }: Engine,
  container: string,
  argv: readonly string[],
  options: Omit<ProgramOptions, 'env'>,
): Promise<ProgramResult> {
  const { input, timeout = 10_000, signal, onOutput } = options;
  const startedAt = performance.now();
  const said = { stdout: '', stderr: '' };
  const result = (exitCode: number | undefined, problem?: string): ProgramResult => ({
    argv: ['docker', 'exec', container, ...argv],
    exitCode,
    ...said,
    milliseconds: performance.now() - startedAt,
    ...(problem === undefined ? {} : { problem }),
  });
  try {
    const docker = await loaded();
    const { exec, stream } = await limited(
      limits.question,
      abortSignal => beginExec(docker, container, argv, { stdin: input !== undefined, abortSignal }),
      signal,
    );
    const outputs = { stdout: new PassThrough(), stderr: new PassThrough() };
    for (const name of ['stdout', 'stderr'] as const)
      outputs[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
        onOutput?.(name, text);
      });
    docker.modem.demuxStream(stream, outputs.stdout, outputs.stderr);
    const ended = new Promise<string | undefined>(resolve => {
      const timer = setTimeout(() => resolve(`no end after ${timeout / 1000} s`), timeout);
      const aborted = () => resolve('interrupted');
      signal?.addEventListener('abort', aborted, { once: true });
      if (signal?.aborted === true) aborted();
      const over = (because?: string) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
        resolve(because);
      };
      stream.once('end', () => over());
      stream.once('close', () => over());
      stream.once('error', (error: Error) => over(error.message));
    });
    if (input !== undefined) stream.end(input);
    const problem = await ended;
    stream.destroy();
    if (problem !== undefined) return result(undefined, problem);
    const { ExitCode } = await limited(limits.question, abortSignal => exec.inspect({ abortSignal }), signal);
    return typeof ExitCode === 'number' ? result(ExitCode) : result(undefined, 'Docker told no exit code');
  } catch (error) {
    return result(undefined, signal?.aborted === true ? 'interrupted' : dockerProblem(error, endpoint));
  }
}

/** The program begins to run in a container; both directions go over one stream. */
export async function beginExec(
  docker: Dockerode,
  container: string,
  argv: readonly string[],
  {
    stdin,
    env = {},
    abortSignal,
  }: {
    readonly stdin: boolean;
    readonly env?: Readonly<Record<string, string>>;
    readonly abortSignal: AbortSignal;
  },
) {
  const exec = await docker.getContainer(argument.name(container)).exec({
    Cmd: [...argv],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    abortSignal,
  });
  return { exec, stream: await exec.start({ hijack: true, stdin, abortSignal }) };
}
