import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** A cell of the screen as a terminal shows it. Colours are palette numbers or 0xrrggbb, null for the default. */
export type ScreenCell = {
  readonly text: string;
  readonly width: number;
  readonly fg: number | null;
  readonly bg: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
};

export type LaunchOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** The program to run; node by default. */
  readonly program?: string;
};

/** A real program in a pseudo-terminal, with a terminal emulator that shows what a learner would see. */
export interface TestTerminal {
  readonly pid: number;
  /** The rows of the screen without blanks at their ends. */
  lines(): string[];
  /** The screen as one text. */
  text(): string;
  cell(x: number, y: number): ScreenCell;
  /** Where a text stands on the screen. Throws with the screen when it does not. */
  find(text: string): { readonly x: number; readonly y: number };
  /** Waits until the screen contains a text, matches, or satisfies a condition. Throws with the screen when it never does. */
  until(wanted: string | RegExp | ((screen: string) => boolean), milliseconds?: number): Promise<void>;
  /** Types text, or keys by name: press('j', 'Enter', 'Ctrl+C'). */
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
  kill(signal: NodeJS.Signals): void;
  /** True while the program uses the alternate screen. */
  readonly alternate: boolean;
  /** Everything the program wrote, sequences and all. */
  readonly raw: string;
  readonly exited: Promise<{ readonly exitCode: number; readonly signal: number }>;
  /** Ends the program if it still runs. For afterEach. */
  stop(): Promise<void>;
}

const patience = 20_000;
const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'];
const sequences: Readonly<Record<string, string>> = {
  Enter: '\r',
  Escape: '\x1b',
  Tab: '\t',
  'Shift+Tab': '\x1b[Z',
  Space: ' ',
  Backspace: '\x7f',
  Delete: '\x1b[3~',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Right: '\x1b[C',
  Left: '\x1b[D',
  Home: '\x1b[H',
  End: '\x1b[F',
  PageUp: '\x1b[5~',
  PageDown: '\x1b[6~',
};

/** Starts `node <argv>` (or another program) in a terminal of 80×24. The environment is bare unless given. */
export function launch(argv: readonly string[], options: LaunchOptions = {}): TestTerminal {
  const { columns = 80, rows = 24, program = process.execPath } = options;
  const environment: Record<string, string> = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };
  for (const name of kept) if (process.env[name] !== undefined) environment[name] = process.env[name];
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  return new PseudoTerminal(program, argv, columns, rows, environment, options.cwd ?? process.cwd());
}

class PseudoTerminal implements TestTerminal {
  readonly exited: Promise<{ exitCode: number; signal: number }>;
  readonly #process: ReturnType<typeof spawn>;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #watchers = new Set<() => void>();
  #raw = '';
  #running = true;

  constructor(
    program: string,
    argv: readonly string[],
    columns: number,
    rows: number,
    env: Record<string, string>,
    cwd: string,
  ) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.#process = spawn(program, [...argv], { cols: columns, rows, env, cwd });
    this.#process.onData(data => {
      this.#raw += data;
      this.#screen.write(data, () => this.#look());
    });
    // What the emulator answers to questions of the program.
    this.#screen.onData(data => {
      if (this.#running) this.#process.write(data);
    });
    this.exited = new Promise(resolve => {
      this.#process.onExit(({ exitCode, signal }) => {
        this.#running = false;
        // The last output may still be on its way through the emulator.
        this.#screen.write('', () => {
          this.#look();
          resolve({ exitCode, signal: signal ?? 0 });
        });
      });
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get alternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  get raw(): string {
    return this.#raw;
  }

  lines(): string[] {
    return Array.from({ length: this.#screen.rows }, (_, y) => this.#line(y)?.translateToString(true) ?? '');
  }

  text(): string {
    return this.lines().join('\n');
  }

  cell(x: number, y: number): ScreenCell {
    const cell = this.#line(y)?.getCell(x);
    if (cell === undefined) throw new Error(`There is no cell ${x}, ${y} on the screen`);
    return {
      text: cell.getChars(),
      width: cell.getWidth(),
      fg: cell.isFgDefault() ? null : cell.getFgColor(),
      bg: cell.isBgDefault() ? null : cell.getBgColor(),
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      inverse: cell.isInverse() !== 0,
      underline: cell.isUnderline() !== 0,
    };
  }

  find(text: string): { x: number; y: number } {
    const lines = this.lines();
    const y = lines.findIndex(line => line.includes(text));
    if (y < 0) throw new Error(`“${text}” is not on the screen:\n${this.#framed()}`);
    const before = (lines[y] ?? '').slice(0, (lines[y] ?? '').indexOf(text));
    return { x: this.#columnsOf(before, y), y };
  }

  until(
    wanted: string | RegExp | ((screen: string) => boolean),
    milliseconds: number = patience,
  ): Promise<void> {
    const holds = (): boolean => {
      const screen = this.text();
      if (typeof wanted === 'string') return screen.includes(wanted);
      return wanted instanceof RegExp ? wanted.test(screen) : wanted(screen);
    };
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (problem?: string): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        if (problem === undefined) resolve();
        else reject(new Error(`${problem} ${String(wanted)}; the screen:\n${this.#framed()}`));
      };
      const watcher = (): void => {
        if (holds()) finish();
        else if (!this.#running) finish('The program ended before the screen showed');
      };
      const timer = setTimeout(finish, milliseconds, `After ${milliseconds} ms the screen does not show`);
      this.#watchers.add(watcher);
    });
  }

  press(...keys: string[]): void {
    for (const key of keys) this.#process.write(keySequence(key));
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#process.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#process.kill('SIGKILL');
    await this.exited;
  }

  #line(y: number) {
    const buffer = this.#screen.buffer.active;
    return buffer.getLine(buffer.viewportY + y);
  }

  #columnsOf(text: string, y: number): number {
    let column = 0;
    for (let taken = ''; taken.length < text.length; column++) {
      const cell = this.#line(y)?.getCell(column);
      if (cell === undefined) break;
      if (cell.getWidth() > 0) taken += cell.getChars() || ' ';
    }
    return column;
  }

  #framed(): string {
    const rule = '─'.repeat(this.#screen.cols);
    return `┌${rule}┐\n${this.lines()
      .map(line => `│${line}`)
      .join('\n')}\n└${rule}┘`;
  }

  #look(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function keySequence(key: string): string {
  const named = sequences[key];
  if (named !== undefined) return named;
  const control = /^Ctrl\+([A-Za-z])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.toUpperCase().charCodeAt(0) - 64);
  return key;
}
