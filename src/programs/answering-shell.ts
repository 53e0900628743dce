import type { Conversation, Listeners } from './conversation.ts';
import type { ScriptResult } from './process-tree.ts';

export type StartConversation = (argv: readonly string[], listeners: Listeners) => Conversation;

type Waiting = { readonly done: (result: ScriptResult) => void; readonly timer: NodeJS.Timeout };

/**
 * A shell that goes on running in a container and runs one script after the other: a fraction of what a program of its own
 * costs for each. A container that stands still does not answer: then the result is a failure after `timeout`.
 */
export class AnsweringShell {
  private readonly begin: StartConversation;
  private conversation: Conversation | undefined;
  private readonly waiting: Waiting[] = [];
  private stopped = false;
  private received = '';
  private nextId = 1;

  constructor(begin: StartConversation) {
    this.begin = begin;
  }

  /** Standard error is part of the output. */
  script(text: string, timeout = 5_000): Promise<ScriptResult> {
    if (this.stopped) return Promise.resolve({ exitCode: 1, output: 'stopped' });
    this.conversation ??= this.begin(['sh'], {
      onOutput: said => this.receive(said),
      onEnd: because => this.end(because),
    });
    const id = this.nextId++;
    const { conversation } = this;
    return new Promise(done => {
      const timer = setTimeout(() => this.end(`no answer for ${timeout / 1000} s`), timeout);
      this.waiting.push({ done, timer });
      conversation.write(`{\n${text}\n} </dev/null 2>&1\nprintf '\\036%s %s\\036\\n' ${id} $?\n`);
    });
  }

  /** For good: nothing is begun any more. */
  stop(): void {
    this.stopped = true;
    this.end('stopped');
  }

  private receive(text: string): void {
    this.received += text;
    for (;;) {
      const found = /\x1e(\d+) (\d+)\x1e\n/.exec(this.received);
      if (found === null) return;
      const output = this.received.slice(0, found.index);
      this.received = this.received.slice(found.index + found[0].length);
      const first = this.waiting.shift();
      clearTimeout(first?.timer);
      first?.done({ exitCode: Number(found[2]), output });
    }
  }

  /** What was asked gets no answer; the next question begins anew. */
  private end(because: string): void {
    this.conversation?.stop();
    this.conversation = undefined;
    this.received = '';
    for (const { done, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      done({ exitCode: 1, output: because });
    }
  }
}
