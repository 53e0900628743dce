import type { Line, Look, Span } from './line.ts';
import { charsOf, textWidth } from './text.ts';

/** A sheet to draw on in any order, cell by cell; what lies outside is dropped. */
export class Sketch {
  readonly width: number;
  readonly height: number;
  private readonly chars: string[];
  private readonly looks: Look[];

  constructor(width: number, height: number) {
    this.width = Math.max(0, width);
    this.height = Math.max(0, height);
    this.chars = new Array(this.width * this.height).fill(' ');
    this.looks = new Array(this.width * this.height).fill('plain');
  }

  put(x: number, y: number, text: string, look: Look = 'plain'): void {
    if (y < 0 || y >= this.height) return;
    let column = x;
    // One character that is one cell needs no taking apart: most of a drawing is lines.
    for (const char of text.length === 1 ? text : charsOf(text)) {
      const cells = textWidth(char);
      if (column >= 0 && column + cells <= this.width) {
        this.chars[y * this.width + column] = char;
        this.looks[y * this.width + column] = look;
        if (cells === 2) this.chars[y * this.width + column + 1] = '';
      }
      column += cells;
    }
  }

  charAt(x: number, y: number): string {
    return x < 0 || x >= this.width || y < 0 || y >= this.height
      ? ' '
      : (this.chars[y * this.width + x] ?? ' ');
  }

  lines(): Line[] {
    return Array.from({ length: this.height }, (_, y) => {
      const spans: Span[] = [];
      let text = '';
      let look: Look = 'plain';
      for (let x = 0; x < this.width; x++) {
        const char = this.chars[y * this.width + x] ?? ' ';
        const its = this.looks[y * this.width + x] ?? 'plain';
        if (its !== look && text !== '') {
          spans.push({ text, look });
          text = '';
        }
        look = its;
        text += char;
      }
      if (text.trimEnd() !== '') spans.push({ text: text.trimEnd(), look });
      return spans;
    });
  }
}
