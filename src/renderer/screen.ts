import { constants } from 'node:os';
import { type Instance, render } from 'ink';
import type { ReactNode } from 'react';
import { FullScreen } from './full-screen.ts';
import { drawFullScreen } from './full-screen-streams.ts';
import { takeOverSkeleton } from './skeleton-handover.ts';
import { swap } from './swap.ts';
import { type Heard, type MouseEvent, TerminalInput } from './terminal-input.ts';
import { TerminalOutput } from './terminal-output.ts';

export type { MouseEvent } from './terminal-input.ts';

/** The whole terminal, taken over: alternate screen, raw keys, restored however the program ends. */
export interface Screen {
  /** Shows (or replaces) the Ink tree. Its root should be as large as the terminal (`useWindowSize` of Ink). */
  show(tree: ReactNode): void;
  /** Gives the terminal back. Safe to call twice. Resolves when everything is written. */
  close(): Promise<void>;
  /** Settles when the tree called Ink's exit() or `close` was called; rejects with the error a component threw. */
  readonly closed: Promise<void>;
  /** Draws every cell again (Ctrl+L). */
  redraw(): void;
  /** Mouse reports on or off; off at first, so that text can be selected. */
  setMouse(on: boolean): void;
  onMouse(listener: (event: MouseEvent) => void): () => void;
  /** Lends the terminal to somebody else (a shell, an editor) until the work is done. */
  lend<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Stops the program as Ctrl+Z does; it comes back with `fg`. Ctrl+Z and SIGTSTP do this by themselves. */
  suspend(): void;
  /** Asks the terminal for its background colour; undefined when it does not answer within 100 ms. */
  background(): Promise<'light' | 'dark' | undefined>;
}

export type ScreenOptions = {
  /** SIGTERM, SIGHUP, SIGINT or SIGQUIT came and the terminal is restored. Default: process.exit(128 + number). */
  readonly onSignal?: (signal: NodeJS.Signals) => void;
};

/** Takes the terminal over. Standard input and output must both be terminals. */
export function openScreen(options: ScreenOptions = {}): Screen {
  return new TerminalScreen(options);
}

const endingSignals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;
const answerTime = 100;

class TerminalScreen implements Screen {
  readonly closed: Promise<void>;
  readonly #output: TerminalOutput;
  readonly #input: TerminalInput;
  readonly #cells: FullScreen | undefined;
  readonly #onSignal: (signal: NodeJS.Signals) => void;
  readonly #mouseListeners = new Set<(event: MouseEvent) => void>();
  readonly #replyListeners = new Set<(heard: Heard) => void>();
  #ink: Instance | undefined;
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} };
  #open = true;
  #lent = false;

  constructor({ onSignal }: ScreenOptions) {
    this.#onSignal = onSignal ?? (signal => process.exit(128 + constants.signals[signal]));
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.closed.catch(() => {});
    this.#output = new TerminalOutput(process.stdout, swap.active);
    this.#input = new TerminalInput(process.stdin, heard => this.#hear(heard));
    if (swap.active) {
      this.#cells = new FullScreen(this.#output);
      drawFullScreen(this.#output.stream, this.#cells);
    }
    this.#output.enter(takeOverSkeleton());
    this.#input.start();
    process.on('exit', this.#giveBack);
    for (const signal of endingSignals) process.on(signal, this.#end);
    if (process.platform !== 'win32') {
      process.on('SIGTSTP', this.#suspendNow);
      process.on('SIGCONT', this.#comeBack);
    }
  }

  show(tree: ReactNode): void {
    if (!this.#open) return;
    if (this.#ink !== undefined) {
      this.#ink.rerender(tree);
      return;
    }
    this.#ink = render(tree, {
      stdin: this.#input.stream,
      stdout: this.#output.stream,
      exitOnCtrlC: false,
      interactive: true,
      alternateScreen: true,
      incrementalRendering: true,
      maxFps: 120,
    });
    this.#ink.waitUntilExit().then(
      () => this.#giveBack(),
      error => {
        this.#giveBack();
        this.#settle.reject(error);
      },
    );
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#ink?.unmount();
    this.#giveBack();
  }

  redraw(): void {
    if (this.#cells !== undefined) {
      this.#cells.redraw();
      return;
    }
    // Ink draws a frame it has drawn before only when it was told that the screen is empty, and has reason to draw.
    this.#ink?.clear();
    process.stdout.emit('resize');
  }

  setMouse(on: boolean): void {
    this.#output.setMouse(on);
  }

  onMouse(listener: (event: MouseEvent) => void): () => void {
    this.#mouseListeners.add(listener);
    return () => {
      this.#mouseListeners.delete(listener);
    };
  }

  async lend<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#lent = true;
    this.#leave();
    try {
      return await work();
    } finally {
      this.#lent = false;
      this.#comeBack();
    }
  }

  suspend(): void {
    if (this.#open && process.platform !== 'win32') this.#suspendNow();
  }

  background(): Promise<'light' | 'dark' | undefined> {
    return new Promise(resolve => {
      const done = (answer: 'light' | 'dark' | undefined): void => {
        clearTimeout(timer);
        this.#replyListeners.delete(listener);
        resolve(answer);
      };
      const listener = (heard: Heard): void => {
        if (heard.kind === 'colour' && heard.number === 11) done(brightness(heard.value));
        // Every terminal answers the second question, so this one does not know the first.
        else if (heard.kind === 'reply' && heard.text.endsWith('c')) done(undefined);
      };
      const timer = setTimeout(done, answerTime, undefined);
      this.#replyListeners.add(listener);
      this.#output.write('\x1b]11;?\x07\x1b[c');
    });
  }

  #hear(heard: Heard): void {
    if (heard.kind === 'suspend') this.suspend();
    else if (heard.kind === 'mouse') for (const listener of this.#mouseListeners) listener(heard.event);
    else for (const listener of [...this.#replyListeners]) listener(heard);
  }

  #leave(): void {
    this.#output.leave();
    this.#input.stop();
  }

  readonly #giveBack = (): void => {
    if (!this.#open) return;
    this.#open = false;
    this.#leave();
    this.#cells?.close();
    process.off('exit', this.#giveBack);
    for (const signal of endingSignals) process.off(signal, this.#end);
    process.off('SIGTSTP', this.#suspendNow);
    process.off('SIGCONT', this.#comeBack);
    this.#settle.resolve();
  };

  readonly #end = (signal: NodeJS.Signals): void => {
    this.#giveBack();
    this.#onSignal(signal);
  };

  /** The whole process group stops, so that a shell waiting for `npm start` gets its prompt back. */
  readonly #suspendNow = (): void => {
    this.#leave();
    process.off('SIGTSTP', this.#suspendNow);
    process.kill(0, 'SIGTSTP');
    process.on('SIGTSTP', this.#suspendNow);
    // Nobody stops a process without a shell above it; then this brings the screen back at once.
    setImmediate(this.#comeBack);
  };

  readonly #comeBack = (): void => {
    if (!this.#open || this.#lent) return;
    this.#output.enter();
    this.#input.start();
    this.redraw();
  };
}

/** `rgb:1e1e/1e1e/2e2e` → dark, by ITU-R BT.601 luma. */
function brightness(value: string): 'light' | 'dark' | undefined {
  const parts = /^rgba?:([\da-f]+)\/([\da-f]+)\/([\da-f]+)/i.exec(value);
  if (parts === null) return undefined;
  const [red, green, blue] = parts.slice(1).map(hex => Number.parseInt(hex, 16) / (16 ** hex.length - 1));
  return 0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0) > 0.5 ? 'light' : 'dark';
}
