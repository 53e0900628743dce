import { ansiCells, type CellLine, cellLineText } from './ansi-cells.ts';
import { blank, rightHalf } from './character.ts';
import { Frame, type FrameCanvas } from './frame.ts';
import { createGrid, type Grid } from './grid.ts';
import { swap } from './swap.ts';

swap.active = true;

type Transformer = (line: string, index: number) => string;
type Clip = { readonly x1?: number; readonly x2?: number; readonly y1?: number; readonly y2?: number };
type Bounds = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** An element of Ink's tree that carries a `paint` attribute. */
export type CanvasElement = {
  readonly attributes: { readonly [name: string]: unknown };
  readonly yogaNode?: { getComputedWidth(): number; getComputedHeight(): number };
};

type Operation =
  | {
      readonly kind: 'write';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly transformers: readonly Transformer[];
    }
  | { readonly kind: 'canvas'; readonly x: number; readonly y: number; readonly element: CanvasElement }
  | { readonly kind: 'clip'; readonly clip: Clip }
  | { readonly kind: 'unclip' };

/**
 * Takes the place of ink/build/output.js in the bundle: same calls, same picture, but on typed arrays and with what was
 * parsed once remembered across frames. Also takes canvases, which are painted where later writes did not cover them.
 */
export default class Output {
  readonly width: number;
  readonly height: number;
  readonly #operations: Operation[] = [];

  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.width = width;
    this.height = height;
  }

  write(
    x: number,
    y: number,
    text: string,
    options: { readonly transformers: readonly Transformer[] },
  ): void {
    if (text === '') return;
    this.#operations.push({ kind: 'write', x, y, text, transformers: options.transformers });
  }

  canvas(x: number, y: number, element: CanvasElement): void {
    this.#operations.push({ kind: 'canvas', x, y, element });
  }

  clip(clip: Clip): void {
    this.#operations.push({ kind: 'clip', clip });
  }

  unclip(): void {
    this.#operations.push({ kind: 'unclip' });
  }

  get(): { readonly output: string; readonly height: number } {
    const grid = createGrid(this.width, this.height);
    const owners = new Uint16Array(grid.characters.length);
    const canvases: FrameCanvas[] = [];
    const clips: Bounds[] = [{ left: 0, right: grid.width, top: 0, bottom: grid.height }];
    for (const operation of this.#operations) {
      const bounds = clips[clips.length - 1] as Bounds;
      if (operation.kind === 'clip') clips.push(intersect(bounds, operation.clip));
      else if (operation.kind === 'unclip') clips.pop();
      else if (bounds.left >= bounds.right || bounds.top >= bounds.bottom) continue;
      else if (operation.kind === 'write') drawText(grid, owners, operation, bounds);
      else claim(grid, owners, canvases, operation, bounds);
    }
    const frame = new Frame(grid, owners, canvases);
    return { output: frame.text, height: grid.height };
  }
}

/** Absent bounds leave that edge open; nested clips narrow each other. */
function intersect(outer: Bounds, clip: Clip): Bounds {
  return {
    left: Math.max(outer.left, clip.x1 ?? outer.left),
    right: Math.min(outer.right, clip.x2 ?? outer.right),
    top: Math.max(outer.top, clip.y1 ?? outer.top),
    bottom: Math.min(outer.bottom, clip.y2 ?? outer.bottom),
  };
}

function drawText(
  grid: Grid,
  owners: Uint16Array,
  { x, y, text, transformers }: Extract<Operation, { kind: 'write' }>,
  bounds: Bounds,
): void {
  const lines = transformers.length === 0 ? ansiCells(text) : transformed(text, transformers);
  for (const [offset, line] of lines.entries()) {
    const row = y + offset;
    if (row >= bounds.top && row < bounds.bottom) drawLine(grid, owners, line, x, row, bounds);
  }
}

/** Transformers work on one line of text at a time, so styles that span lines are written out on each first. */
function transformed(text: string, transformers: readonly Transformer[]): readonly CellLine[] {
  const lines = text.includes('\x1b') ? ansiCells(text).map(cellLineText) : text.split('\n');
  const cells: CellLine[] = [];
  for (const [index, line] of lines.entries()) {
    const changed = transformers.reduce((text, transform) => transform(text, index), line);
    const [first] = ansiCells(changed);
    if (first !== undefined) cells.push(first);
  }
  return cells;
}

function drawLine(
  grid: Grid,
  owners: Uint16Array,
  line: CellLine,
  x: number,
  row: number,
  bounds: Bounds,
): void {
  const left = Math.max(bounds.left, x);
  const right = Math.min(bounds.right, x + line.length);
  if (left >= right) return;
  const { characters, styles, width } = grid;
  const start = row * width;
  // A wide character that loses one half to this line becomes a blank.
  if (left > 0 && characters[start + left] === rightHalf) characters[start + left - 1] = blank;
  if (right < width && characters[start + right] === rightHalf) characters[start + right] = blank;
  const from = left - x;
  const to = right - x;
  const whole = from === 0 && to === line.length;
  characters.set(whole ? line.characters : line.characters.subarray(from, to), start + left);
  styles.set(whole ? line.styles : line.styles.subarray(from, to), start + left);
  owners.fill(0, start + left, start + right);
  // So does one of this line that is cut in half.
  if (characters[start + left] === rightHalf) characters[start + left] = blank;
  if (to < line.length && line.characters[to] === rightHalf) characters[start + right - 1] = blank;
}

/** A wide character with one half on each side of an edge belongs to nobody: blanks. */
function splitWide({ characters }: Grid, edge: number): void {
  if (characters[edge] !== rightHalf) return;
  characters[edge - 1] = blank;
  characters[edge] = blank;
}

function claim(
  grid: Grid,
  owners: Uint16Array,
  canvases: FrameCanvas[],
  { x, y, element }: Extract<Operation, { kind: 'canvas' }>,
  bounds: Bounds,
): void {
  const { paint, look, update } = element.attributes;
  const width = element.yogaNode?.getComputedWidth() ?? 0;
  const height = element.yogaNode?.getComputedHeight() ?? 0;
  if (typeof paint !== 'function' || !(width > 0) || !(height > 0)) return;
  const owner = canvases.length + 1;
  const left = Math.max(bounds.left, x);
  const right = Math.min(bounds.right, x + width);
  for (let row = Math.max(bounds.top, y); row < Math.min(bounds.bottom, y + height); row++) {
    if (left >= right) continue;
    owners.fill(owner, row * grid.width + left, row * grid.width + right);
    for (const edge of [left, right]) if (edge < grid.width) splitWide(grid, row * grid.width + edge);
  }
  canvases.push({
    owner,
    x,
    y,
    width,
    height,
    look: typeof look === 'function' ? (look as () => unknown) : undefined,
    paint: paint as FrameCanvas['paint'],
    update: typeof update === 'function' ? (update as unknown as FrameCanvas['update']) : undefined,
  });
}
