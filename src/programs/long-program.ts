import { type ChildProcess, spawn } from 'node:child_process';

/** A program that runs beside us: lines go in, lines come out. Its end is reported once, with what it complained of last. */
export class LongProgram {
  private readonly child: ChildProcess;
  private rest = '';
  private stopped = false;

  constructor(
    argv: readonly string[],
    listeners: { readonly onLine: (line: string) => void; readonly onEnd?: (because: string) => void },
    env: Readonly<Record<string, string>> = {},
  ) {
    const [command = '', ...words] = argv;
    this.child = spawn(command, words, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C', ...env },
    });
    this.child.stdin?.on('error', () => {});
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${this.rest}${text}`.split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) listeners.onLine(line);
    });
    let complaint = '';
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = `${complaint}${text}`.slice(-500);
    });
    this.child.once('error', error => listeners.onEnd?.(error.message));
    this.child.once('close', (code, signal) => {
      if (this.stopped) return;
      const last = complaint.trim();
      listeners.onEnd?.(`${signal ?? `exit code ${code}`}${last === '' ? '' : `: ${last}`}`);
    });
  }

  write(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Its input ends, then it is killed; no end is reported. */
  stop(): void {
    this.stopped = true;
    this.child.stdin?.end();
    this.child.kill('SIGKILL');
  }
}
