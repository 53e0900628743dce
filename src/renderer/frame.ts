import { type Grid, rowText } from './grid.ts';
import { createSurface, type Surface } from './surface.ts';

/** A canvas on a frame: where its box is, and the number its cells carry in `owners`. */
export type FrameCanvas = {
  readonly owner: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What it would show now: while that is the same value, its cells stay. Without it, every repaint paints it. */
  readonly look?: (() => unknown) | undefined;
  readonly paint: (surface: Surface, seen: unknown) => void;
  /** Changes what was painted for `before` to what is seen now. False: it cannot, and nothing is changed. */
  readonly update?: ((surface: Surface, seen: unknown, before: unknown) => boolean) | undefined;
};

/** One picture of the screen as Ink laid it out, ready to be painted again when only data changed. */
export class Frame {
  readonly grid: Grid;
  /** The whole picture as ANSI text, rows separated by line feeds: what Ink compares and hands on. */
  readonly text: string;
  readonly #rows: readonly string[];
  /** What Ink drew, without the canvases. */
  readonly #ground: Grid;
  readonly #owners: Uint16Array;
  readonly #canvases: readonly FrameCanvas[];
  /** What each canvas showed when it was painted last. */
  readonly #seen: unknown[];
  #current: Grid;

  constructor(ground: Grid, owners: Uint16Array, canvases: readonly FrameCanvas[]) {
    this.#ground = ground;
    this.#owners = owners;
    this.#canvases = canvases;
    this.#seen = canvases.map(({ look }) => look?.());
    if (canvases.length === 0) {
      this.grid = ground;
    } else {
      this.grid = copyOf(ground);
      for (const [index, canvas] of canvases.entries()) this.#paint(canvas, this.grid, this.#seen[index]);
    }
    this.#current = this.grid;
    const before = frames.find(sameSize(ground));
    this.#rows = Array.from({ length: ground.height }, (_, row) =>
      before !== undefined && rowsEqual(before.grid, this.grid, row)
        ? (before.#rows[row] ?? '')
        : rowText(this.grid, row),
    );
    this.text = this.#rows.join('\n');
    frames.unshift(this);
    frames.length = Math.min(frames.length, 3);
  }

  /** The picture as it was painted last. */
  get current(): Grid {
    return this.#current;
  }

  /** Paints the canvases that show something else by now, and gives the whole picture. */
  repaint(): Grid {
    for (const [index, canvas] of this.#canvases.entries()) {
      const seen = canvas.look?.();
      const before = this.#seen[index];
      if (canvas.look !== undefined && seen === before) continue;
      this.#seen[index] = seen;
      if (this.#current === this.grid) this.#current = copyOf(this.grid);
      if (canvas.update?.(this.#surface(canvas, this.#current), seen, before) === true) continue;
      this.#uncover(canvas, this.#current);
      this.#paint(canvas, this.#current, seen);
    }
    return this.#current;
  }

  #paint(canvas: FrameCanvas, grid: Grid, seen: unknown): void {
    canvas.paint(this.#surface(canvas, grid), seen);
  }

  #surface(canvas: FrameCanvas, grid: Grid): Surface {
    return createSurface(grid, canvas, { cells: this.#owners, owner: canvas.owner });
  }

  /** Takes what a canvas painted away again: there is what Ink drew beneath it. */
  #uncover({ owner, x, y, width, height }: FrameCanvas, grid: Grid): void {
    const left = Math.max(0, x);
    const right = Math.min(grid.width, x + width);
    for (let row = Math.max(0, y); row < Math.min(grid.height, y + height); row++) {
      for (let index = row * grid.width + left; index < row * grid.width + right; index++) {
        if (this.#owners[index] !== owner) continue;
        grid.characters[index] = this.#ground.characters[index] ?? 0;
        grid.styles[index] = this.#ground.styles[index] ?? 0;
      }
    }
  }
}

const frames: Frame[] = [];

/** The frame a text was made from, if it was made lately. Ink appends a line feed to frames that do not fill the screen. */
export function frameOf(text: string): Frame | undefined {
  return frames.find(frame => frame.text === text || `${frame.text}\n` === text);
}

function copyOf({ width, height, characters, styles }: Grid): Grid {
  return { width, height, characters: characters.slice(), styles: styles.slice() };
}

function sameSize(grid: Grid): (frame: Frame) => boolean {
  return frame => frame.grid.width === grid.width && frame.grid.height === grid.height;
}

function rowsEqual(one: Grid, other: Grid, row: number): boolean {
  for (let index = row * one.width; index < (row + 1) * one.width; index++) {
    if (one.characters[index] !== other.characters[index] || one.styles[index] !== other.styles[index]) {
      return false;
    }
  }
  return true;
}
