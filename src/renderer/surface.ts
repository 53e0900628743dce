import { blank, type CellCode, clusterCells, eachCluster, rightHalf, standsAlone } from './character.ts';
import type { Grid } from './grid.ts';
import { plain, type StyleId } from './style.ts';

/** A rectangle of cells to paint on. Positions start at 0, 0; whatever falls outside is cut off. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Writes one line of text without ANSI sequences. Returns the column after it, also when it was cut off. */
  put(x: number, y: number, text: string, style?: StyleId): number;
  /** Fills a rectangle with one narrow character (default: blanks). */
  fill(x: number, y: number, width: number, height: number, style?: StyleId, character?: string): void;
  /** Changes how cells look and leaves what they hold: a selected row, a highlighted column. */
  restyle(x: number, y: number, width: number, height: number, style: StyleId): void;
  /** A part of this surface with its own 0, 0. */
  inset(x: number, y: number, width: number, height: number): Surface;
}

/** Which cells of a grid belong to whom; a surface paints only cells of its own owner. */
export type Owners = { readonly cells: Uint16Array; readonly owner: number };

/** The surface over a rectangle of a grid. With `owners`, cells somebody else drew over stay as they are. */
export function createSurface(
  grid: Grid,
  rectangle: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } = {
    x: 0,
    y: 0,
    width: grid.width,
    height: grid.height,
  },
  owners?: Owners,
): Surface {
  return new GridSurface(grid, rectangle.x, rectangle.y, rectangle.width, rectangle.height, owners);
}

class GridSurface implements Surface {
  readonly width: number;
  readonly height: number;
  readonly #grid: Grid;
  readonly #left: number;
  readonly #top: number;
  readonly #owners: Owners | undefined;
  /** Columns of this surface that lie on the grid: [from, to). */
  readonly #from: number;
  readonly #to: number;

  constructor(
    grid: Grid,
    left: number,
    top: number,
    width: number,
    height: number,
    owners: Owners | undefined,
    from = Math.max(0, -left),
    to = Math.min(width, grid.width - left),
  ) {
    this.#grid = grid;
    this.#left = left;
    this.#top = top;
    this.width = Math.max(0, width);
    this.height = Math.max(0, height);
    this.#owners = owners;
    this.#from = from;
    this.#to = to;
  }

  put(x: number, y: number, text: string, style: StyleId = plain): number {
    const visible = this.#hasRow(y);
    const length = text.length;
    for (let index = 0; index < length; ) {
      const code = text.charCodeAt(index);
      const next = index + 1 < length ? text.charCodeAt(index + 1) : 0;
      if (standsAlone(code, next)) {
        if (visible) this.#set(x, y, code, style);
        x++;
        index++;
        continue;
      }
      const end = endOfRun(text, index);
      x = this.#putClusters(x, y, text.slice(index, end), style, visible);
      index = end;
    }
    return x;
  }

  #putClusters(x: number, y: number, text: string, style: StyleId, visible: boolean): number {
    let column = x;
    eachCluster(text, segment => {
      const cells = clusterCells(segment);
      if (visible) this.#setCluster(column, y, cells, style);
      column += cells.length;
    });
    return column;
  }

  fill(x: number, y: number, width: number, height: number, style: StyleId = plain, character = ' '): void {
    const code = clusterCells(character)[0] ?? blank;
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      if (!this.#hasRow(row)) continue;
      for (let column = x; column < x + width; column++) this.#set(column, row, code, style);
    }
  }

  restyle(x: number, y: number, width: number, height: number, style: StyleId): void {
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      if (!this.#hasRow(row)) continue;
      for (let column = Math.max(this.#from, x); column < Math.min(this.#to, x + width); column++) {
        const index = this.#index(column, row);
        if (this.#owns(index)) this.#grid.styles[index] = style;
      }
    }
  }

  inset(x: number, y: number, width: number, height: number): Surface {
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const right = Math.min(this.width, x + width);
    const bottom = Math.min(this.height, y + height);
    return new GridSurface(
      this.#grid,
      this.#left + left,
      this.#top + top,
      right - left,
      bottom - top,
      this.#owners,
      Math.max(0, this.#from - left),
      Math.min(right - left, this.#to - left),
    );
  }

  #hasRow(y: number): boolean {
    const row = this.#top + y;
    return y >= 0 && y < this.height && row >= 0 && row < this.#grid.height;
  }

  #index(x: number, y: number): number {
    return (this.#top + y) * this.#grid.width + this.#left + x;
  }

  #owns(index: number): boolean {
    return this.#owners === undefined || this.#owners.cells[index] === this.#owners.owner;
  }

  #canDraw(x: number, y: number): boolean {
    return x >= this.#from && x < this.#to && this.#owns(this.#index(x, y));
  }

  #set(x: number, y: number, code: CellCode, style: StyleId): void {
    if (!this.#canDraw(x, y)) return;
    const { characters, styles } = this.#grid;
    const index = this.#index(x, y);
    // Overwriting one half of a wide character blanks the other.
    if (characters[index] === rightHalf && x > 0) characters[index - 1] = blank;
    if ((this.#left + x + 1) % this.#grid.width !== 0 && characters[index + 1] === rightHalf) {
      characters[index + 1] = blank;
    }
    characters[index] = code;
    styles[index] = style;
  }

  #setCluster(x: number, y: number, cells: readonly CellCode[], style: StyleId): void {
    const [code = blank, second] = cells;
    if (second !== rightHalf) {
      for (const [offset, part] of cells.entries()) this.#set(x + offset, y, part, style);
      return;
    }
    const fits = this.#canDraw(x, y) && this.#canDraw(x + 1, y);
    this.#set(x, y, fits ? code : blank, style);
    this.#set(x + 1, y, blank, style);
    if (fits) this.#grid.characters[this.#index(x + 1, y)] = rightHalf;
    for (let offset = 2; offset < cells.length; offset++) this.#set(x + offset, y, blank, style);
  }
}

/** Where the characters that need looking up end: at the next plain character that nothing joins. */
function endOfRun(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length) {
    const next = end + 1 < text.length ? text.charCodeAt(end + 1) : 0;
    if (standsAlone(text.charCodeAt(end), next) && text.charCodeAt(end) < 0x80 && isSpace(text, end)) break;
    end++;
  }
  return end;
}

/** A blank never joins what stands before it, so a run may end there. */
function isSpace(text: string, index: number): boolean {
  return text.charCodeAt(index) === 32;
}
