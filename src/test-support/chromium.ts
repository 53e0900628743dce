import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A page in a real browser. */
export type BrowserPage = {
  /** The value of an expression in the page. */
  readonly evaluate: <T>(expression: string) => Promise<T>;
  /** Waits until an expression is true; throws with the text of the page when it never is. */
  readonly until: (expression: string, milliseconds?: number) => Promise<void>;
  /** Shows the page in a window of this size, in pixels. */
  readonly resize: (width: number, height: number) => Promise<void>;
  /** PNG of the whole page. */
  readonly picture: () => Promise<Buffer>;
  /** What the browser complained about: scripts, resources, its security policy. */
  readonly complaints: readonly string[];
};

export type Browser = {
  /** Opens an address in a profile of its own, so that two pages are two people. */
  readonly open: (url: string) => Promise<BrowserPage>;
  readonly close: () => Promise<void>;
};

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is on this machine; undefined: nowhere that we know of. */
export function chromiumPath(): string | undefined {
  const named = process.env['CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...places].find(path => existsSync(path));
}

/** Starts a headless Chromium and talks to it through two pipes (DevTools protocol). */
export async function startChromium(path: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'srklab-chromium-'));
  const child = spawn(
    path,
    [
      '--headless=new',
      '--remote-debugging-pipe',
      '--no-first-run',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-extensions',
      '--hide-scrollbars',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true },
  );
  const talk = new DevTools(child);
  return {
    open: url => openPage(talk, url),
    close: async () => {
      const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
      await Promise.race([
        talk.ask('Browser.close', {}).catch(() => undefined),
        new Promise(resolve => setTimeout(resolve, 3_000).unref()),
      ]);
      // Its helpers are of its process group.
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has left by itself.
      }
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function openPage(talk: DevTools, url: string): Promise<BrowserPage> {
  const { browserContextId } = await talk.ask('Target.createBrowserContext', {});
  const { targetId } = await talk.ask('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId } = await talk.ask('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const complaints: string[] = [];
  talk.listen(session, (method, params) => {
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      complaints.push(JSON.stringify(params));
  });
  await talk.ask('Runtime.enable', {}, session);
  await talk.ask('Log.enable', {}, session);
  await talk.ask('Page.enable', {}, session);
  await talk.ask('Page.navigate', { url }, session);

  const evaluate = async <T>(expression: string): Promise<T> => {
    const answer = await talk.ask('Runtime.evaluate', { expression, returnByValue: true }, session);
    const { result, exceptionDetails } = answer as {
      result: { value: unknown };
      exceptionDetails?: unknown;
    };
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value as T;
  };
  return {
    complaints,
    evaluate,
    until: async (expression, milliseconds = 15_000) => {
      const late = performance.now() + milliseconds;
      while (!(await evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) {
        if (performance.now() > late) {
          const text = await evaluate<string>('document.body.innerText').catch(String);
          throw new Error(
            `After ${milliseconds} ms the page does not fulfil ${expression}; it says:\n${text}`,
          );
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
    resize: async (width, height) => {
      await talk.ask(
        'Emulation.setDeviceMetricsOverride',
        { width, height, deviceScaleFactor: 1, mobile: width < 600 },
        session,
      );
    },
    picture: async () => {
      const { data } = await talk.ask(
        'Page.captureScreenshot',
        { format: 'png', captureBeyondViewport: true },
        session,
      );
      return Buffer.from(String(data), 'base64');
    },
  };
}

type Answer = Record<string, unknown>;
type Heard = (method: string, params: unknown) => void;

/** Messages are JSON, each ended by a zero byte: out through file descriptor 3, in through 4. */
class DevTools {
  readonly #out: Writable;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Map<string, Heard>();
  #next = 1;
  #rest = '';

  constructor(child: ChildProcess) {
    this.#out = child.stdio[3] as Writable;
    const input = child.stdio[4] as Readable;
    input.setEncoding('utf8');
    input.on('data', (piece: string) => this.#hear(piece));
    const ended = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The browser has ended'));
      this.#waiting.clear();
    };
    child.on('exit', ended);
    child.on('error', ended);
    this.#out.on('error', ended);
  }

  listen(session: string, heard: Heard): void {
    this.#listeners.set(session, heard);
  }

  ask(method: string, params: object, sessionId?: string): Promise<Answer> {
    const id = this.#next++;
    this.#out.write(
      `${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`,
    );
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #hear(piece: string): void {
    const messages = `${this.#rest}${piece}`.split('\0');
    this.#rest = messages.pop() ?? '';
    for (const text of messages) {
      const message = JSON.parse(text) as {
        id?: number;
        result?: Answer;
        error?: { message: string };
        method?: string;
        params?: unknown;
        sessionId?: string;
      };
      if (message.id === undefined) {
        this.#listeners.get(message.sessionId ?? '')?.(message.method ?? '', message.params);
        continue;
      }
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.result ?? {});
      else waiting?.reject(new Error(message.error.message));
    }
  }
}
