import { createConnection, type Socket } from 'node:net';

/** What a daemon answered. */
export type VtyAnswer =
  | { readonly outcome: 'said'; readonly text: string; readonly code: number }
  /** It did not: not there, gone or stopped. */
  | { readonly outcome: 'silent'; readonly because: string };

type Request = {
  readonly bytes: Buffer;
  readonly done: (answer: VtyAnswer) => void;
};

/**
 * Speaks to one FRR daemon over its vty socket, as vtysh does, without starting a program: 0.2 ms a command.
 * A command ends with a NUL; the answer with three NULs and the return code. Connects when it is first asked, and again
 * after the daemon was restarted.
 */
export class VtyClient {
  private readonly path: string;
  private readonly timeout: number;
  private socket: Socket | undefined;
  private received: Buffer[] = [];
  private readonly queue: Request[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(path: string, timeout = 2_000) {
    this.path = path;
    this.timeout = timeout;
  }

  ask(command: string): Promise<VtyAnswer> {
    return new Promise(done => {
      if (this.socket === undefined) this.connect();
      this.put({ bytes: Buffer.from(`${command}\0`), done });
    });
  }

  /** The answer parsed as JSON; undefined when there is none. */
  async json(command: string): Promise<unknown> {
    const answer = await this.ask(command);
    return answer.outcome === 'said' ? jsonOf(answer.text) : undefined;
  }

  /** Configuration lines in one go; the answers that are complaints. */
  async configure(lines: readonly string[]): Promise<string[]> {
    const complaints: string[] = [];
    for (const line of ['configure terminal', ...lines, 'end']) {
      const answer = await this.ask(line);
      if (answer.outcome === 'silent') return [`${line}: ${answer.because}`];
      if (answer.code !== 0 || answer.text.includes('% ')) complaints.push(`${line}: ${answer.text.trim()}`);
    }
    return complaints;
  }

  close(): void {
    this.fail('closed');
  }

  private connect(): void {
    const socket = createConnection(this.path);
    this.socket = socket;
    socket.on('data', chunk => this.receive(chunk));
    socket.on('error', error => this.failFrom(socket, error.message));
    socket.on('close', () => this.failFrom(socket, 'the daemon hung up'));
    socket.unref();
    this.put({ bytes: Buffer.from('enable\0'), done: () => {} });
  }

  private put(request: Request): void {
    this.queue.push(request);
    if (this.queue.length === 1) this.send(request);
  }

  private send(request: Request): void {
    this.socket?.write(request.bytes);
    this.timer = setTimeout(() => this.fail(`no answer for ${this.timeout / 1000} s`), this.timeout);
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    const tail = chunk.length >= 4 ? chunk : Buffer.concat(this.received.slice(-4));
    const length = tail.length;
    const ended = length >= 4 && tail[length - 2] === 0 && tail[length - 3] === 0 && tail[length - 4] === 0;
    if (!ended) return;
    const answer = Buffer.concat(this.received);
    this.received = [];
    clearTimeout(this.timer);
    const request = this.queue.shift();
    const next = this.queue[0];
    if (next !== undefined) this.send(next);
    request?.done({
      outcome: 'said',
      text: answer.subarray(0, -4).toString('utf8'),
      code: answer[answer.length - 1] ?? 0,
    });
  }

  private failFrom(socket: Socket, because: string): void {
    if (socket === this.socket) this.fail(because);
  }

  private fail(because: string): void {
    clearTimeout(this.timer);
    this.socket?.destroy();
    this.socket = undefined;
    this.received = [];
    for (const { done } of this.queue.splice(0)) done({ outcome: 'silent', because });
  }
}

/** Undefined for anything but JSON: an error message of the daemon. */
export function jsonOf(text: string): unknown {
  const start = text.search(/[[{]/);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}
