import { createGrid, type Grid, rowText } from './grid.ts';
import { createSurface, type Surface } from './surface.ts';

/** A canvas on a frame: where its box is, and the number its cells carry in `owners`. */
export type FrameCanvas = {
  readonly owner: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly paint: (surface: Surface) => void;
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

  constructor(ground: Grid, owners: Uint16Array, canvases: readonly FrameCanvas[]) {
    this.#ground = ground;
    this.#owners = owners;
    this.#canvases = canvases;
    if (canvases.length === 0) {
      this.grid = ground;
    } else {
      this.grid = createGrid(ground.width, ground.height);
      this.paint(this.grid);
    }
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

  /** Paints the picture with today's data into a grid of the same size. */
  paint(grid: Grid): void {
    grid.characters.set(this.#ground.characters);
    grid.styles.set(this.#ground.styles);
    for (const canvas of this.#canvases) {
      canvas.paint(createSurface(grid, canvas, { cells: this.#owners, owner: canvas.owner }));
    }
  }
}

const frames: Frame[] = [];

/** The frame a text was made from, if it was made lately. Ink appends a line feed to frames that do not fill the screen. */
export function frameOf(text: string): Frame | undefined {
  return frames.find(frame => frame.text === text || `${frame.text}\n` === text);
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
