import { blank, type CellCode, characterText, rightHalf } from './character.ts';
import type { Grid } from './grid.ts';
import { transition } from './style.ts';

/** Rewriting this many unchanged cells is not dearer than moving the cursor over them. */
const shortGap = 4;

/**
 * What to write to a terminal that shows `before` so that it shows `after`: empty when they are alike. Without `before`
 * every row is drawn. Expects autowrap off, writes absolute positions, leaves the plain style and the cursor anywhere.
 */
export function gridDiff(before: Grid | undefined, after: Grid): string {
  const pen = new Pen(after);
  for (let row = 0; row < after.height; row++) {
    if (before === undefined) pen.drawRow(row);
    else updateRow(pen, before, after, row);
  }
  return pen.finish();
}

function updateRow(pen: Pen, before: Grid, after: Grid, row: number): void {
  const { width } = after;
  const start = row * width;
  for (let column = 0; column < width; ) {
    if (sameCell(before, after, start + column)) {
      column++;
      continue;
    }
    const from = column;
    let to = column + 1;
    for (let scan = to; scan < width && scan - to < shortGap; scan++)
      if (!sameCell(before, after, start + scan)) to = scan + 1;
    if (pen.drawCells(row, from, to)) return;
    column = to;
  }
}

function sameCell(before: Grid, after: Grid, index: number): boolean {
  return before.characters[index] === after.characters[index] && before.styles[index] === after.styles[index];
}

/** Writes cells and knows where the cursor stands and which style is on. */
class Pen {
  readonly #grid: Grid;
  #written = '';
  #style = 0;
  #row = -1;
  /** -1 when the terminal may disagree about where the cursor is. */
  #column = -1;

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  drawRow(row: number): void {
    this.#moveTo(row, 0);
    if (!this.drawCells(row, 0, this.#grid.width)) this.#setStyle(0);
  }

  /** Draws cells [from, to) of a row. True when the rest of the row was blank and is erased now. */
  drawCells(row: number, from: number, to: number): boolean {
    const { width, characters, styles } = this.#grid;
    const start = row * width;
    while (from > 0 && characters[start + from] === rightHalf) from--;
    while (to < width && characters[start + to] === rightHalf) to++;
    let inked = width;
    while (inked > from && characters[start + inked - 1] === blank && styles[start + inked - 1] === 0)
      inked--;
    const erases = inked + 2 < to || (inked < to && to === width);
    const end = erases ? inked : to;
    for (let column = from; column < end; column++) {
      const code = characters[start + column] ?? blank;
      if (code === rightHalf) continue;
      this.#moveTo(row, column);
      this.#setStyle(styles[start + column] ?? 0);
      this.#putCharacter(code, characters[start + column + 1] === rightHalf && column + 1 < width ? 2 : 1);
    }
    if (!erases) return false;
    this.#moveTo(row, end);
    this.#setStyle(0);
    this.#written += '\x1b[K';
    return true;
  }

  finish(): string {
    this.#setStyle(0);
    return this.#written;
  }

  #putCharacter(code: CellCode, width: 1 | 2): void {
    if (code > 0 && code <= 0xffff) {
      this.#written += characterText(code);
      this.#column += width;
      if (this.#column >= this.#grid.width) this.#column = -1;
      return;
    }
    // Terminals may move fewer columns than we count: blank the cells first, and say where we are afterwards.
    this.#written += `${width === 2 ? '  ' : ' '}\x1b[${this.#column + 1}G`;
    this.#written += characterText(code);
    this.#column = -1;
  }

  #setStyle(style: number): void {
    this.#written += transition(this.#style, style);
    this.#style = style;
  }

  #moveTo(row: number, column: number): void {
    if (row === this.#row && column === this.#column) return;
    if (row === this.#row) {
      const forward = column - this.#column;
      if (this.#column >= 0 && forward > 0) this.#written += forward === 1 ? '\x1b[C' : `\x1b[${forward}C`;
      else this.#written += `\x1b[${column + 1}G`;
    } else if (row === this.#row + 1 && column === 0 && this.#row >= 0) {
      this.#written += '\r\n';
    } else {
      this.#written += column === 0 ? `\x1b[${row + 1}H` : `\x1b[${row + 1};${column + 1}H`;
    }
    this.#row = row;
    this.#column = column;
  }
}
