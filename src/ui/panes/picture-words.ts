import type { PaneKind, PaneView } from '../../tutor/layout.ts';
import { type Line, line, span } from '../cells/line.ts';
import { paneTitles } from './pane-titles.ts';
import type { Picture } from './picture.ts';

/** "Routes · BORDER-DC · kube-ipvrf". */
export function titled(pane: PaneKind, ...about: readonly (string | undefined)[]): string {
  return [paneTitles[pane], ...about].filter(part => part !== undefined && part !== '').join(' · ');
}

/** A pane with nothing to show says what would fill it. */
export function notYet(pane: PaneKind, empty: string): Picture {
  return { title: paneTitles[pane], head: [], rows: [], foot: [], items: [], empty };
}

/** The filter in force, where there is one. */
export function filterHead(view: PaneView): Line[] {
  return view.filter === ''
    ? []
    : [line(span('/', 'accent'), span(view.filter, 'strong'), span('   Esc clears it', 'dim'))];
}

export function nothingMatches(view: PaneView): string {
  return `Nothing matches "${view.filter}". Esc clears the filter.`;
}
