import { PassThrough } from 'node:stream';
import { beginExec, type Engine } from './docker-exec.ts';
import { limited } from './docker-limits.ts';
import { dockerProblem } from './docker-problem.ts';

/** A program that goes on running elsewhere: what it is told and what it says. */
export type Conversation = {
  write(text: string): void;
  stop(): void;
};

export type Listeners = {
  readonly onOutput: (text: string) => void;
  /** Once, with why it is over; not when it was stopped from here. */
  readonly onEnd?: (because: string) => void;
};

/**
 * `docker exec -i` that is not waited for. Its standard input ends when it is stopped or we die: programs that read their
 * input end with it.
 */
export function converseIn(
  { loaded, endpoint, limits }: Engine,
  container: string,
  argv: readonly string[],
  listeners: Listeners,
  env: Readonly<Record<string, string>>,
): Conversation {
  const beginning = new AbortController();
  let stopped = false;
  let over = false;
  let unsent = '';
  let input: NodeJS.WritableStream | undefined;
  let hangUp = () => {};
  const end = (because: string) => {
    if (over) return;
    over = true;
    if (!stopped) listeners.onEnd?.(because);
  };
  const begin = async () => {
    const docker = await loaded();
    const { stream } = await limited(
      limits.question,
      abortSignal => beginExec(docker, container, argv, { stdin: true, env, abortSignal }),
      beginning.signal,
    );
    const said = new PassThrough();
    said.setEncoding('utf8').on('data', listeners.onOutput);
    docker.modem.demuxStream(stream, said, said);
    stream.on('error', (error: Error) => end(error.message));
    stream.once('end', () => end('it has ended'));
    stream.once('close', () => end('it has ended'));
    hangUp = () => {
      stream.end();
      stream.destroy();
    };
    if (stopped) hangUp();
    else {
      input = stream;
      if (unsent !== '') stream.write(unsent);
    }
  };
  begin().catch((error: unknown) => end(dockerProblem(error, endpoint)));
  return {
    write(text) {
      if (input === undefined) unsent += text;
      else if (!over) input.write(text);
    },
    stop() {
      stopped = true;
      beginning.abort();
      hangUp();
    },
  };
}
