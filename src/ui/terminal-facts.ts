import type { ColourDepth } from '../renderer/colour-depth.ts';
import { makeTheme, type Theme } from './theme.ts';

/** The theme for a terminal: what `SRKLAB_THEME` says, else what the terminal says about its background, else dark. */
export function themeFor(of: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly depth: ColourDepth;
  readonly background: 'dark' | 'light' | undefined;
}): Theme {
  const wanted = of.env['SRKLAB_THEME'];
  const background = wanted === 'dark' || wanted === 'light' ? wanted : (of.background ?? 'dark');
  return makeTheme({ background, depth: of.depth, unicode: showsUnicode(of.env) });
}

/** Whether the locale's encoding is UTF-8. Without any locale set a terminal of today is taken to be. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['SRKLAB_ASCII'] === '1') return false;
  if (env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (locale === '') return true;
  return /utf-?8/i.test(locale);
}
