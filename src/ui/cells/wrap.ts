import type { Line, Span } from './line.ts';
import { charsOf, textWidth } from './text.ts';

type Word = { readonly spans: readonly Span[]; readonly width: number; readonly breaks: boolean };

/** Breaks a line at blanks (and at "\n") into lines of at most `width` cells; words too long are cut. */
export function wrapLine(of: Line, width: number): Line[] {
  const room = Math.max(1, width);
  const lines: Line[] = [];
  let current: Span[] = [];
  let used = 0;
  let gap: Span | undefined;
  const finish = () => {
    lines.push(current);
    current = [];
    used = 0;
    gap = undefined;
  };
  for (const word of wordsOf(of)) {
    if (word.breaks) {
      finish();
      continue;
    }
    if (word.width === 0) {
      // A blank: it counts only when something follows on the same line.
      if (used > 0) gap = word.spans[0];
      continue;
    }
    if (used > 0 && used + (gap?.text.length ?? 0) + word.width > room) finish();
    if (gap !== undefined && used > 0) {
      current.push(gap);
      used += gap.text.length;
    }
    gap = undefined;
    for (const part of word.spans) {
      let rest = part.text;
      while (used + textWidth(rest) > room) {
        const head = headOf(rest, room - used);
        if (head !== '') current.push({ ...part, text: head });
        rest = rest.slice(head.length);
        if (head === '' && used === 0) break;
        finish();
      }
      if (rest !== '') current.push({ ...part, text: rest });
      used += textWidth(rest);
    }
  }
  if (current.length > 0 || lines.length === 0) lines.push(current);
  return lines;
}

/** The longest beginning that fits into `width` cells. */
function headOf(text: string, width: number): string {
  let head = '';
  let used = 0;
  for (const char of charsOf(text)) {
    const cells = textWidth(char);
    if (used + cells > width) break;
    head += char;
    used += cells;
  }
  return head;
}

/** Words (which may change their look inside), blanks (width 0) and line breaks, in order. */
function wordsOf(of: Line): Word[] {
  const words: Word[] = [];
  let open: Span[] = [];
  const close = () => {
    if (open.length > 0) {
      words.push({ spans: open, width: open.reduce((sum, s) => sum + textWidth(s.text), 0), breaks: false });
      open = [];
    }
  };
  for (const part of of) {
    for (const piece of part.text.split(/(\n|[ \t]+)/)) {
      if (piece === '') continue;
      if (piece === '\n') {
        close();
        words.push({ spans: [], width: 0, breaks: true });
      } else if (/^[ \t]/.test(piece)) {
        close();
        words.push({ spans: [{ ...part, text: piece.replace(/\t/g, ' ') }], width: 0, breaks: false });
      } else open.push({ ...part, text: piece });
    }
  }
  close();
  return words;
}
