import { type Line, type Look, span } from './line.ts';

/** Three rows of half blocks, or five of whole ones twice as wide. */
export type BigSize = 'big' | 'huge';

/** Rows of cells that a line of big letters takes. */
export const bigHeight: Readonly<Record<BigSize, number>> = { big: 3, huge: 5 };

/** A text in big letters; undefined where a character has no big form. Letters are capitals, whatever the text has. */
export function bigLetters(text: string, look: Look, size: BigSize = 'big'): readonly Line[] | undefined {
  const pixels = ['', '', '', '', '', ''];
  for (const char of plainText(text)) {
    const glyph = glyphs[char]?.split('/');
    if (glyph === undefined) return undefined;
    const width = Math.max(...glyph.map(row => row.length));
    for (let row = 0; row < pixels.length; row++)
      pixels[row] = `${pixels[row]}${(glyph[row] ?? '').padEnd(width)} `;
  }
  if (size === 'huge')
    return pixels.slice(0, 5).map(row => [span(row.replace(/./g, doubled).trimEnd(), look)]);
  return [0, 2, 4].map(row => [span(halfBlocks(pixels[row] ?? '', pixels[row + 1] ?? ''), look)]);
}

/** Cells that a text takes in big letters; undefined where it has no big form. */
export function bigWidth(text: string, size: BigSize = 'big'): number | undefined {
  let width = 0;
  for (const char of plainText(text)) {
    const glyph = glyphs[char];
    if (glyph === undefined) return undefined;
    width += Math.max(...glyph.split('/').map(row => row.length)) + 1;
  }
  return Math.max(0, width - 1) * (size === 'huge' ? 2 : 1);
}

function doubled(pixel: string): string {
  return pixel === '#' ? '██' : '  ';
}

function plainText(text: string): string[] {
  return [...text.toUpperCase().replace(/[’‘]/g, "'").replace(/[–—]/g, '-')];
}

function halfBlocks(upper: string, lower: string): string {
  return [...upper]
    .map((above, index) => {
      const below = lower[index] === '#';
      if (above === '#') return below ? '█' : '▀';
      return below ? '▄' : ' ';
    })
    .join('')
    .trimEnd();
}

/** Five rows of pixels each, from the top. */
const glyphs: Readonly<Record<string, string>> = {
  ' ': '  /  /  /  /  ',
  A: ' ## /#  #/####/#  #/#  #',
  B: '### /#  #/### /#  #/### ',
  C: ' ###/#   /#   /#   / ###',
  D: '### /#  #/#  #/#  #/### ',
  E: '####/#   /### /#   /####',
  F: '####/#   /### /#   /#   ',
  G: ' ###/#   /# ##/#  #/ ###',
  H: '#  #/#  #/####/#  #/#  #',
  I: '###/ # / # / # /###',
  J: '  ##/   #/   #/#  #/ ## ',
  K: '#  #/# # /##  /# # /#  #',
  L: '#   /#   /#   /#   /####',
  M: '#   #/## ##/# # #/#   #/#   #',
  N: '#   #/##  #/# # #/#  ##/#   #',
  O: ' ## /#  #/#  #/#  #/ ## ',
  P: '### /#  #/### /#   /#   ',
  Q: ' ## /#  #/#  #/# ##/ ###',
  R: '### /#  #/### /# # /#  #',
  S: ' ###/#   / ## /   #/### ',
  T: '#####/  #  /  #  /  #  /  #  ',
  U: '#  #/#  #/#  #/#  #/ ## ',
  V: '#   #/#   #/ # # / # # /  #  ',
  W: '#   #/#   #/# # #/## ##/#   #',
  X: '#   #/ # # /  #  / # # /#   #',
  Y: '#   #/ # # /  #  /  #  /  #  ',
  Z: '####/   #/ ## /#   /####',
  0: ' ## /#  #/#  #/#  #/ ## ',
  1: ' # /## / # / # /###',
  2: '### /   #/ ## /#   /####',
  3: '### /   #/ ## /   #/### ',
  4: '#  #/#  #/####/   #/   #',
  5: '####/#   /### /   #/### ',
  6: ' ## /#   /### /#  #/ ## ',
  7: '####/   #/  # / #  / #  ',
  8: ' ## /#  #/ ## /#  #/ ## ',
  9: ' ## /#  #/ ###/   #/ ## ',
  '.': ' / / / /#',
  ',': '  /  /  /  / #/# ',
  ':': ' /#/ /#/ ',
  '?': '### /   #/ ## /    / #  ',
  '!': '#/#/#/ /#',
  "'": '#/#/ / / ',
  '-': '   /   /###/   /   ',
  '/': '   #/  # / ## /#   /#   ',
  '(': ' #/# /# /# / #',
  ')': '# / #/ #/ #/# ',
  '+': '   / # /###/ # /   ',
  '"': '# #/# #/   /   /   ',
};
