import realStringWidth from 'string-width';
import { standsAlone } from './character.ts';

/** Takes the place of the package of this name in the bundle: the same widths, without looking up what a screen is mostly made of. */
export default function stringWidth(
  text: string,
  options?: { readonly ambiguousIsNarrow?: boolean; readonly countAnsiEscapeCodes?: boolean },
): number {
  if (typeof text !== 'string' || options?.countAnsiEscapeCodes || options?.ambiguousIsNarrow === false) {
    return realStringWidth(text, options);
  }
  let width = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x1b) {
      const end = graphicsEnd(text, index);
      if (end === 0) return realStringWidth(text);
      index = end;
      continue;
    }
    if (!standsAlone(code, text.charCodeAt(index + 1) || 0)) return realStringWidth(text);
    width++;
  }
  return width;
}

/** Where an SGR sequence with plain numbers ends; 0 when this is something else. */
function graphicsEnd(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== 0x5b) return 0;
  let end = start + 2;
  while (isParameter(text.charCodeAt(end))) end++;
  return text.charCodeAt(end) === 0x6d ? end : 0;
}

function isParameter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x3b;
}
