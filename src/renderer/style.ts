import { type Colour, colourCodes } from './colour.ts';
import { type ColourDepth, colourDepth } from './colour-depth.ts';

declare const styleMark: unique symbol;
/** A look that was seen before has the same number, so two cells look alike when their numbers are equal. */
export type StyleId = number & { readonly [styleMark]: true };

export type Look = {
  readonly fg?: Colour | undefined;
  readonly bg?: Colour | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly strikethrough?: boolean | undefined;
};

/** Bits of the attributes a cell can have, in the order they are switched on. */
export const attribute = {
  bold: 1,
  dim: 2,
  italic: 4,
  underline: 8,
  inverse: 16,
  hidden: 32,
  strikethrough: 64,
  overline: 128,
} as const;

/** A style as the terminal is told it: SGR parameters (`31`, `38;5;200`), attribute bits, an OSC 8 opener. */
export type SgrStyle = {
  readonly foreground: string;
  readonly background: string;
  readonly attributes: number;
  readonly link: string;
};

const plainStyle: SgrStyle = { foreground: '', background: '', attributes: 0, link: '' };
const styles: SgrStyle[] = [plainStyle];
const identifiers = new Map<string, StyleId>();
const transitions = new Map<number, string>();
let depth: ColourDepth = colourDepth(process.env);

/** No colour, no attribute. */
export const plain: StyleId = internStyle(plainStyle);

/** The number of a look. Cheap, but meant to be called once per look (at module level or in a theme), not per cell. */
export function style(look: Look): StyleId {
  return internStyle({
    foreground: look.fg === undefined ? '' : colourCodes(look.fg, depth, 'foreground'),
    background: look.bg === undefined ? '' : colourCodes(look.bg, depth, 'background'),
    attributes:
      (look.bold ? attribute.bold : 0) |
      (look.dim ? attribute.dim : 0) |
      (look.italic ? attribute.italic : 0) |
      (look.underline ? attribute.underline : 0) |
      (look.inverse ? attribute.inverse : 0) |
      (look.strikethrough ? attribute.strikethrough : 0),
    link: '',
  });
}

/** Colours of later `style` calls are written at this depth; styles made before keep theirs. */
export function setColourDepth(newDepth: ColourDepth): void {
  depth = newDepth;
}

/** The number of a style read from ANSI text. With 65,536 styles alive the next one is drawn plain. */
export function internStyle(wanted: SgrStyle): StyleId {
  const key = `${wanted.foreground}|${wanted.background}|${wanted.attributes}|${wanted.link}`;
  let id = identifiers.get(key);
  if (id === undefined) {
    if (styles.length > 0xffff) return plain;
    id = (identifiers.size === 0 ? 0 : styles.length) as StyleId;
    styles[id] = wanted;
    identifiers.set(key, id);
  }
  return id;
}

export function sgrStyle(id: number): SgrStyle {
  return styles[id] ?? plainStyle;
}

/** What to write so that text after it looks like `to` when text before it looked like `from`. */
export function transition(from: number, to: number): string {
  if (from === to) return '';
  const key = from * 0x10000 + to;
  let written = transitions.get(key);
  if (written === undefined) {
    const { link, parameters } = describeTransition(sgrStyle(from), sgrStyle(to));
    written = parameters.length === 0 ? link : `${link}\x1b[${parameters.join(';')}m`;
    transitions.set(key, written);
  }
  return written;
}

/** The same with a sequence of its own for every parameter: what a colouring function looks for in the text it is given. */
export function spelledTransition(from: number, to: number): string {
  if (from === to) return '';
  const { link, parameters } = describeTransition(sgrStyle(from), sgrStyle(to));
  return link + parameters.map(parameter => `\x1b[${parameter}m`).join('');
}

const switches: readonly (readonly [bit: number, on: string, off: string])[] = [
  [attribute.bold, '1', '22'],
  [attribute.dim, '2', '22'],
  [attribute.italic, '3', '23'],
  [attribute.underline, '4', '24'],
  [attribute.inverse, '7', '27'],
  [attribute.hidden, '8', '28'],
  [attribute.strikethrough, '9', '29'],
  [attribute.overline, '53', '55'],
];
const boldAndDim = attribute.bold | attribute.dim;

function describeTransition(
  from: SgrStyle,
  to: SgrStyle,
): { readonly link: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  let lit = from.attributes;
  for (const [bit, , off] of switches) {
    if ((lit & bit) === 0 || (to.attributes & bit) !== 0) continue;
    parameters.push(off);
    // SGR 22 ends bold and dim together.
    lit &= bit & boldAndDim ? ~boldAndDim : ~bit;
  }
  for (const [bit, on] of switches) {
    if ((to.attributes & bit) !== 0 && (lit & bit) === 0) parameters.push(on);
  }
  if (from.foreground !== to.foreground) parameters.push(to.foreground || '39');
  if (from.background !== to.background) parameters.push(to.background || '49');
  return { link: from.link === to.link ? '' : to.link || '\x1b]8;;\x07', parameters };
}
