import { PassThrough, type Readable } from 'node:stream';
import type { Answer } from './answer.ts';
import { done, failed } from './answer.ts';
import { argument } from './argument.ts';
import { type Conversation, converseIn, type Listeners } from './conversation.ts';
import {
  type DockerContainer,
  type DockerEvent,
  type DockerImage,
  type DockerNetwork,
  type DockerVersion,
  readContainer,
  readEvent,
  readImage,
  readListedContainer,
  readNetwork,
  readVersion,
} from './docker-records.ts';
import { JsonLines } from './json-lines.ts';
import type { ProgramOptions, ProgramResult } from './run-program.ts';

export type { DockerContainer, DockerEvent, DockerImage, DockerNetwork, DockerVersion };

/** Docker's API. Nothing is thrown: what Docker refuses comes back as a sentence. */
export type Docker = {
  /** "unix:///var/run/docker.sock": what DOCKER_HOST says. */
  readonly endpoint: string;
  version(): Promise<Answer<DockerVersion>>;
  networks(): Promise<Answer<readonly DockerNetwork[]>>;
  /** Undefined when there is none of that name or id. */
  network(nameOrId: string): Promise<Answer<DockerNetwork | undefined>>;
  createNetwork(network: NewNetwork): Promise<Answer<string>>;
  removeNetwork(id: string): Promise<Answer<void>>;
  /** All of them, stopped ones too; with `label`, those that carry it: "containerlab=dc-k8s". */
  containers(filter?: { readonly label?: string }): Promise<Answer<readonly DockerContainer[]>>;
  container(nameOrId: string): Promise<Answer<DockerContainer | undefined>>;
  start(nameOrId: string): Promise<Answer<void>>;
  /** Asked to end; killed after `seconds`. */
  stop(nameOrId: string, seconds: number): Promise<Answer<void>>;
  kill(nameOrId: string, signal?: string): Promise<Answer<void>>;
  pause(nameOrId: string): Promise<Answer<void>>;
  unpause(nameOrId: string): Promise<Answer<void>>;
  /** With its anonymous volumes; a running one is killed first. */
  remove(nameOrId: string): Promise<Answer<void>>;
  logs(nameOrId: string, lines: number): Promise<Answer<string>>;
  images(): Promise<Answer<readonly DockerImage[]>>;
  image(name: string): Promise<Answer<DockerImage | undefined>>;
  /** `onProgress` gets a line for each layer's change. */
  pull(
    image: string,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (line: string) => void },
  ): Promise<Answer<void>>;
  /** Runs a program in a container, as `docker exec` does. */
  exec(
    container: string,
    argv: readonly string[],
    options?: Omit<ProgramOptions, 'env'>,
  ): Promise<ProgramResult>;
  /** The same for a program that goes on running, told over its standard input. */
  converse(
    container: string,
    argv: readonly string[],
    listeners: Listeners,
    env?: Readonly<Record<string, string>>,
  ): Conversation;
  /** Events as they happen, until the signal or `until`; settles with why they ended before. */
  events(listener: (event: DockerEvent) => void, options: EventOptions): Promise<string | undefined>;
};

export type EventOptions = {
  readonly signal: AbortSignal;
  /** Seconds since 1970: from when on, and until when; without `until` it goes on. */
  readonly since?: number;
  readonly until?: number;
};

export type NewNetwork = {
  readonly name: string;
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
};

type Dockerode = InstanceType<typeof import('dockerode').default>;

