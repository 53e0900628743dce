import type { ReactNode } from 'react';

/** A mouse report: columns and rows start at 0. `wheel` is -1 (up), 1 (down) or 0. */
export type MouseEvent = {
  readonly x: number;
  readonly y: number;
  readonly button: 'left' | 'middle' | 'right' | 'none';
  readonly wheel: -1 | 0 | 1;
  readonly kind: 'press' | 'release' | 'drag' | 'wheel';
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
};

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
  /** Stops the program as Ctrl+Z does and comes back with `fg`. Ctrl+Z and SIGTSTP do this by themselves. */
  suspend(): void;
  /** Asks the terminal for its background colour; undefined when it does not answer within 100 ms. */
  background(): Promise<'light' | 'dark' | undefined>;
}

export type ScreenOptions = {
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  /** SIGTERM, SIGHUP, SIGINT, SIGQUIT after the terminal was restored. Default: process.exit(128 + number). */
  readonly onSignal?: (signal: NodeJS.Signals) => void;
};

export declare function openScreen(options?: ScreenOptions): Screen;
