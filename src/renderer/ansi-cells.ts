import { type CellCode, clusterCells, eachCluster, standsAlone } from './character.ts';
import { cellsText } from './grid.ts';
import { attribute, internStyle, type SgrStyle, spelledTransition } from './style.ts';

/** One line of text as cells. */
export type CellLine = {
  readonly length: number;
  readonly characters: Int32Array;
  readonly styles: Uint16Array;
};

/** ANSI text → lines of cells. Styles carry over line ends; control characters and unknown sequences take no cell. */
export function ansiCells(text: string): readonly CellLine[] {
  let known = young.get(text);
  if (known !== undefined) return known;
  known = old.get(text) ?? new AnsiReader(text).lines();
  young.set(text, known);
  if (young.size > 4096) {
    old = young;
    young = new Map();
  }
  return known;
}

/** The text of a line of cells for somebody who will read its sequences, blanks at its end included. */
export function cellLineText(line: CellLine): string {
  return cellsText(line.characters, line.styles, 0, line.length, true, spelledTransition);
}

// Two generations: what was used recently survives the turn-over, the rest goes.
let young = new Map<string, readonly CellLine[]>();
let old = new Map<string, readonly CellLine[]>();

// One growing scratch line for all readers; they never run inside each other.
let scratchCharacters = new Int32Array(1024);
let scratchStyles = new Uint16Array(1024);

class AnsiReader {
  readonly #text: string;
  readonly #lines: CellLine[] = [];
  #length = 0;
  #look: SgrStyle = { foreground: '', background: '', attributes: 0, link: '' };
  #style = 0;

  constructor(text: string) {
    this.#text = text;
  }

  lines(): readonly CellLine[] {
    const text = this.#text;
    for (let index = 0; index < text.length; ) {
      const code = text.charCodeAt(index);
      const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
      if (standsAlone(code, next)) {
        this.#push(code);
        index++;
      } else if (code === 0x0a) {
        this.#endLine();
        index++;
      } else if (code === 0x1b) {
        index = this.#sequence(index, next);
      } else if (code < 0x20 || code === 0x7f) {
        index++;
      } else {
        index = this.#unusualRun(index);
      }
    }
    this.#endLine();
    return this.#lines;
  }

  #push(code: CellCode): void {
    if (this.#length === scratchCharacters.length) growScratch();
    scratchCharacters[this.#length] = code;
    scratchStyles[this.#length++] = this.#style;
  }

  #endLine(): void {
    this.#lines.push({
      length: this.#length,
      characters: scratchCharacters.slice(0, this.#length),
      styles: scratchStyles.slice(0, this.#length),
    });
    this.#length = 0;
  }

  #unusualRun(start: number): number {
    let end = start + 1;
    while (end < this.#text.length) {
      const code = this.#text.charCodeAt(end);
      if (code === 0x1b || code === 0x0a || code === 0x20) break;
      end++;
    }
    eachCluster(this.#text.slice(start, end), segment => {
      for (const cell of clusterCells(segment)) this.#push(cell);
    });
    return end;
  }

  #sequence(start: number, introducer: number): number {
    if (introducer === 0x5b) return this.#controlSequence(start);
    if (introducer === 0x5d) return this.#operatingSystemCommand(start);
    return start + 1;
  }

  #controlSequence(start: number): number {
    let end = start + 2;
    while (end < this.#text.length && this.#text.charCodeAt(end) < 0x40) end++;
    if (this.#text[end] === 'm') {
      this.#look = selectGraphics(this.#look, this.#text.slice(start + 2, end));
      this.#style = internStyle(this.#look);
    }
    return end + 1;
  }

  #operatingSystemCommand(start: number): number {
    const bell = this.#text.indexOf('\x07', start);
    const terminator = this.#text.indexOf('\x1b\\', start);
    const endsWithBell = bell >= 0 && (terminator < 0 || bell < terminator);
    if (!endsWithBell && terminator < 0) return this.#text.length;
    const end = endsWithBell ? bell + 1 : terminator + 2;
    const link = /^\x1b\]8;[^;]*;(.*?)(?:\x07|\x1b\\)$/s.exec(this.#text.slice(start, end));
    if (link !== null) {
      this.#look = { ...this.#look, link: link[1] === '' ? '' : link[0] };
      this.#style = internStyle(this.#look);
    }
    return end;
  }
}

function growScratch(): void {
  const characters = new Int32Array(scratchCharacters.length * 2);
  characters.set(scratchCharacters);
  scratchCharacters = characters;
  const styles = new Uint16Array(scratchStyles.length * 2);
  styles.set(scratchStyles);
  scratchStyles = styles;
}

const switchedOn: Readonly<Record<number, number>> = {
  1: attribute.bold,
  2: attribute.dim,
  3: attribute.italic,
  4: attribute.underline,
  7: attribute.inverse,
  8: attribute.hidden,
  9: attribute.strikethrough,
  53: attribute.overline,
};
const switchedOff: Readonly<Record<number, number>> = {
  22: attribute.bold | attribute.dim,
  23: attribute.italic,
  24: attribute.underline,
  27: attribute.inverse,
  28: attribute.hidden,
  29: attribute.strikethrough,
  55: attribute.overline,
};

/** Select Graphic Rendition (ECMA-48 8.3.117), with the 38 and 48 colour forms of ISO 8613-6. */
function selectGraphics(look: SgrStyle, written: string): SgrStyle {
  let { foreground, background, attributes } = look;
  const parameters = written.split(/[;:]/).map(Number);
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index] ?? 0;
    const on = switchedOn[parameter];
    const off = switchedOff[parameter];
    if (parameter === 0) {
      foreground = background = '';
      attributes = 0;
    } else if (on !== undefined) attributes |= on;
    else if (off !== undefined) attributes &= ~off;
    else if (parameter === 39) foreground = '';
    else if (parameter === 49) background = '';
    else if (parameter === 38 || parameter === 48) {
      const form = parameters.slice(index, index + (parameters[index + 1] === 5 ? 3 : 5));
      if (parameter === 38) foreground = form.join(';');
      else background = form.join(';');
      index += form.length - 1;
    } else if (isNamed(parameter, 30)) foreground = String(parameter);
    else if (isNamed(parameter, 40)) background = String(parameter);
  }
  return { foreground, background, attributes, link: look.link };
}

function isNamed(parameter: number, base: 30 | 40): boolean {
  return (parameter >= base && parameter < base + 8) || (parameter >= base + 60 && parameter < base + 68);
}
