import type { MenuEntry } from '../../tutor/menu.ts';
import type { TutorState } from '../../tutor/state.ts';
import { menuEntries } from '../../tutor/update-screen.ts';
import { inputLine } from '../cells/input-line.ts';
import { fitLine, type Line, line, lineWidth, span, spread } from '../cells/line.ts';
import { clipText, textWidth } from '../cells/text.ts';
import { windowAround } from '../panes/window.ts';
import type { OverlayPicture, ShownOverlay } from './overlay-picture.ts';

type Menu = ShownOverlay & { readonly name: 'palette' | 'breaks' | 'heals' };

const titles: Readonly<Record<Menu['name'], string>> = {
  palette: 'Command',
  breaks: 'Break something',
  heals: 'Heal',
};

/** A list to choose from, narrowed by typing. The selected entry stays in sight. */
export function menuPicture(
  state: TutorState,
  menu: Menu,
  room: { readonly width: number; readonly rows: number },
): OverlayPicture {
  const entries = menuEntries(state);
  const inner = room.width - 4;
  const height = Math.min(room.rows - 4, menu.name === 'heals' ? entries.length + 2 : 22);
  const head: Line[] =
    menu.name === 'heals'
      ? []
      : [
          inputLine(menu.input, {
            prompt: menu.name === 'palette' ? ': ' : '/ ',
            width: inner,
            hint:
              menu.name === 'palette'
                ? 'step, stage, pane, break, heal, speed …'
                : 'link, LEAF-DC-1, silent …',
          }),
          [span('─'.repeat(inner), 'border')],
        ];
  const listed = Math.max(1, height - 2 - head.length);
  const from = windowAround(menu.cursor, entries.length, listed);
  const groupWidth = Math.max(0, ...entries.map(entry => textWidth(entry.group)));
  const lines = entries
    .slice(from, from + listed)
    .map((entry, index) =>
      entryLine(entry, { selected: from + index === menu.cursor, groupWidth, width: inner }),
    );
  const none = menu.name === 'heals' ? 'Nothing is broken.' : 'Nothing matches.';
  return {
    title: titles[menu.name],
    width: room.width,
    lines: [...head, ...(entries.length === 0 ? [line(span(none, 'dim'))] : lines)],
    scroll: 0,
    foot: [],
    height,
  };
}

function entryLine(
  entry: MenuEntry,
  of: { readonly selected: boolean; readonly groupWidth: number; readonly width: number },
): Line {
  const disabled = entry.disabledBecause;
  const label = disabled !== undefined ? 'dim' : of.selected ? 'chosen' : 'plain';
  const left = line(
    of.selected ? span('▸ ', 'accent') : '  ',
    fitLine(line(span(entry.group, 'dim')), of.groupWidth),
    '  ',
    span(entry.label, label),
  );
  const right = disabled ?? entry.detail ?? '';
  // The label is what one chooses by: what stands beside it is cut or left out.
  const room = of.width - lineWidth(left) - 2;
  return spread(left, line(room < 8 ? '' : span(`  ${clipText(right, room)}`, 'dim')), of.width);
}
