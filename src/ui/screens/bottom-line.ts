import type { TutorState } from '../../tutor/state.ts';
import { inputLine } from '../cells/input-line.ts';
import { clipLine, type Line, type Look, line, lineWidth, span } from '../cells/line.ts';
import { keyBar } from '../keys/key-bar.ts';
import { paneTitles } from '../panes/pane-titles.ts';

/** The last row: what the program has to say, a filter being typed, else the keys. */
export function bottomLine(
  state: TutorState,
  size: { readonly columns: number; readonly rows: number },
): Line {
  const { overlay } = state;
  const width = size.columns - 2;
  if (overlay.name === 'filter') {
    const keys = keyBar({ state, size }, 40);
    const prompt = ` / ${paneTitles[overlay.pane]}: `;
    return line(
      inputLine(overlay.input, { prompt, width: width - lineWidth(keys), hint: 'words to look for' }),
      '   ',
      keys,
    );
  }
  const notice = state.notices.at(-1);
  if (notice !== undefined) {
    const [symbol, look] = tones[notice.tone];
    const said = line(span(`${symbol} `, look), span(notice.text, look === 'down' ? 'down' : 'plain'));
    return line(' ', clipLine(said, width));
  }
  return line(' ', keyBar({ state, size }, width));
}

const tones: Readonly<Record<'info' | 'warning' | 'error', readonly [string, Look]>> = {
  info: ['▸', 'accent'],
  warning: ['!', 'pending'],
  error: ['✘', 'down'],
};
