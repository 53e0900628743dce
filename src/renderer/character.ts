import realStringWidth from 'string-width';

/**
 * What a cell holds: a code point (> 0), the number of a cluster of several code points (< 0), or `rightHalf`.
 * Only clusters whose width every terminal agrees on are stored; the rest is drawn in a simpler form.
 */
export type CellCode = number;

/** The second column of a wide character. */
export const rightHalf: CellCode = 0;
export const blank: CellCode = 32;

/** Narrow characters a screen is made of: no combining, no emoji, one column everywhere. */
export function isPlainNarrow(code: number): boolean {
  return (
    (code >= 0x20 && code < 0x7f) ||
    (code >= 0xa1 && code < 0x300 && code !== 0xad) ||
    (code >= 0x2500 && code <= 0x25fc) ||
    (code >= 0x2800 && code <= 0x28ff) ||
    (code >= 0x2190 && code <= 0x21ff) ||
    code === 0x2013 ||
    code === 0x2014 ||
    code === 0x2022 ||
    code === 0x2026
  );
}

/** Whether this character can be put into a cell without looking further than the next one: `next` must not join it. */
export function standsAlone(code: number, next: number): boolean {
  return isPlainNarrow(code) && (next < 0x300 || isPlainNarrow(next));
}

const clusters: string[] = [''];
const clusterCodes = new Map<string, CellCode>();
const singles: string[] = [];

export function characterText(code: CellCode): string {
  if (code < 0) return clusters[-code] ?? '';
  if (code >= 256) return String.fromCodePoint(code);
  singles[code] ??= String.fromCharCode(code);
  return singles[code] ?? '';
}

/** The cells a grapheme cluster takes: none (invisible), one, or two (the second is `rightHalf` or what it was simplified to). */
export function clusterCells(segment: string): readonly CellCode[] {
  const known = cellsOf.get(segment);
  if (known !== undefined) return known;
  const cells = measureCluster(segment);
  if (cellsOf.size > 8192) cellsOf.clear();
  cellsOf.set(segment, cells);
  return cells;
}

const cellsOf = new Map<string, readonly CellCode[]>();
let segmenter: Intl.Segmenter | undefined;

/** Calls `visit` for every grapheme cluster of a run of text. */
export function eachCluster(text: string, visit: (segment: string) => void): void {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) visit(segment);
}

/** A text as the terminal's units: one or more code points that share a cell or two. */
export function graphemes(text: string): string[] {
  const units: string[] = [];
  for (let index = 0; index < text.length; ) {
    const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
    if (standsAlone(text.charCodeAt(index), next)) {
      units.push(text[index++] ?? '');
      continue;
    }
    let end = index + 1;
    // A blank never joins what stands before it.
    while (end < text.length && text.charCodeAt(end) !== 0x20) end++;
    eachCluster(text.slice(index, end), segment => units.push(segment));
    index = end;
  }
  return units;
}

function measureCluster(segment: string): readonly CellCode[] {
  const first = segment.codePointAt(0) ?? 0;
  if (first < 32 || (first >= 0x7f && first < 0xa0)) return [];
  const width = realStringWidth(segment);
  if (width === 0) return [];
  const simple = simplified(segment);
  if (simple !== segment) {
    const cells: CellCode[] = [];
    eachCluster(simple, part => {
      cells.push(...measureCluster(part));
    });
    while (cells.length < width) cells.push(blank);
    return cells.length > width ? Array.from({ length: width }, () => blank) : cells;
  }
  const cells: CellCode[] = [singleCodePoint(segment) ? first : internCluster(segment)];
  while (cells.length < width) cells.push(rightHalf);
  return cells;
}

/**
 * Terminals disagree about the width of joined emoji, flags, skin tones, keycaps and emoji presentation, and a wrong
 * guess shifts the rest of the row. So: 👨‍👩‍👧 → 👨, 🇨🇭 → CH, 👍🏽 → 👍, 1️⃣ → 1.
 */
function simplified(segment: string): string {
  const points = [...segment];
  const first = points[0] ?? '';
  const flag = points.map(regionalLetter);
  if (flag.length >= 1 && flag.every(letter => letter !== '')) return flag.join('');
  const isEmoji = points.some(
    point =>
      point === '\u200d' || point === '\ufe0f' || point === '\u20e3' || /\p{Emoji_Modifier}/u.test(point),
  );
  return isEmoji && points.length > 1 ? first : segment;
}

function regionalLetter(point: string): string {
  const code = (point.codePointAt(0) ?? 0) - 0x1f1e6;
  return code >= 0 && code < 26 ? String.fromCharCode(65 + code) : '';
}

function singleCodePoint(segment: string): boolean {
  return segment.length === ((segment.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}

function internCluster(segment: string): CellCode {
  let code = clusterCodes.get(segment);
  if (code === undefined) {
    code = -clusters.length;
    clusters.push(segment);
    clusterCodes.set(segment, code);
  }
  return code;
}
