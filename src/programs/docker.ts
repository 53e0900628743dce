import type { Readable } from 'node:stream';
import type { Answer } from './answer.ts';
import { done, failed } from './answer.ts';
import { argument } from './argument.ts';
import { type Conversation, converseIn, type Listeners } from './conversation.ts';
import { execIn } from './docker-exec.ts';
import { type Limits, limited, usualLimits } from './docker-limits.ts';
import { dockerProblem } from './docker-problem.ts';
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

/**
 * Docker's API. Nothing is thrown: what Docker refuses comes back as a sentence, and so does that it does not answer; only what may be
 * silent for good reasons (events, programs that go on, a pull) may be silent for any time once it has begun.
 */
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

type Json = Readonly<Record<string, unknown>>;
type Dockerode = InstanceType<typeof import('dockerode').default>;

/** Docker as DOCKER_HOST names it, else the default socket. Nothing is loaded or asked until the first question. */
export function createDocker(env: NodeJS.ProcessEnv = process.env, limits: Limits = usualLimits): Docker {
  const endpoint = dockerEndpoint(env);
  let loading: Promise<Dockerode> | undefined;
  const loaded = () => {
    loading ??= import('dockerode').then(({ default: Client }) => new Client(clientOptions(endpoint)));
    return loading;
  };
  const ask = async <Value>(
    question: (docker: Dockerode, signal: AbortSignal) => Promise<Value>,
    limit = limits.question,
  ): Promise<Answer<Value>> => {
    try {
      return done(await limited(limit, async signal => question(await loaded(), signal)));
    } catch (error) {
      return failed(dockerProblem(error, endpoint));
    }
  };
  const found = async <Value>(question: (docker: Dockerode, signal: AbortSignal) => Promise<Value>) =>
    ask((docker, signal) => question(docker, signal).catch(undefinedFor(404)));
  /** `already`: the status by which Docker says that it is so already. */
  const change = (
    container: string,
    work: (it: ReturnType<Dockerode['getContainer']>, signal: AbortSignal) => Promise<unknown>,
    already?: number,
    limit = limits.change,
  ) =>
    ask<void>(async (docker, signal) => {
      const task = work(docker.getContainer(argument.name(container)), signal);
      await (already === undefined ? task : task.catch(undefinedFor(already)));
    }, limit);
  return {
    endpoint,
    version: () =>
      ask(async (docker, signal) =>
        readVersion(await docker.version(aborted(signal)), await docker.info(aborted(signal))),
      ),
    networks: () =>
      ask(async (docker, signal) => (await docker.listNetworks(aborted(signal))).map(readNetwork)),
    network: name =>
      found(async (docker, signal) =>
        readNetwork(await inspected(docker, `/networks/${argument.name(name)}`, signal)),
      ),
    createNetwork: ({ name, prefix, labels }) =>
      ask(async (docker, signal) => {
        const made = await docker.createNetwork({
          ...aborted(signal),
          Name: argument.name(name),
          Driver: 'bridge',
          CheckDuplicate: true,
          IPAM: { Driver: 'default', Config: [{ Subnet: argument.prefix(prefix) }] },
          Labels: labels,
        });
        return made.id;
      }, limits.change),
    removeNetwork: id =>
      ask<void>(async (docker, signal) => {
        await docker.getNetwork(argument.name(id)).remove(aborted(signal)).catch(undefinedFor(404));
      }, limits.change),
    containers: (filter = {}) =>
      ask(async (docker, signal) => {
        const filters = filter.label === undefined ? {} : { filters: { label: [filter.label] } };
        return (await docker.listContainers({ all: true, ...filters, ...aborted(signal) })).map(
          readListedContainer,
        );
      }),
    container: name =>
      found(async (docker, signal) =>
        readContainer(await docker.getContainer(argument.name(name)).inspect(aborted(signal))),
      ),
    start: name => change(name, (it, signal) => it.start(aborted(signal)), 304),
    stop: (name, seconds) =>
      change(
        name,
        (it, signal) => it.stop({ t: seconds, ...aborted(signal) }),
        304,
        seconds * 1000 + limits.change,
      ),
    kill: (name, by = 'SIGKILL') => change(name, (it, signal) => it.kill({ signal: by, ...aborted(signal) })),
    pause: name => change(name, (it, signal) => it.pause(aborted(signal))),
    unpause: name => change(name, (it, signal) => it.unpause(aborted(signal))),
    remove: name =>
      change(name, (it, signal) => it.remove({ force: true, v: true, ...aborted(signal) }), 404),
    logs: (name, lines) =>
      ask(async (docker, signal) => {
        const container = docker.getContainer(argument.name(name));
        const wanted = { stdout: true, stderr: true, tail: lines, follow: false };
        return logText(await container.logs({ ...wanted, ...aborted(signal) }));
      }),
    images: () => ask(async (docker, signal) => (await docker.listImages(aborted(signal))).map(readImage)),
    image: name =>
      found(async (docker, signal) =>
        readImage(await inspected(docker, `/images/${oneImage(argument.image(name))}/json`, signal)),
      ),
    pull: async (image, { signal, onProgress } = {}) => {
      try {
        const stream = await limited(
          limits.begin,
          async abortSignal => (await loaded()).pull(oneImage(argument.image(image)), { abortSignal }),
          signal,
        );
        signal?.addEventListener('abort', () => stream.destroy(), { once: true });
        return done(await pulled(stream, onProgress));
      } catch (error) {
        return failed(dockerProblem(error, endpoint));
      }
    },
    exec: (container, argv, options) => execIn({ loaded, endpoint, limits }, container, argv, options ?? {}),
    converse: (container, argv, listeners, env = {}) =>
      converseIn({ loaded, endpoint, limits }, argument.name(container), argv, listeners, env),
    events: async (listener, { signal, since, until }) => {
      const when = {
        ...(since === undefined ? {} : { since: since.toFixed(0) }),
        ...(until === undefined ? {} : { until: until.toFixed(0) }),
      };
      try {
        const stream = await limited(
          limits.begin,
          async abortSignal => (await loaded()).getEvents({ abortSignal, ...when }),
          signal,
        );
        signal.addEventListener('abort', () => stream.destroy(), { once: true });
        await eachLine(stream, value => {
          const event = readEvent(value);
          if (event !== undefined) listener(event);
        });
        return signal.aborted || until !== undefined ? undefined : 'Docker ended the stream of events';
      } catch (error) {
        return signal.aborted ? undefined : dockerProblem(error, endpoint);
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

/** dockerode takes the signal out of what it is given: each call gets its own. */
function aborted(abortSignal: AbortSignal): Readonly<Record<string, unknown>> {
  return { abortSignal };
}

/** What dockerode's own `inspect` of networks and images does, but such that it can be given up. */
function inspected(docker: Dockerode, path: string, abortSignal: AbortSignal): Promise<Json> {
  const statusCodes = { 200: true, 404: 'not found', 500: 'server error' };
  return new Promise((resolve, reject) => {
    docker.modem.dial({ path, method: 'GET', options: {}, statusCodes, abortSignal }, (error, said) => {
      if (error === null) resolve(said);
      else reject(error);
    });
  });
}

function undefinedFor(status: number) {
  return (error: unknown): undefined => {
    if (typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === status)
      return undefined;
    throw error;
  };
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
