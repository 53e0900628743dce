import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { unshareArgv } from './namespaces.ts';

export type ScriptResult = { readonly exitCode: number; readonly output: string };

type Waiting = { readonly id: number; readonly done: (result: ScriptResult) => void };

const MARK = '\x1e';

/**
 * A tree of processes in namespaces of its own. Its first process is a shell that reads scripts from our pipe. When
 * we end, however we end, the pipe closes, the shell ends, and the kernel ends everything else in the PID namespace
 * and takes the namespaces, mounts and links with it.
 */
export class ProcessTree {
  readonly userNamespace: boolean;
  /** The first process, by its number outside. */
  readonly pid: number;
  private readonly child: ChildProcess;
  private readonly waiting: Waiting[] = [];
  private received = '';
  private nextId = 1;
  private over: string | undefined;
  /** Settles when the last process of the tree is gone. */
  readonly ended: Promise<void>;

  private constructor(child: ChildProcess, pid: number, userNamespace: boolean) {
    this.child = child;
    this.pid = pid;
    this.userNamespace = userNamespace;
    this.ended = new Promise(resolve => {
      child.on('close', () => {
        this.end('the process tree has ended');
        resolve();
      });
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    child.stdin?.on('error', () => {});
  }

  /** Starts the tree; a sentence when this machine does not let us. */
  static async start(options: { readonly userNamespace: boolean }): Promise<ProcessTree | string> {
    const argv = unshareArgv(options);
    const child = spawn(argv[0] ?? '', argv.slice(1), {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C at the terminal is the program's to answer: it stops the tree in good order.
      detached: true,
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    });
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    const first = await new Promise<string | undefined>(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('close', () => resolve(complaint.trim() || 'unshare ended at once'));
      child.stdout?.once('data', () => resolve(undefined));
      child.stdin?.on('error', () => {});
      child.stdin?.write('echo ready\n');
    });
    if (first !== undefined || child.pid === undefined) return first ?? 'unshare did not start';
    const pid = childOf(child.pid);
    if (pid === undefined) {
      child.kill('SIGKILL');
      return 'the first process of the tree was not found in /proc';
    }
    child.stdout?.removeAllListeners('data');
    return new ProcessTree(child, pid, options.userNamespace);
  }

  get running(): boolean {
    return this.over === undefined;
  }

  /** Runs a script in the tree's shell, after those before it. Its standard error is part of the output. */
  script(text: string): Promise<ScriptResult> {
    if (this.over !== undefined) return Promise.resolve({ exitCode: 1, output: this.over });
    // The shell takes braces around nothing for a mistake, and ends.
    if (text.trim() === '') return Promise.resolve({ exitCode: 0, output: '' });
    const id = this.nextId++;
    return new Promise(done => {
      this.waiting.push({ id, done });
      this.child.stdin?.write(`{\n${text}\n} </dev/null 2>&1\nprintf '\\036%s %s\\036\\n' ${id} $?\n`);
    });
  }

  /** A file as the tree sees it, from outside. */
  path(inside: string): string {
    return `/proc/${this.pid}/root${inside}`;
  }

  /** Ends everything in the tree and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.over === undefined) {
      try {
        process.kill(this.pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
      this.child.stdin?.destroy();
    }
    await this.ended;
  }

  private receive(text: string): void {
    this.received += text;
    for (;;) {
      const found = /\x1e(\d+) (\d+)\x1e\n/.exec(this.received);
      if (found === null || !this.received.includes(MARK)) return;
      const output = this.received.slice(0, found.index);
      this.received = this.received.slice(found.index + found[0].length);
      this.waiting.shift()?.done({ exitCode: Number(found[2]), output });
    }
  }

  private end(because: string): void {
    this.over ??= because;
    for (const { done } of this.waiting.splice(0)) done({ exitCode: 1, output: because });
  }
}

function childOf(parent: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    if (text !== '') return Number(text.split(' ')[0]);
  } catch {
    // A kernel without that file: look through all processes.
  }
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}
