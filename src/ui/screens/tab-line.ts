import type { Focus } from '../../tutor/layout.ts';
import { type Line, line, lineWidth, span } from '../cells/line.ts';
import { paneNumbers } from '../keys/pane-keys.ts';
import { paneTitles } from '../panes/pane-titles.ts';

/** The lesson and the panes side by side in a border; the shown one stands out, the rest are names or just numbers. */
export function tabLine(
  tabs: readonly Focus[],
  shown: Focus,
  options: { readonly width: number; readonly zoomed: boolean; readonly title?: string },
): Line {
  const { width, zoomed, title } = options;
  for (const form of ['titled', 'names', 'numbers'] as const) {
    const of = tabs.flatMap((tab, index): Line => {
      const number = tab === 'lesson' ? '1' : paneNumbers[tab];
      const isShown = tab === shown;
      const own = tab === 'lesson' ? 'Lesson' : paneTitles[tab];
      const name = isShown && form === 'titled' ? (title ?? own) : own;
      const label = form !== 'numbers' || isShown || number === undefined ? name : '';
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
