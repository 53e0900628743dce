import { graphemes } from '../../renderer/character.ts';
import { displayWidth, truncate } from '../../renderer/width.ts';

/** Cells a text takes in the terminal. */
export const textWidth = displayWidth;

/** Cut to `width` cells, the last of them "…" when something was cut. */
export const clipText = truncate;

/** The text as the terminal's units: one or more code points that share a cell or two. */
export const charsOf = graphemes;
