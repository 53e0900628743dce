import { writeSync } from 'node:fs';
import { enterScreen, leaveScreen, mouseOff, mouseOn } from './terminal-modes.ts';

// Ink redraws whole frames after a resize and on its way out with these words in front; such frames are drawn cell by cell.
const inkWholeFrame = '\x1b[1;1H\x1b[J';
const inkAlternateScreen = /\x1b\[\?1049[hl]/g;

/** The terminal as it is written to: entered once, left once, silent while it is not ours. */
export class TerminalOutput {
  /** What Ink is given for stdout. */
  readonly stream: NodeJS.WriteStream;
  readonly #stdout: NodeJS.WriteStream;
  #ours = false;
  #mouse = false;

  /** `drawsFrames`: frames come through `write`, so what Ink writes of them itself is dropped. */
  constructor(stdout: NodeJS.WriteStream, drawsFrames: boolean) {
    this.#stdout = stdout;
    this.stream = new Proxy(stdout, {
      get: (target, name) => {
        if (name === 'write')
          return (text: string, ...rest: unknown[]) => this.#fromInk(text, rest, drawsFrames);
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  get columns(): number {
    return this.#stdout.columns || 80;
  }

  get rows(): number {
    return this.#stdout.rows || 24;
  }

  write(text: string): void {
    if (this.#ours) this.#stdout.write(text);
  }

  /** `entered`: somebody has switched to the alternate screen for us, and painted it. */
  enter(entered = false): void {
    if (this.#ours) return;
    this.#ours = true;
    if (!entered) this.write(enterScreen);
    if (this.#mouse) this.write(mouseOn);
  }

  /** Written past the stream to standard output, so that it gets out even while the process ends. */
  leave(): void {
    if (!this.#ours) return;
    this.#ours = false;
    try {
      writeSync(1, leaveScreen);
    } catch {
      // The terminal is gone; there is nothing to restore.
    }
  }

  setMouse(on: boolean): void {
    this.#mouse = on;
    this.write(on ? mouseOn : mouseOff);
  }

  #fromInk(text: string, rest: readonly unknown[], drawsFrames: boolean): boolean {
    const callback = rest.find(argument => typeof argument === 'function') as (() => void) | undefined;
    const kept =
      !this.#ours || (drawsFrames && text.startsWith(inkWholeFrame))
        ? ''
        : text.replace(inkAlternateScreen, '');
    if (kept !== '' || callback !== undefined) return this.#stdout.write(kept, callback);
    return true;
  }
}
