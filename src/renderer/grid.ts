import { blank, type CellCode, characterText, rightHalf } from './character.ts';
import { transition } from './style.ts';

/** A screenful of cells, row after row: what is in them and how it looks. */
export type Grid = {
  readonly width: number;
  readonly height: number;
  readonly characters: Int32Array;
  readonly styles: Uint16Array;
};

export function createGrid(width: number, height: number): Grid {
  const size = Math.max(0, width) * Math.max(0, height);
  return {
    width: Math.max(0, width),
    height: Math.max(0, height),
    characters: new Int32Array(size).fill(blank),
    styles: new Uint16Array(size),
  };
}

export type CellLook = { readonly code: CellCode; readonly style: number };

/** A row as ANSI text that ends in the plain style, without the blanks at its end (`keepBlanks` keeps them). */
export function rowText(grid: Grid, row: number, keepBlanks = false): string {
  const start = row * grid.width;
  return cellsText(grid.characters, grid.styles, start, start + grid.width, keepBlanks);
}

export function cellsText(
  characters: Int32Array,
  styles: Uint16Array,
  start: number,
  end: number,
  keepBlanks: boolean,
  change: (from: number, to: number) => string = transition,
): string {
  if (!keepBlanks) while (end > start && characters[end - 1] === blank && styles[end - 1] === 0) end--;
  let text = '';
  let current = 0;
  for (let index = start; index < end; index++) {
    const code = characters[index] ?? blank;
    if (code === rightHalf) continue;
    const style = styles[index] ?? 0;
    if (style !== current) {
      text += change(current, style);
      current = style;
    }
    text += characterText(code);
  }
  return current === 0 ? text : text + change(current, 0);
}
