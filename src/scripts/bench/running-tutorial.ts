import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { flappingLesson, writeFlappingLesson } from './flapping-lesson.ts';
import { mainThreadTime, processorTime, residentMemory } from './process-usage.ts';

const columns = 160;
const rows = 45;
const patience = 60_000;

export type Interval = {
  readonly seconds: number;
  readonly frames: number;
  readonly bytes: number;
  /** Milliseconds. */
  readonly processor: number;
  /** For each frame, milliseconds of processor that its thread used since the frame before: all that led to it. */
  readonly frameCosts: readonly number[];
};

/** The tutorial in a pseudo-terminal of 160×45, on a lesson of the bench's own. */
export class RunningTutorial {
  readonly #process: IPty;
  readonly #screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  readonly #home = mkdtempSync(join(tmpdir(), 'srklab-bench-'));
  readonly #ended: Promise<unknown>;
  #bytes = 0;
  #frames = 0;
  #frameCosts: number[] = [];
  #spentUntilFrame = 0;
  #look: ((arrived: number) => void) | undefined;

  constructor(launcher: string) {
    const lessons = join(this.#home, 'bench-lessons');
    writeFlappingLesson(lessons);
    this.#process = spawn(process.execPath, [launcher, 'learn', flappingLesson, '--lessons', lessons], {
      cols: columns,
      rows,
      cwd: this.#home,
      env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', HOME: this.#home },
    });
    this.#process.onData(data => {
      const arrived = performance.now();
      this.#bytes += Buffer.byteLength(data);
      const frames = data.split('\x1b[?2026l').length - 1;
      this.#frames += frames;
      if (frames > 0) this.#frameEnded();
      this.#screen.write(data, () => this.#look?.(arrived));
    });
    this.#screen.onData(answer => this.#process.write(answer));
    this.#ended = new Promise(resolve => this.#process.onExit(resolve));
  }

  get memory(): number {
    return residentMemory(this.#process.pid);
  }

  press(keys: string): void {
    this.#process.write(keys);
  }

  /** When the bytes arrived that made the screen satisfy a condition. */
  seen(holds: (screen: string) => boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The screen never showed it:\n${this.#text()}`)),
        patience,
      );
      this.#look = arrived => {
        if (!holds(this.#text())) return;
        this.#look = undefined;
        clearTimeout(timer);
        resolve(arrived);
      };
      this.#look(performance.now());
    });
  }

  async watch(milliseconds: number): Promise<Interval> {
    const before = { bytes: this.#bytes, frames: this.#frames, processor: processorTime(this.#process.pid) };
    const started = performance.now();
    this.#frameCosts = [];
    this.#spentUntilFrame = mainThreadTime(this.#process.pid);
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    return {
      frameCosts: this.#frameCosts,
      seconds: (performance.now() - started) / 1000,
      frames: this.#frames - before.frames,
      bytes: this.#bytes - before.bytes,
      processor: processorTime(this.#process.pid) - before.processor,
    };
  }

  async end(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
    rmSync(this.#home, { recursive: true, force: true });
  }

  #frameEnded(): void {
    const spent = mainThreadTime(this.#process.pid);
    this.#frameCosts.push(spent - this.#spentUntilFrame);
    this.#spentUntilFrame = spent;
  }

  #text(): string {
    const buffer = this.#screen.buffer.active;
    return Array.from({ length: rows }, (_, y) => buffer.getLine(y)?.translateToString(true) ?? '').join(
      '\n',
    );
  }
}
