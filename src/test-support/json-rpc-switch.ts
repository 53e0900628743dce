import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = { [name: string]: unknown };
type Step = { readonly name: string; readonly keys: Readonly<Record<string, string>> };

/**
 * A JSON-RPC server on loopback that answers as SR Linux's does from a tree of state: a path with a `*` from the root on, with modules
 * and keys, a path without by what is at its end. It is no switch: what is set is only written into the tree.
 */
export class JsonRpcSwitch {
  readonly tree: Json;
  /** Every request's body, oldest first. */
  readonly requests: { readonly method: string; readonly params: Json }[] = [];
  /** Requests are taken and never answered while it is set. */
  deaf = false;
  /** Milliseconds that it takes over an answer. */
  delay = 0;
  private readonly server: Server;
  private port = 0;

  constructor(tree: Json, credentials = 'admin:right') {
    this.tree = tree;
    const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        if (request.headers.authorization !== expected) response.writeHead(401).end('no');
        else if (!this.deaf) setTimeout(() => this.answer(body, response), this.delay);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.port}/jsonrpc`;
  }

  /** As when the node is stopped: connections end, nobody listens. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  /** The object, list or leaf at a path of the tree. */
  at(path: string): unknown {
    return stepsOf(path).reduce<unknown>((here, step) => {
      const [, value] = memberOf(here, step.name) ?? [];
      return Array.isArray(value) && Object.keys(step.keys).length > 0
        ? value.find(entry => matches(entry as Json, step.keys))
        : value;
    }, this.tree);
  }

  private answer(body: string, response: ServerResponse): void {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: Json };
    this.requests.push({ method, params });
    const outcome = this.perform(method, params);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
  }

  private perform(
    method: string,
    params: Json,
  ): { result: unknown } | { error: { code: number; message: string } } {
    const commands = params['commands'] as readonly Json[];
    if (method === 'cli') return { result: commands.map(line => `you typed ${String(line)}\n`) };
    if (method === 'get') return { result: commands.map(({ path }) => this.get(String(path))) };
    for (const { path } of commands) {
      if (path !== '/' && this.at(parentOf(String(path))) === undefined)
        return { error: { code: -1, message: `Path not valid - ${String(path)}` } };
    }
    for (const { action, path, value } of commands) this.set(String(action), String(path), value);
    return { result: {} };
  }

  private get(path: string): unknown {
    if (!path.includes('*')) return this.at(path) ?? {};
    return filtered(this.tree, stepsOf(path)) ?? {};
  }

  private set(action: string, path: string, value: unknown): void {
    if (path === '/') {
      Object.assign(this.tree, value);
      return;
    }
    const parent = this.at(parentOf(path)) as Json;
    const last = stepsOf(path).at(-1)?.name ?? '';
    const name = memberOf(parent, last)?.[0] ?? last;
    if (action === 'delete') delete parent[name];
    else parent[name] = value;
  }
}

/** Only what the steps lead to, with the keys of the entries on the way. */
function filtered(here: unknown, steps: readonly Step[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return here;
  const member = memberOf(here, step.name);
  if (member === undefined) return undefined;
  const [name, value] = member;
  if (!Array.isArray(value)) return { [name]: filtered(value, rest) };
  const entries = (value as Json[]).filter(entry => matches(entry, step.keys));
  return {
    [name]: entries.map(entry =>
      rest.length === 0
        ? entry
        : { ...pick(entry, Object.keys(step.keys)), ...(filtered(entry, rest) as Json) },
    ),
  };
}

function pick(entry: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.map(name => [name, entry[name]]));
}

function matches(entry: Json | null, keys: Readonly<Record<string, string>>): boolean {
  return Object.entries(keys).every(
    ([name, wanted]) => wanted === '*' || String(entry?.[name]).replace(/^[a-z_-]+:/, '') === wanted,
  );
}

function memberOf(here: unknown, name: string): [string, unknown] | undefined {
  if (typeof here !== 'object' || here === null) return undefined;
  return Object.entries(here).find(([each]) => each === name || each.endsWith(`:${name}`));
}

/** "/interface[name=ethernet-1/1]/statistics": a key may hold a slash. */
function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\/([\w-]+)((?:\[[^\]]*\])*)/g)].map(([, name = '', keys = '']) => ({
    name,
    keys: Object.fromEntries(
      [...keys.matchAll(/\[([^=]+)=([^\]]*)\]/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  }));
}

function parentOf(path: string): string {
  return path.replace(/\/[\w-]+(\[[^\]]*\])*$/, '');
}
