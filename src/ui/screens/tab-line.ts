import type { Focus } from '../../tutor/layout.ts';
import { type Line, line, lineWidth, span } from '../cells/line.ts';
import { paneNumbers } from '../keys/pane-keys.ts';
import { paneTitles } from '../panes/pane-titles.ts';

/** The lesson and the panes side by side in a border; the shown one stands out, the rest are names or just numbers. */
export function tabLine(tabs: readonly Focus[], shown: Focus, width: number, zoomed: boolean): Line {
  for (const form of ['names', 'numbers'] as const) {
    const of = tabs.flatMap((tab, index): Line => {
      const number = tab === 'lesson' ? '1' : paneNumbers[tab];
      const name = tab === 'lesson' ? 'Lesson' : paneTitles[tab];
      const isShown = tab === shown;
      const label = form === 'names' || isShown || number === undefined ? name : '';
      return [
        ...(index === 0 ? [] : [span('│', 'border')]),
        ...line(
          ' ',
          number === undefined ? '' : span(label === '' ? number : `${number} `, isShown ? 'accent' : 'dim'),
          span(label, isShown ? 'title' : 'dim'),
          ' ',
        ),
      ];
    });
    const line_ = zoomed ? [...of, span('  z back ', 'dim')] : of;
    if (lineWidth(line_) <= width || form === 'numbers') return line_;
  }
  return [];
}
