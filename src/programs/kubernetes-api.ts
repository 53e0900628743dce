import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { type Answer, done, failed } from './answer.ts';

/** An object as the API server writes it: times are texts, absent lists are absent. */
export type ApiObject = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<
    Record<string, unknown>
  >;
  readonly [field: string]: unknown;
};

export type ApiList = { readonly resourceVersion: string; readonly items: readonly ApiObject[] };

export type WatchChange = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: ApiObject };

/** Why a watch ended. 'gone': the version to go on from is too old, everything has to be listed again. */
export type WatchEnd = {
  readonly resourceVersion: string;
  readonly because: 'closed' | 'gone' | 'interrupted' | string;
};

/** Kubernetes' API by paths ("/api/v1/pods"). Nothing is thrown: what the server refuses comes back as a sentence. */
export interface KubernetesApi {
  readonly server: string;
  /** Undefined when the server has no such resource: its definition may not be applied yet. */
  list(path: string, signal?: AbortSignal): Promise<Answer<ApiList | undefined>>;
  /** Changes after `resourceVersion`, as they come, until it ends. */
  watch(
    path: string,
    resourceVersion: string,
    listener: (change: WatchChange) => void,
    signal: AbortSignal,
  ): Promise<WatchEnd>;
  /** Whether it answers within the time limit; why not, in words. */
  alive(timeout: number): Promise<string | undefined>;
  /** RFC 7386; undefined when there is nothing at the path. */
  merge(path: string, patch: unknown): Promise<Answer<ApiObject | undefined>>;
  create(path: string, object: unknown): Promise<Answer<ApiObject | undefined>>;
  /** `seconds`: what its processes get to end by themselves. False when there was nothing. */
  delete(path: string, seconds?: number): Promise<Answer<boolean>>;
}

/** The server of a kubeconfig's current context. The client package reads the file and knows every way to log in; it is loaded when first wanted. */
export async function openKubernetes(kubeconfig: string): Promise<Answer<KubernetesApi>> {
  try {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) return failed(`${kubeconfig} names no cluster in its current context`);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return done(new Api(server, options));
  } catch (error) {
    return failed(`${kubeconfig} is not a kubeconfig that can be used: ${(error as Error).message}`);
  }
}

/** The server closes a watch after that long; it is opened again where it ended. Seconds. */
const WATCH_FOR = 240;
const TIMEOUT = 10_000;

class Api implements KubernetesApi {
  readonly server: string;
  private readonly options: RequestOptions;

  constructor(server: string, options: RequestOptions) {
    this.server = server;
    this.options = options;
  }

  async list(path: string, signal?: AbortSignal): Promise<Answer<ApiList | undefined>> {
    const reply = await this.call('GET', path, undefined, { signal });
    if ('problem' in reply) return failed(reply.problem);
    if (reply.status === 404) return done(undefined);
    if (reply.status !== 200) return failed(reasonOf(reply));
    const { metadata, items, kind, apiVersion } = reply.body as {
      metadata?: { resourceVersion?: string };
      items?: readonly ApiObject[];
      kind?: string;
      apiVersion?: string;
    };
    // Items of a list do not repeat what they are.
    const own = { kind: kind?.replace(/List$/, '') ?? '', apiVersion: apiVersion ?? '' };
    return done({
      resourceVersion: metadata?.resourceVersion ?? '',
      items: (items ?? []).map(item => ({ ...own, ...item })),
    });
  }

  async watch(
    path: string,
    resourceVersion: string,
    listener: (change: WatchChange) => void,
    signal: AbortSignal,
  ): Promise<WatchEnd> {
    let version = resourceVersion;
    const query = new URLSearchParams({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      timeoutSeconds: String(WATCH_FOR),
    });
    let refused: string | undefined;
    const because = await this.stream(`${path}${path.includes('?') ? '&' : '?'}${query}`, signal, line => {
      const change = parsed(line) as { type?: string; object?: ApiObject } | undefined;
      const { type, object } = change ?? {};
      if (object === undefined) return;
      if (type === 'ERROR') {
        refused =
          (object as { code?: number }).code === 410 ? 'gone' : String(object['message'] ?? 'an error');
        return;
      }
      const at = object.metadata?.['resourceVersion'];
      if (typeof at === 'string') version = at;
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') listener({ type, object });
    });
    return { resourceVersion: version, because: refused ?? because };
  }

