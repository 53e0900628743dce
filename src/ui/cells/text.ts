import { displayWidth, truncate } from '../../renderer/width.ts';

/** Cells a text takes in the terminal. */
export const textWidth = displayWidth;

/** Cut to `width` cells, the last of them "…" when something was cut. */
export const clipText = truncate;

let segmenter: Intl.Segmenter | undefined;

/** The text as the terminal's units: one or more code points that share a cell or two. */
export function charsOf(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), part => part.segment);
}
