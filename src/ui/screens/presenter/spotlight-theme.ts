import type { Look } from '../../cells/line.ts';
import type { Theme } from '../../theme.ts';

/** Only what is selected keeps its look; everything around it goes dim. */
export function spotlightTheme(theme: Theme): Theme {
  return {
    ...theme,
    styleOf: (look, ground = 'none') =>
      ground === 'selected' || bright.has(look) ? theme.styleOf(look, ground) : theme.styleOf('track'),
  };
}

const bright: ReadonlySet<Look> = new Set(['selected', 'chosen']);
