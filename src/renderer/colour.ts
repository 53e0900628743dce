import type { ColourDepth } from './colour-depth.ts';

/** One of the terminal's own 16 colours (the names Ink uses), a number of the 256-colour palette, or `#rrggbb`. */
export type Colour = ColourName | number | `#${string}`;

export type ColourName = keyof typeof names;

const names = {
  black: 30,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  white: 37,
  gray: 90,
  grey: 90,
  blackBright: 90,
  redBright: 91,
  greenBright: 92,
  yellowBright: 93,
  blueBright: 94,
  magentaBright: 95,
  cyanBright: 96,
  whiteBright: 97,
} as const;

/** SGR parameters of a colour at a depth; empty when no colours may be written. */
export function colourCodes(colour: Colour, depth: ColourDepth, ground: 'foreground' | 'background'): string {
  if (depth === 0) return '';
  const shift = ground === 'background' ? 10 : 0;
  if (typeof colour === 'string' && !colour.startsWith('#')) {
    return String(names[colour as ColourName] + shift);
  }
  if (typeof colour === 'number') {
    if (depth >= 2) return `${38 + shift};5;${colour & 0xff}`;
    return String(nearestNamed(paletteRgb(colour & 0xff)) + shift);
  }
  const rgb = hexRgb(colour as string);
  if (depth === 3) return `${38 + shift};2;${rgb.join(';')}`;
  if (depth === 2) return `${38 + shift};5;${nearestPalette(rgb)}`;
  return String(nearestNamed(rgb) + shift);
}

type Rgb = readonly [red: number, green: number, blue: number];

function hexRgb(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&').slice(1) : hex.slice(1);
  const value = Number.parseInt(digits, 16);
  if (!/^[\da-f]{6}$/i.test(digits)) throw new Error(`A colour is written #rrggbb, not ${hex}`);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** The xterm palette: 16 terminal colours, a 6×6×6 cube, 24 greys. */
function paletteRgb(index: number): Rgb {
  if (index < 16) return basicColours[index]?.[1] ?? [0, 0, 0];
  if (index >= 232) {
    const level = (index - 232) * 10 + 8;
    return [level, level, level];
  }
  const cube = index - 16;
  const level = (step: number): number => (step === 0 ? 0 : step * 40 + 55);
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

function nearestPalette([red, green, blue]: Rgb): number {
  if (Math.max(red, green, blue) - Math.min(red, green, blue) < 8) {
    if (red < 8) return 16;
    return red > 248 ? 231 : Math.round(((red - 8) / 247) * 24) + 232;
  }
  const step = (value: number): number => Math.round((value / 255) * 5);
  return 16 + 36 * step(red) + 6 * step(green) + step(blue);
}

const basicColours: readonly (readonly [code: number, rgb: Rgb])[] = [
  [30, [0, 0, 0]],
  [31, [205, 0, 0]],
  [32, [0, 205, 0]],
  [33, [205, 205, 0]],
  [34, [0, 0, 238]],
  [35, [205, 0, 205]],
  [36, [0, 205, 205]],
  [37, [229, 229, 229]],
  [90, [127, 127, 127]],
  [91, [255, 0, 0]],
  [92, [0, 255, 0]],
  [93, [255, 255, 0]],
  [94, [92, 92, 255]],
  [95, [255, 0, 255]],
  [96, [0, 255, 255]],
  [97, [255, 255, 255]],
];

function nearestNamed([red, green, blue]: Rgb): number {
  let best = 37;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [code, [r, g, b]] of basicColours) {
    const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
    if (distance < bestDistance) {
      best = code;
      bestDistance = distance;
    }
  }
  return best;
}