/** Docker as DOCKER_HOST names it, else the default socket. Nothing is loaded or asked until the first question. */
export function createDocker(env: NodeJS.ProcessEnv = process.env): Docker {
  const endpoint = dockerEndpoint(env);
  let loading: Promise<Dockerode> | undefined;
  const loaded = () => {
    loading ??= import('dockerode').then(({ default: Client }) => new Client(clientOptions(endpoint)));
    return loading;
  };
  const ask = async <Value>(question: (docker: Dockerode) => Promise<Value>): Promise<Answer<Value>> => {
    try {
      return done(await question(await loaded()));
    } catch (error) {
      return failed(problemOf(error, endpoint));
    }
  };
  const found = async <Value>(question: (docker: Dockerode) => Promise<Value>) =>
    ask(docker => question(docker).catch(undefinedFor(404)));
  /** `already`: the status by which Docker says that it is so already. */
  const change = (
    container: string,
    work: (it: ReturnType<Dockerode['getContainer']>) => Promise<unknown>,
    already?: number,
  ) =>
    ask<void>(async docker => {
      const task = work(docker.getContainer(argument.name(container)));
      await (already === undefined ? task : task.catch(undefinedFor(already)));
    });
  return {
    endpoint,
    version: () => ask(async docker => readVersion(await docker.version(), await docker.info())),
    networks: () => ask(async docker => (await docker.listNetworks()).map(readNetwork)),
    network: name =>
      found(async docker => readNetwork(await docker.getNetwork(argument.name(name)).inspect())),
    createNetwork: ({ name, prefix, labels }) =>
      ask(async docker => {
        const made = await docker.createNetwork({
          Name: argument.name(name),
          Driver: 'bridge',
          CheckDuplicate: true,
          IPAM: { Driver: 'default', Config: [{ Subnet: argument.prefix(prefix) }] },
          Labels: labels,
        });
        return made.id;
      }),
    removeNetwork: id =>
      ask<void>(async docker => {
        await docker.getNetwork(argument.name(id)).remove().catch(undefinedFor(404));
      }),
    containers: (filter = {}) =>
      ask(async docker => {
        const filters = filter.label === undefined ? {} : { filters: { label: [filter.label] } };
        return (await docker.listContainers({ all: true, ...filters })).map(readListedContainer);
      }),
    container: name =>
      found(async docker => readContainer(await docker.getContainer(argument.name(name)).inspect())),
    start: name => change(name, it => it.start(), 304),
    stop: (name, seconds) => change(name, it => it.stop({ t: seconds }), 304),
    kill: (name, signal = 'SIGKILL') => change(name, it => it.kill({ signal })),
    pause: name => change(name, it => it.pause()),
    unpause: name => change(name, it => it.unpause()),
    remove: name => change(name, it => it.remove({ force: true, v: true }), 404),
    logs: (name, lines) =>
      ask(async docker => {
        const container = docker.getContainer(argument.name(name));
        return logText(await container.logs({ stdout: true, stderr: true, tail: lines, follow: false }));
      }),
    images: () => ask(async docker => (await docker.listImages()).map(readImage)),
    image: name =>
      found(async docker => readImage(await docker.getImage(oneImage(argument.image(name))).inspect())),
    pull: (image, { signal, onProgress } = {}) =>
      ask<void>(async docker => {
        const stream = await docker.pull(oneImage(argument.image(image)), abortable(signal));
        await pulled(stream, onProgress);
      }),
    exec: (container, argv, options) => execIn(loaded, container, argv, options ?? {}, endpoint),
    converse: (container, argv, listeners, env = {}) =>
      converseIn(loaded, argument.name(container), argv, listeners, env),
    events: async (listener, { signal, since, until }) => {
      const when = {
        ...(since === undefined ? {} : { since: since.toFixed(0) }),
        ...(until === undefined ? {} : { until: until.toFixed(0) }),
      };
      try {
        const stream = await (await loaded()).getEvents({ ...abortable(signal), ...when });
        await eachLine(stream, value => {
          const event = readEvent(value);
          if (event !== undefined) listener(event);
        });
        return signal.aborted || until !== undefined ? undefined : 'Docker ended the stream of events';
      } catch (error) {
        return signal.aborted ? undefined : problemOf(error, endpoint);
      }
    },
  };
}

export function dockerEndpoint(env: NodeJS.ProcessEnv): string {
  return env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
}

/** dockerode reads DOCKER_HOST by itself for all but sockets, which it is given by path. */
function clientOptions(endpoint: string): Readonly<Record<string, unknown>> {
  return endpoint.startsWith('unix://') ? { socketPath: endpoint.slice('unix://'.length) } : {};
}

function abortable(signal: AbortSignal | undefined): Readonly<Record<string, unknown>> {
  return signal === undefined ? {} : { abortSignal: signal };
}

function undefinedFor(status: number) {
  return (error: unknown): undefined => {
    if (typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === status)
      return undefined;
    throw error;
  };
}

/** What Docker said, or why it could not be asked. */
function problemOf(error: unknown, endpoint: string): string {
  if (!(error instanceof Error)) return String(error);
  if ('json' in error && typeof error.json === 'object' && error.json !== null && 'message' in error.json)
    return String(error.json.message);
  if ('code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED'))
    return `no Docker answers at ${endpoint}`;
  if ('code' in error && error.code === 'EACCES') return `this user may not talk to Docker at ${endpoint}`;
  return error.message;
}

/** A container's log as one text: without a terminal its two streams come in frames of eight bytes' head. */
function logText(bytes: Buffer): string {
  const parts: string[] = [];
  let at = 0;
  while (at + 8 <= bytes.length && (bytes[at] ?? 9) <= 2 && bytes.readUInt32BE(at) << 8 === 0) {
    const length = bytes.readUInt32BE(at + 4);
    parts.push(bytes.toString('utf8', at + 8, at + 8 + length));
    at += 8 + length;
  }
  return parts.join('') + bytes.toString('utf8', at);
}

/** A name without tag and digest would mean every tag there is; with both, the digest is what counts. */
export function oneImage(image: string): string {
  if (image.includes('@')) return image.replace(/:[^/@]*@/, '@');
  return image.slice(image.lastIndexOf('/') + 1).includes(':') ? image : `${image}:latest`;
}

async function pulled(stream: Readable, onProgress: ((line: string) => void) | undefined): Promise<void> {
  await eachLine(stream, value => {
    const { status, id, error } = value;
    if (typeof error === 'string') throw new Error(error);
    if (typeof status === 'string')
      onProgress?.(typeof id === 'string' && !status.includes(id) ? `${id}: ${status}` : status);
  });
}

function eachLine(stream: Readable, take: (value: Readonly<Record<string, unknown>>) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = new JsonLines(take);
    stream.on('data', (chunk: Buffer) => {
      try {
        lines.write(chunk.toString('utf8'));
      } catch (error) {
        stream.destroy();
        reject(error);
      }
    });
    stream.on('error', reject);
    stream.on('end', resolve);
    stream.on('close', resolve);
  });
}

async function execIn(
  loaded: () => Promise<Dockerode>,
  container: string,
  argv: readonly string[],
  options: Omit<ProgramOptions, 'env'>,
  endpoint: string,
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
    const exec = await docker.getContainer(argument.name(container)).exec({
      Cmd: [...argv],
      AttachStdin: input !== undefined,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: input !== undefined });
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
    const { ExitCode } = await exec.inspect();
    return typeof ExitCode === 'number' ? result(ExitCode) : result(undefined, 'Docker told no exit code');
  } catch (error) {
    return result(undefined, problemOf(error, endpoint));
  }
}
