import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TutorState } from '../tutor/state.ts';
import { pageHtml, pageScript, pageStyle } from './page.ts';
import { pageModel, pageSections } from './page-model.ts';
import { type SectionText, Viewer } from './viewer.ts';

export type AudienceServer = {
  /** With the token in it: whoever has the link may look. */
  readonly url: string;
  readonly token: string;
  readonly viewers: () => number;
  /** The state changed. Cheap: what viewers see follows a little later, in one piece. */
  readonly changed: () => void;
  readonly close: () => Promise<void>;
};

export type ServeOutcome =
  | { readonly outcome: 'serving'; readonly server: AudienceServer }
  | { readonly outcome: 'failed'; readonly because: string };

export type ServeOptions = {
  /** 0: any free one. */
  readonly port: number;
  /** Loopback unless told otherwise. */
  readonly address: string;
  /** Undefined while there is nothing to show yet. */
  readonly state: () => TutorState | undefined;
  readonly viewersChanged: () => void;
  /** Random unless one is handed in: that of a talk that was cut short. */
  readonly token?: string;
};

/** Milliseconds: between pictures, between signs of life, until a viewer that takes nothing is dropped. */
const pauseMs = 200;
const beatMs = 10_000;
const patienceMs = 30_000;
/** More than any room holds; protects the presenter's file descriptors. */
const mostViewers = 1_000;

/** Serves the page that follows the presenter: read-only, behind a random token. */
export async function serveAudience(options: ServeOptions): Promise<ServeOutcome> {
  const token = options.token ?? randomBytes(16).toString('base64url');
  const viewers = new Map<ServerResponse, Viewer>();
  let picture: readonly SectionText[] = [];
  let timer: NodeJS.Timeout | undefined;

  const show = () => {
    timer = undefined;
    const state = options.state();
    if (state === undefined || viewers.size === 0) return;
    const model = pageModel(state);
    picture = pageSections.map(name => ({ name, text: JSON.stringify({ name, content: model[name] }) }));
    const now = performance.now();
    for (const viewer of viewers.values()) viewer.show(picture, now);
  };
  const changed = () => {
    if (timer !== undefined || viewers.size === 0) return;
    timer = setTimeout(show, pauseMs);
    timer.unref();
  };
  const watch = (request: IncomingMessage, response: ServerResponse) => {
    if (viewers.size >= mostViewers) {
      answer(response, 503, 'text/plain', 'The room is full. Please try again in a minute.\n');
      return;
    }
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.write('retry: 1000\n\n');
    const viewer = new Viewer(response);
    viewers.set(response, viewer);
    request.socket.setNoDelay(true);
    response.on('error', () => response.destroy());
    response.on('close', () => {
      if (viewers.delete(response)) options.viewersChanged();
    });
    options.viewersChanged();
    show();
  };
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'text/plain', 'This page can only be looked at.\n');
      return;
    }
    const [, given = '', name, ...rest] = (request.url ?? '/').split('?')[0]?.split('/') ?? [];
    if (!sameText(given, token)) answer(response, 403, 'text/html', forbiddenHtml);
    else if (name === undefined && rest.length === 0) {
      response.writeHead(308, { ...headers, location: `/${token}/` });
      response.end();
    } else if (rest.length > 0) answer(response, 404, 'text/plain', 'There is no such page.\n');
    else if (name === 'events') {
      if (request.method === 'HEAD') answer(response, 200, 'text/event-stream', '');
      else watch(request, response);
    } else {
      const file = files[name ?? ''];
      if (file === undefined) answer(response, 404, 'text/plain', 'There is no such page.\n');
      else answer(response, 200, file.type, file.text);
    }
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  server.maxHeadersCount = 100;

  const problem = await listening(server, options);
  if (problem !== undefined) return { outcome: 'failed', because: problem };
  // A fault of one connection is nobody else's business.
  server.on('error', () => undefined);
  server.on('clientError', (_, socket) => socket.destroy());
  server.unref();
  const beat = setInterval(() => {
    const now = performance.now();
    for (const viewer of viewers.values()) {
      if (viewer.stuckSince !== undefined && now - viewer.stuckSince > patienceMs) viewer.drop();
      else viewer.beat();
    }
  }, beatMs);
  beat.unref();
  const { port } = server.address() as AddressInfo;
  const host = options.address.includes(':') ? `[${options.address}]` : options.address;
  return {
    outcome: 'serving',
    server: {
      url: `http://${host}:${port}/${token}/`,
      token,
      viewers: () => viewers.size,
      changed,
      close: () =>
        new Promise<void>(resolve => {
          clearInterval(beat);
          clearTimeout(timer);
          for (const viewer of viewers.values()) viewer.drop();
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    },
  };
}

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
} as const;

const files: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
  '': { type: 'text/html', text: pageHtml },
  'page.js': { type: 'text/javascript', text: pageScript },
  'page.css': { type: 'text/css', text: pageStyle },
};

const forbiddenHtml = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not this way</title></head>
<body><h1>This link does not open the talk.</h1>
<p>Part of it is missing or belongs to an earlier talk. Ask the presenter for the link of today, and copy all of it.</p></body></html>
`;

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` });
  response.end(text);
}

/** Takes as long for a near miss as for a wild guess. */
function sameText(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

/** Undefined when the server listens; else what is in the way and what to do. */
function listening(server: Server, { port, address }: ServeOptions): Promise<string | undefined> {
  return new Promise(resolve => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(problemText(error, port, address)));
    server.listen(port, address, () => resolve(undefined));
  });
}

function problemText(error: NodeJS.ErrnoException, port: number, address: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is taken: somebody else listens there. Name another one, as --serve ${port + 1}, or --serve 0 for any that is free`;
    case 'EACCES':
      return `port ${port} is not for ordinary users. Name one from 1024 on`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${address}. --serve-address takes one of its own, or 0.0.0.0 for all of them`;
    default:
      return error.message;
  }
}
