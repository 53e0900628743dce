import { get, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { storeOf, tutorState, after as when } from '../test-support/tutor-states.ts';
import { type AudienceServer, serveAudience } from './server.ts';

const open: AudienceServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(port = 0) {
  const store = storeOf(when(tutorState(), [{ type: 'presenter-started', lesson: '01-cable' }]));
  const viewersChanged = vi.fn();
  const outcome = await serveAudience({
    port,
    address: '127.0.0.1',
    state: store.getState,
    viewersChanged,
    token: 'open-sesame',
  });
  if (outcome.outcome === 'failed') throw new Error(outcome.because);
  open.push(outcome.server);
  store.subscribe(outcome.server.changed);
  return { server: outcome.server, store, viewersChanged };
}

function fetched(url: string, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const asked = request(url, { method }, response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', piece => {
          text += piece;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      asked.on('error', reject);
      asked.end();
    },
  );
}

/** Reads the stream of sections until `enough`. */
function sections(url: string, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(`${url}events`, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', piece => {
        text += piece;
        if (!enough(text)) return;
        asked.destroy();
        resolve(text);
      });
    });
    asked.on('error', error => reject(error));
  });
}

describe('the audience’s page', () => {
  it('is there for who has the link', async () => {
    const { server } = await serve();
    const page = await fetched(server.url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('<script src="page.js" defer>');
    expect((await fetched(`${server.url}page.js`)).headers['content-type']).toBe(
      'text/javascript; charset=utf-8',
    );
    expect((await fetched(`${server.url}page.css`)).headers['content-type']).toBe('text/css; charset=utf-8');
    expect((await fetched(server.url.slice(0, -1))).headers['location']).toBe('/open-sesame/');
  });

  it.each(['/', '/open-sesam/', '/open-sesame2/page.js', '/x/events', '//', '/%6fpen-sesame/'])(
    'says no to %s',
    async path => {
      const { server } = await serve();
      const page = await fetched(new URL(server.url).origin + path);
      expect(page.status).toBe(403);
      expect(page.text).toContain('This link does not open the talk.');
      expect(page.text).not.toContain('open-sesame');
    },
  );

  it('can only be looked at, and holds nothing but itself', async () => {
    const { server } = await serve();
    expect((await fetched(server.url, 'POST')).status).toBe(405);
    expect((await fetched(`${server.url}../../etc/passwd`)).status).toBe(403);
    expect((await fetched(`${server.url}other`)).status).toBe(404);
    expect((await fetched(`${server.url}page.js/more`)).status).toBe(404);
  });

  it('forbids the browser everything it does not need, also on pages that say no', async () => {
    const { server } = await serve();
    for (const url of [server.url, `${server.url}page.js`, new URL(server.url).origin]) {
      const { headers } = await fetched(url);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('sends the slide, and again only what changed', async () => {
    const { server, store } = await serve();
    let moved = false;
    const text = await sections(server.url, so => {
      if (!moved && so.includes('"name":"timeline"')) {
        moved = true;
        store.send({ type: 'slide-asked', to: 'next' });
      }
      return so.includes('Build it');
    });
    expect(text.match(/"name":"slide"/g)).toHaveLength(2);
    expect(text.match(/"name":"topology"/g)).toHaveLength(1);
  });

  it('counts its viewers, and forgets those who leave', async () => {
    const { server, viewersChanged } = await serve();
    await sections(server.url, text => text.includes('timeline'));
    await vi.waitFor(() => expect(server.viewers()).toBe(0));
    expect(viewersChanged).toHaveBeenCalledTimes(2);
  });

  it('is not slowed by a viewer who reads nothing, nor does it keep more than one page for them', async () => {
    const { server, store } = await serve();
    const { port } = new URL(server.url);
    const dead = connect(Number(port), '127.0.0.1');
    dead.pause();
    dead.on('error', () => undefined);
    dead.write('GET /open-sesame/events HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitFor(() => expect(server.viewers()).toBe(1));
    for (let count = 0; count < 5; count++) store.send({ type: 'slide-asked', to: 'next' });
    const text = await sections(server.url, so => so.includes('timeline'));
    expect(text).toContain('"name":"slide"');
    dead.destroy();
  });

  it('says what to do when the port is taken', async () => {
    const { server } = await serve();
    const port = Number(new URL(server.url).port);
    const second = await serveAudience({
      port,
      address: '127.0.0.1',
      state: () => undefined,
      viewersChanged: () => undefined,
    });
    expect(second).toEqual({
      outcome: 'failed',
      because: `port ${port} is taken: somebody else listens there. Name another one, as --serve ${port + 1}, or --serve 0 for any that is free`,
    });
  });
});
