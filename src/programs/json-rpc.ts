import { request as httpRequest, Agent as PlainAgent } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';

export type JsonRpcServer = {
  /** "http://172.18.100.121/jsonrpc". */
  readonly url: string;
  readonly user: string;
  /** Goes into the Authorization header and nowhere else: no message and no error has it. */
  readonly password: string;
  /** PEM of who signed the server's certificate, for https. */
  readonly authority?: string;
};

/** What became of a request. Nothing is thrown. */
export type JsonRpcAnswer<T> =
  | { readonly outcome: 'answered'; readonly value: T; readonly milliseconds: number }
  /** The server understood and said no. */
  | { readonly outcome: 'refused'; readonly because: string }
  /** No answer, or none that is JSON-RPC: not there, stopped, still starting. */
  | { readonly outcome: 'silent'; readonly because: string };

/** One change of a transaction: SR Linux paths, values in the form of RFC 7951. */
export type JsonRpcChange =
  | { readonly action: 'update' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly action: 'delete'; readonly path: string };

/** Longest answer that is read; the whole state of one of our switches is below 2 MB. */
const MOST_OCTETS = 64 * 1024 * 1024;

/** Speaks to SR Linux's JSON-RPC server: many paths in one request, over one connection that is kept open. */
export class JsonRpcClient {
  private readonly server: JsonRpcServer;
  private readonly timeout: number;
  private readonly url: URL;
  private readonly agent: PlainAgent | TlsAgent;
  private lastId = 0;

  /** `timeout`: milliseconds without a whole answer after which a request is given up. */
  constructor(server: JsonRpcServer, timeout = 5_000) {
    this.server = server;
    this.timeout = timeout;
    this.url = new URL(server.url);
    const options = { keepAlive: true, maxSockets: 2 };
    this.agent =
      this.url.protocol === 'https:'
        ? new TlsAgent({ ...options, ...(server.authority === undefined ? {} : { ca: server.authority }) })
        : new PlainAgent(options);
  }

  /** State (operational data and configuration together) at paths, in their order. One path that the server does not have refuses all. */
  async state(paths: readonly string[], signal?: AbortSignal): Promise<JsonRpcAnswer<readonly unknown[]>> {
    return listed(
      await this.call('get', { commands: paths.map(path => ({ path, datastore: 'state' })) }, signal),
    );
  }

  /** Changes the candidate in one transaction and commits it; on a refusal nothing is changed. */
  set(changes: readonly JsonRpcChange[], signal?: AbortSignal): Promise<JsonRpcAnswer<unknown>> {
    return this.call('set', { commands: changes }, signal);
  }

  /** Commands of sr_cli, each answered by its text. */
  async cli(lines: readonly string[], signal?: AbortSignal): Promise<JsonRpcAnswer<readonly string[]>> {
    const answer = listed(await this.call('cli', { commands: lines, 'output-format': 'text' }, signal));
    return answer.outcome === 'answered' ? { ...answer, value: answer.value.map(textOfCli) } : answer;
  }

  close(): void {
    this.agent.destroy();
  }

  private async call(method: string, params: object, signal?: AbortSignal): Promise<JsonRpcAnswer<unknown>> {
    const id = ++this.lastId;
    const startedAt = performance.now();
    const reply = await this.post(JSON.stringify({ jsonrpc: '2.0', id, method, params }), signal);
    if ('problem' in reply) return { outcome: 'silent', because: reply.problem };
    if (reply.status === 401 || reply.status === 403)
      return {
        outcome: 'refused',
        because: `the switch does not let ${this.server.user} in (HTTP ${reply.status})`,
      };
    const body = parsed(reply.text);
    if (body === undefined)
      return { outcome: 'silent', because: `HTTP ${reply.status}, and what came is not JSON` };
    if (typeof body['error'] === 'object' && body['error'] !== null)
      return { outcome: 'refused', because: reasonOf(body['error'] as Readonly<Record<string, unknown>>) };
    if (reply.status !== 200 || body['id'] !== id || !('result' in body))
      return {
        outcome: 'silent',
        because: `HTTP ${reply.status}, and what came is not an answer of JSON-RPC`,
      };
    return { outcome: 'answered', value: body['result'], milliseconds: performance.now() - startedAt };
  }

  private post(
    body: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly status: number; readonly text: string } | { readonly problem: string }> {
    const { user, password } = this.server;
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise(resolve => {
      const request = send(this.url, {
        method: 'POST',
        agent: this.agent,
        auth: `${user}:${password}`,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        ...(signal === undefined ? {} : { signal }),
      });
      const timer = setTimeout(
        () => request.destroy(new Error(`no answer for ${this.timeout / 1000} s`)),
        this.timeout,
      );
      const end = (reply: { status: number; text: string } | { problem: string }) => {
        clearTimeout(timer);
        resolve(reply);
      };
      request.on('error', error => end({ problem: wordsOf(error) }));
      request.on('response', response => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > MOST_OCTETS) request.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('error', error => end({ problem: wordsOf(error) }));
        response.on('end', () =>
          end({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      request.end(body);
    });
  }
}

function listed(answer: JsonRpcAnswer<unknown>): JsonRpcAnswer<readonly unknown[]> {
  if (answer.outcome !== 'answered') return answer;
  return { ...answer, value: Array.isArray(answer.value) ? answer.value : [answer.value] };
}

/** With output-format text a command's answer is { text }; one that says nothing answers {}. */
function textOfCli(result: unknown): string {
  if (typeof result === 'string') return result;
  const text = (result as { readonly text?: unknown } | null)?.text;
  return typeof text === 'string' ? text : '';
}

function reasonOf(error: Readonly<Record<string, unknown>>): string {
  const message = error['message'];
  return typeof message === 'string' && message !== '' ? message : `error ${String(error['code'])}`;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function wordsOf(error: Error): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ECONNREFUSED':
      return 'nobody listens there yet';
    case 'ECONNRESET':
      return 'the connection was reset';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'its management address cannot be reached';
    case 'ABORT_ERR':
      return 'interrupted';
    default:
      return error.message;
  }
}
