import { charsOf, clipText, textWidth } from './text.ts';

/** What a piece of text means; `theme.ts` says how that looks. */
export type Look =
  | 'plain'
  /** What is not asked about. */
  | 'dim'
  | 'strong'
  | 'accent'
  | 'title'
  | 'border'
  | 'border-focus'
  | 'up'
  | 'pending'
  | 'down'
  | 'changed'
  | 'chosen'
  | 'code'
  | 'emphasis'
  | 'link'
  | 'key'
  | 'column'
  /** Text on the bar at the very top. */
  | 'bar'
  | 'bar-strong'
  | 'bar-warning'
  | 'input'
  | 'cursor'
  | 'track'
  /** The one that keys act on. */
  | 'selected';

export type Span = { readonly text: string; readonly look: Look };

/** One row of cells from the left; what it does not cover is blank. */
export type Line = readonly Span[];

export const blank: Line = [];

export function span(text: string, look: Look = 'plain'): Span {
  return { text, look };
}

/** A line out of texts and spans; a bare text is plain. */
export function line(...parts: readonly (string | Span | Line)[]): Line {
  const spans: Span[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      if (part !== '') spans.push(span(part));
    } else if ('text' in part) spans.push(part);
    else for (const one of part) spans.push(one);
  }
  return spans;
}

/** Whether two lines put the same cells on the screen. */
export function sameLine(a: Line, b: Line): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    const [one, other] = [a[index], b[index]];
    if (one?.text !== other?.text || one?.look !== other?.look) return false;
  }
  return true;
}

export function lineText(of: Line): string {
  let text = '';
  for (const part of of) text += part.text;
  return text;
}

export function lineWidth(of: Line): number {
  let width = 0;
  for (const part of of) width += textWidth(part.text);
  return width;
}

/** Cut to `width` cells; what is cut ends in "…". */
export function clipLine(of: Line, width: number): Line {
  if (lineWidth(of) <= width) return of;
  const kept: Span[] = [];
  let left = width;
  for (const part of of) {
    const wide = textWidth(part.text);
    // The ellipsis needs a cell of its own unless this is where the line would have ended anyway.
    if (wide < left) {
      kept.push(part);
      left -= wide;
    } else {
      kept.push({ ...part, text: clipText(`${part.text} `.repeat(wide === left ? 2 : 1), left) });
      break;
    }
  }
  return kept;
}

/** Exactly `width` cells. */
export function fitLine(of: Line, width: number, align: 'left' | 'right' | 'center' = 'left'): Line {
  const clipped = clipLine(of, width);
  const missing = width - lineWidth(clipped);
  if (missing <= 0) return clipped;
  const left = align === 'left' ? 0 : align === 'right' ? missing : Math.floor(missing / 2);
  return line(' '.repeat(left), clipped, ' '.repeat(missing - left));
}

/** `left` from the left, `right` at the right edge; `left` gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const wide = lineWidth(right);
  if (wide >= width) return clipLine(right, width);
  return line(fitLine(left, width - wide), right);
}

/** The same words in another look, where they were plain. */
export function relook(of: Line, look: Look): Line {
  return of.map(part => (part.look === 'plain' ? { ...part, look } : part));
}

/** The cells from `from` on, for scrolling sideways and laying one picture over another. */
export function dropCells(of: Line, from: number): Line {
  const kept: Span[] = [];
  let skip = from;
  for (const part of of) {
    const wide = textWidth(part.text);
    if (skip >= wide) {
      skip -= wide;
      continue;
    }
    if (skip === 0) kept.push(part);
    else {
      let text = '';
      let passed = 0;
      for (const char of charsOf(part.text)) {
        const cells = textWidth(char);
        if (passed >= skip) text += char;
        else if (passed + cells > skip) text += ' ';
        passed += cells;
      }
      kept.push({ ...part, text });
      skip = 0;
    }
  }
  return kept;
}
