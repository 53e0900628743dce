import realStringWidth from 'string-width';
import { clusterCells, eachCluster, standsAlone } from './character.ts';

/** Columns a text takes on the screen. ANSI sequences take none. */
export function displayWidth(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
    if (!standsAlone(text.charCodeAt(index), next)) return measured(text);
  }
  return text.length;
}

/** Looking a text up in Unicode's tables is slow, and a screen says the same few again and again. */
function measured(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  const width = realStringWidth(text);
  if (widths.size >= 4096) widths.clear();
  widths.set(text, width);
  return width;
}

const widths = new Map<string, number>();

/** Cuts a text without ANSI sequences to a number of columns, ending in `ellipsis` when something was cut off. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  const end = displayWidth(ellipsis) <= columns ? ellipsis : '';
  return cut(text, columns - displayWidth(end)) + end;
}

/** The longest beginning of a text without ANSI sequences that fits into a number of columns. */
export function cut(text: string, columns: number): string {
  let index = 0;
  while (index < text.length) {
    const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
    if (!standsAlone(text.charCodeAt(index), next)) break;
    if (index >= columns) return text.slice(0, index);
    index++;
  }
  return index === text.length
    ? text
    : text.slice(0, index) + cutClusters(text.slice(index), columns - index);
}

function cutClusters(text: string, columns: number): string {
  let kept = '';
  let used = 0;
  let full = false;
  eachCluster(text, segment => {
    if (full) return;
    const width = clusterCells(segment).length;
    if (used + width > columns) full = true;
    else {
      kept += segment;
      used += width;
    }
  });
  return kept;
}
