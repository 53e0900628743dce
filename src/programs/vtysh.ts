import type { Conversation, Listeners } from './conversation.ts';
import { jsonOf } from './vty.ts';

export type VtyshAnswer =
  | { readonly outcome: 'said'; readonly text: string }
  | { readonly outcome: 'silent'; readonly because: string };

type Waiting = {
  readonly mark: string;
  readonly done: (answer: VtyshAnswer) => void;
  readonly timer: NodeJS.Timeout;
};

/**
 * One vtysh that goes on running and is asked one thing after the other: no program is started for a question. Between
 * answers it also prints what the daemons log, once it was told `terminal monitor`.
 */
export class Vtysh {
  private readonly begin: (listeners: Listeners) => Conversation;
  private readonly onLog: (line: string) => void;
  private readonly timeout: number;
  private conversation: Conversation | undefined;
  private readonly waiting: Waiting[] = [];
  private stopped = false;
  private rest = '';
  private lines: string[] = [];
  private nextId = 1;

  constructor(
    begin: (listeners: Listeners) => Conversation,
    onLog: (line: string) => void = () => {},
    timeout = 2_000,
  ) {
    this.begin = begin;
    this.onLog = onLog;
    this.timeout = timeout;
  }

  ask(command: string): Promise<VtyshAnswer> {
    if (this.stopped) return Promise.resolve({ outcome: 'silent', because: 'stopped' });
    this.conversation ??= this.begin({
      onOutput: text => this.receive(text),
      onEnd: because => this.end(because),
    });
    const { conversation } = this;
    // vtysh says of what it does not know that it does not know it: that ends the answer before.
    const mark = `srklab-${this.nextId++}`;
    return new Promise(done => {
      const timer = setTimeout(() => this.end(`no answer for ${this.timeout / 1000} s`), this.timeout);
      this.waiting.push({ mark, done, timer });
      conversation.write(`${command}\n${mark}\n`);
    });
  }

  /** The answer parsed as JSON; undefined when there is none. */
  async json(command: string): Promise<unknown> {
    const answer = await this.ask(command);
    return answer.outcome === 'said' ? jsonOf(answer.text) : undefined;
  }

  /** The next question is asked of a vtysh that has just started. */
  restart(): void {
    this.end('started again');
  }

  /** For good: nothing is begun any more. */
  stop(): void {
    this.stopped = true;
    this.end('stopped');
  }

  private receive(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.take(line);
  }

  private take(line: string): void {
    const log = /(?:^|\r)(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \[\w+\] .*)$/.exec(line)?.[1];
    if (log !== undefined) {
      this.onLog(log);
      return;
    }
    const first = this.waiting[0];
    if (first === undefined) return;
    // The prompt with what was typed stands before the answer.
    if (/^\S+[#>] /.test(line)) {
      if (!line.endsWith(first.mark)) this.lines = [];
      return;
    }
    if (line !== `% Unknown command: ${first.mark}`) {
      this.lines.push(line);
      return;
    }
    this.waiting.shift();
    clearTimeout(first.timer);
    first.done({ outcome: 'said', text: this.lines.join('\n') });
    this.lines = [];
  }

  /** What was asked gets no answer; the next question begins anew. */
  private end(because: string): void {
    this.conversation?.stop();
    this.conversation = undefined;
    this.rest = '';
    this.lines = [];
    for (const { done, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      done({ outcome: 'silent', because });
    }
  }
}
