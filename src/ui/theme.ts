import type { ColourDepth } from '../renderer/colour-depth.ts';
import { type Look as Ink, type StyleId, style } from '../renderer/style.ts';
import type { Look } from './cells/line.ts';

/** What lies below a row: nothing, or the selection of the focused pane. */
export type Ground = 'none' | 'selected';

/** How the words of `Look` are drawn on this terminal. */
export type Theme = {
  readonly background: 'dark' | 'light';
  readonly depth: ColourDepth;
  /** Whether box drawing and symbols arrive; otherwise ASCII stands in. */
  readonly unicode: boolean;
  readonly styleOf: (look: Look, ground?: Ground) => StyleId;
};

export function makeTheme(of: {
  readonly background: 'dark' | 'light';
  readonly depth: ColourDepth;
  readonly unicode: boolean;
}): Theme {
  const looks = of.depth === 0 ? colourless : of.depth === 1 ? sixteen(of.background) : rich[of.background];
  const made = { none: new Map<Look, StyleId>(), selected: new Map<Look, StyleId>() };
  return {
    ...of,
    styleOf: (look, ground = 'none') => {
      let id = made[ground].get(look);
      if (id === undefined) {
        const ink = looks[look];
        id = style(ground === 'none' ? ink : { ...ink, ...groundOf(of.depth, of.background) });
        made[ground].set(look, id);
      }
      return id;
    },
  };
}

/** Without colours of its own the selection is shown in reverse; the marker at its left says it, too. */
function groundOf(depth: ColourDepth, background: 'dark' | 'light'): Ink {
  if (depth <= 1) return { inverse: true, dim: false };
  return { bg: background === 'dark' ? '#1f3a4d' : '#d3e7f5' };
}

type Looks = Readonly<Record<Look, Ink>>;

const colourless: Looks = {
  plain: {},
  dim: { dim: true },
  strong: { bold: true },
  accent: { bold: true },
  title: { bold: true, underline: true },
  border: { dim: true },
  'border-focus': { bold: true },
  up: {},
  pending: { bold: true },
  down: { bold: true },
  changed: { bold: true },
  chosen: { bold: true },
  code: { bold: true },
  emphasis: { italic: true },
  link: { underline: true },
  key: { bold: true },
  column: { dim: true, underline: true },
  bar: {},
  'bar-strong': { bold: true },
  'bar-warning': { bold: true, inverse: true },
  input: {},
  cursor: { inverse: true },
  track: { dim: true },
  selected: { inverse: true, bold: true },
};

function sixteen(background: 'dark' | 'light'): Looks {
  const accent = background === 'dark' ? 'cyan' : 'blue';
  const pending = background === 'dark' ? 'yellow' : 'magenta';
  const quiet = 'gray';
  return {
    ...colourless,
    dim: { fg: quiet },
    accent: { fg: accent },
    title: { fg: accent, bold: true },
    border: { fg: quiet },
    'border-focus': { fg: accent },
    up: { fg: 'green' },
    pending: { fg: pending },
    down: { fg: 'red', bold: true },
    changed: { fg: pending, bold: true },
    chosen: { fg: accent, bold: true },
    code: { fg: accent },
    link: { fg: accent, underline: true },
    column: { fg: quiet },
    'bar-warning': { fg: 'red', bold: true },
    track: { fg: quiet },
    selected: { fg: accent, inverse: true, bold: true },
  };
}

type Palette = {
  readonly dim: Ink['fg'];
  readonly accent: Ink['fg'];
  readonly border: Ink['fg'];
  readonly up: Ink['fg'];
  readonly pending: Ink['fg'];
  readonly down: Ink['fg'];
  readonly changed: Ink['fg'];
  readonly code: Ink['fg'];
  readonly track: Ink['fg'];
  readonly onAccent: Ink['fg'];
};

function richLooks(of: Palette): Looks {
  return {
    ...colourless,
    dim: { fg: of.dim },
    accent: { fg: of.accent },
    title: { fg: of.accent, bold: true },
    border: { fg: of.border },
    'border-focus': { fg: of.accent },
    up: { fg: of.up },
    pending: { fg: of.pending },
    down: { fg: of.down, bold: true },
    changed: { fg: of.changed, bold: true },
    chosen: { fg: of.accent, bold: true },
    code: { fg: of.code },
    link: { fg: of.accent, underline: true },
    key: { bold: true },
    column: { fg: of.dim },
    'bar-warning': { fg: of.down, bold: true },
    track: { fg: of.track },
    selected: { fg: of.onAccent, bg: of.accent, bold: true },
  };
}

const rich: Readonly<Record<'dark' | 'light', Looks>> = {
  dark: richLooks({
    dim: '#8b949e',
    accent: '#5cb8e6',
    border: '#4a525c',
    up: '#6cc070',
    pending: '#e0a84e',
    down: '#f47067',
    changed: '#e0a84e',
    code: '#a8d4ea',
    track: '#3a4149',
    onAccent: '#0b1620',
  }),
  light: richLooks({
    dim: '#636c76',
    accent: '#0969a8',
    border: '#b1bac4',
    up: '#1a7f37',
    pending: '#9a6700',
    down: '#c21f2c',
    changed: '#9a6700',
    code: '#0a4f7d',
    track: '#d0d7de',
    onAccent: '#ffffff',
  }),
};
