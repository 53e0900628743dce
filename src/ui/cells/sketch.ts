import {
  blank,
  type CellCode,
  characterText,
  clusterCells,
  rightHalf,
  standsAlone,
} from '../../renderer/character.ts';
import type { Line, Look, Span } from './line.ts';
import { charsOf } from './text.ts';

/** A sheet to draw on in any order, cell by cell; what lies outside is dropped. */
export class Sketch {
  readonly width: number;
  readonly height: number;
  private readonly codes: Int32Array;
  private readonly looks: Look[];
  private drawn: readonly Line[] = [];

  constructor(width: number, height: number) {
    this.width = Math.max(0, width);
    this.height = Math.max(0, height);
    this.codes = new Int32Array(this.width * this.height).fill(blank);
    this.looks = new Array(this.width * this.height).fill('plain');
  }

  put(x: number, y: number, text: string, look: Look = 'plain'): void {
    if (y < 0 || y >= this.height) return;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
      if (!standsAlone(code, next)) {
        this.putClusters(x + index, y, text.slice(index), look);
        return;
      }
      this.set(x + index, y, code, look);
    }
  }

  charAt(x: number, y: number): string {
    return x < 0 || x >= this.width || y < 0 || y >= this.height
      ? ' '
      : textOf(this.codes[y * this.width + x] ?? blank);
  }

  /** The drawing, row by row; rows that `before` has too are given as it gave them. */
  lines(before?: Sketch): readonly Line[] {
    const same = before?.width === this.width && before.height === this.height ? before : undefined;
    const drawn: Line[] = [];
    for (let y = 0; y < this.height; y++) {
      const known = same?.drawn[y];
      drawn.push(same !== undefined && known !== undefined && this.sameRow(same, y) ? known : this.line(y));
    }
    this.drawn = drawn;
    return drawn;
  }

  private sameRow(other: Sketch, y: number): boolean {
    for (let index = y * this.width; index < (y + 1) * this.width; index++) {
      if (this.codes[index] !== other.codes[index] || this.looks[index] !== other.looks[index]) return false;
    }
    return true;
  }

  private line(y: number): Line {
    const start = y * this.width;
    let end = start + this.width;
    while (end > start && this.codes[end - 1] === blank) end--;
    const spans: Span[] = [];
    for (let from = start; from < end; ) {
      const look = this.looks[from] ?? 'plain';
      let text = '';
      let to = from;
      for (; to < end && this.looks[to] === look; to++) text += textOf(this.codes[to] ?? blank);
      spans.push({ text, look });
      from = to;
    }
    return spans;
  }

  private putClusters(x: number, y: number, text: string, look: Look): void {
    let column = x;
    for (const char of charsOf(text)) {
      const cells = clusterCells(char);
      if (column >= 0 && column + cells.length <= this.width)
        for (const [offset, code] of cells.entries()) this.set(column + offset, y, code, look);
      column += cells.length;
    }
  }

  private set(x: number, y: number, code: CellCode, look: Look): void {
    if (x < 0 || x >= this.width) return;
    this.codes[y * this.width + x] = code;
    this.looks[y * this.width + x] = look;
  }
}

const texts = new Map<CellCode, string>();

function textOf(code: CellCode): string {
  if (code === rightHalf) return '';
  let text = texts.get(code);
  if (text === undefined) {
    text = characterText(code);
    texts.set(code, text);
  }
  return text;
}
