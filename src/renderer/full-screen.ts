import { ansiCells } from './ansi-cells.ts';
import { gridDiff } from './diff.ts';
import { type Frame, frameOf } from './frame.ts';
import { createGrid, type Grid } from './grid.ts';
import { onRepaint } from './repaint.ts';

const beginUpdate = '\x1b[?2026h';
const endUpdate = '\x1b[?2026l';
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';

type Position = { readonly x: number; readonly y: number };
type Terminal = { readonly columns?: number; readonly rows?: number; write(text: string): unknown };

/** Draws frames on a terminal that is all ours, and remembers what it shows. */
export class FullScreen {
  readonly #terminal: Terminal;
  readonly #stopRepainting: () => void;
  #shown: Grid | undefined;
  #frame: Frame | undefined;
  #cursor: Position | undefined;
  #frames = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#stopRepainting = onRepaint(() => this.repaint());
  }

  /** How many frames reached the terminal, for measurements. */
  get frames(): number {
    return this.#frames;
  }

  /** Shows a frame by its text, with the cursor there if a position is given. */
  show(text: string, cursor: Position | undefined): void {
    this.#frame = frameOf(text);
    this.#draw(this.#frame?.current ?? textGrid(text, this.#columns()), cursor);
  }

  /** Paints the canvases of the frame on the screen that show something else by now. */
  repaint(): void {
    if (this.#frame === undefined || this.#shown === undefined) return;
    this.#draw(this.#frame.repaint(), this.#cursor);
  }

  /** The terminal may show anything now: the next frame is drawn whole. */
  forget(): void {
    this.#shown = undefined;
  }

  /** Draws the last frame again, every cell of it. */
  redraw(): void {
    this.forget();
    if (this.#frame !== undefined) this.#draw(this.#frame.repaint(), this.#cursor);
  }

  close(): void {
    this.#stopRepainting();
    this.#frame = undefined;
  }

  #columns(): number {
    return this.#terminal.columns ?? 80;
  }

  #draw(picture: Grid, cursor: Position | undefined): void {
    const width = this.#columns();
    const height = this.#terminal.rows ?? 24;
    const grid =
      picture.width === width && picture.height === height ? picture : fitted(picture, width, height);
    if (this.#shown !== undefined && (this.#shown.width !== width || this.#shown.height !== height))
      this.forget();
    const cells = gridDiff(this.#shown, grid);
    const moved = cursorMove(this.#cursor, cursor, cells !== '');
    this.#cursor = cursor;
    if (cells === '' && moved === '') return;
    this.#frames++;
    this.#terminal.write(beginUpdate + cells + moved + endUpdate);
    this.#shown ??= createGrid(width, height);
    this.#shown.characters.set(grid.characters);
    this.#shown.styles.set(grid.styles);
  }
}

function cursorMove(before: Position | undefined, after: Position | undefined, drawn: boolean): string {
  if (after === undefined) return before === undefined ? '' : hideCursor;
  if (!drawn && before?.x === after.x && before.y === after.y) return '';
  return `\x1b[${after.y + 1};${after.x + 1}H${showCursor}`;
}

/** A picture drawn for another size, cut or filled up: shown for the one frame until the layout follows a resize. */
function fitted(picture: Grid, width: number, height: number): Grid {
  const grid = createGrid(width, height);
  const columns = Math.min(width, picture.width);
  for (let row = 0; row < Math.min(height, picture.height); row++) {
    const from = row * picture.width;
    grid.characters.set(picture.characters.subarray(from, from + columns), row * width);
    grid.styles.set(picture.styles.subarray(from, from + columns), row * width);
  }
  return grid;
}

function textGrid(text: string, width: number): Grid {
  const lines = ansiCells(text);
  const grid = createGrid(width, lines.length);
  for (const [row, line] of lines.entries()) {
    const columns = Math.min(width, line.length);
    grid.characters.set(line.characters.subarray(0, columns), row * width);
    grid.styles.set(line.styles.subarray(0, columns), row * width);
  }
  return grid;
}