  async alive(timeout: number): Promise<string | undefined> {
    const reply = await this.call('GET', '/livez', undefined, { timeout });
    if ('problem' in reply) return reply.problem;
    return reply.status === 200 ? undefined : `the API server is not well (HTTP ${reply.status})`;
  }

  merge(path: string, patch: unknown): Promise<Answer<ApiObject | undefined>> {
    return this.objectAt('PATCH', path, patch, 'application/merge-patch+json');
  }

  create(path: string, object: unknown): Promise<Answer<ApiObject | undefined>> {
    return this.objectAt('POST', path, object, 'application/json');
  }

  async delete(path: string, seconds?: number): Promise<Answer<boolean>> {
    const query = seconds === undefined ? '' : `?gracePeriodSeconds=${seconds}`;
    const reply = await this.call('DELETE', `${path}${query}`);
    if ('problem' in reply) return failed(reply.problem);
    if (reply.status === 404) return done(false);
    return reply.status < 300 ? done(true) : failed(reasonOf(reply));
  }

  private async objectAt(
    method: string,
    path: string,
    body: unknown,
    type: string,
  ): Promise<Answer<ApiObject | undefined>> {
    const reply = await this.call(method, path, JSON.stringify(body), { type });
    if ('problem' in reply) return failed(reply.problem);
    if (reply.status === 404) return done(undefined);
    return reply.status < 300 ? done(reply.body as ApiObject) : failed(reasonOf(reply));
  }

  private call(
    method: string,
    path: string,
    body?: string,
    options: {
      readonly type?: string;
      readonly timeout?: number;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<Reply | { readonly problem: string }> {
    const { timeout = TIMEOUT } = options;
    return new Promise(resolve => {
      const request = this.request(method, path, options, body);
      const timer = setTimeout(
        () => request.destroy(new Error(`no answer for ${timeout / 1000} s`)),
        timeout,
      );
      const end = (reply: Reply | { readonly problem: string }) => {
        clearTimeout(timer);
        resolve(reply);
      };
      request.on('error', error => end({ problem: wordsOf(error) }));
      request.on('response', (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', error => end({ problem: wordsOf(error) }));
        response.on('end', () => end({ status: response.statusCode ?? 0, body: parsed(text) }));
      });
      request.end(body);
    });
  }

  /** Lines as they come; settles with why they ended. */
  private stream(path: string, signal: AbortSignal, onLine: (line: string) => void): Promise<string> {
    return new Promise(resolve => {
      const request = this.request('GET', path, { signal });
      request.on('socket', socket => socket.setKeepAlive(true, 15_000));
      request.on('error', error => resolve(wordsOf(error)));
      request.on('response', (response: IncomingMessage) => {
        if (response.statusCode !== 200) {
          response.resume();
          resolve(response.statusCode === 410 ? 'gone' : `HTTP ${response.statusCode}`);
          return;
        }
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = `${rest}${chunk}`.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') onLine(line);
        });
        response.on('error', error => resolve(wordsOf(error)));
        response.on('end', () => resolve('closed'));
        response.on('close', () => resolve('the connection was cut'));
      });
      request.end();
    });
  }

  private request(
    method: string,
    path: string,
    { type, signal }: { readonly type?: string; readonly signal?: AbortSignal | undefined },
    body?: string,
  ) {
    const url = new URL(path, this.server.endsWith('/') ? this.server : `${this.server}/`);
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    return send(url, {
      ...this.options,
      method,
      headers: {
        ...(this.options.headers as Record<string, string> | undefined),
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

type Reply = { readonly status: number; readonly body: unknown };

function reasonOf({ status, body }: Reply): string {
  const message = (body as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' && message !== '' ? message : `HTTP ${status}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wordsOf(error: Error): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ECONNREFUSED':
      return 'nobody listens at the API server’s address';
    case 'ECONNRESET':
      return 'the connection was reset';
    case 'ABORT_ERR':
      return 'interrupted';
    default:
      return error.message;
  }
}
