import type { Surface } from '../../renderer/surface.ts';
import type { PaneKind } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import { clipLine, type Line, line, relook, sameLine, span } from '../cells/line.ts';
import { paintFrame, paintLine } from '../cells/paint.ts';
import { wrapLine } from '../cells/wrap.ts';
import { paneNumbers } from '../keys/pane-keys.ts';
import type { Theme } from '../theme.ts';
import type { ChangeMemory } from './change-memory.ts';
import type { Picture } from './picture.ts';
import type { PictureCache } from './picture-cache.ts';
import { windowAround } from './window.ts';

/** How a pane stands among its neighbours. */
export type PaneFrame = {
  readonly focused: boolean;
  /** The pane above that shares the upper border. */
  readonly above: 'none' | 'plain' | 'focused';
  /** Draws the lower border. */
  readonly bottom: boolean;
  /** Instead of the pane's own title: the tabs around it. */
  readonly tabs?: (title: string) => Line;
};

export type PaneMemory = { readonly pictures: PictureCache; readonly changes: ChangeMemory };

/** Border, a column for marks, the content, a blank, border. */
const around = 4;

/** What is to be seen of a pane. */
export type PaneLook = {
  readonly picture: Picture;
  /** Keys of rows that changed a moment ago. */
  readonly changed: ReadonlySet<string>;
  readonly title: Line;
  readonly frame: PaneFrame;
};

export function lookAtPane(
  state: TutorState,
  pane: PaneKind,
  frame: PaneFrame,
  size: { readonly width: number; readonly height: number },
  memory: PaneMemory,
): PaneLook {
  const picture = memory.pictures.of(state, pane, {
    width: Math.max(1, size.width - around),
    height: roomHeight(size.height, frame),
  });
  const at = state.view?.at ?? 0;
  const speed = state.clock?.speed ?? 1;
  const changed =
    picture.unseen === true ? nothing : memory.changes.changed(pane, picture.title, picture.rows, at, speed);
  const title = frame.tabs?.(picture.title) ?? titleLine(pane, picture, frame.focused);
  return { picture, changed, title, frame };
}

const nothing: ReadonlySet<string> = new Set();

export function samePane(before: PaneLook, now: PaneLook): boolean {
  return (
    before.picture === now.picture &&
    sameKeys(before.changed, now.changed) &&
    before.frame.focused === now.frame.focused &&
    before.frame.above === now.frame.above &&
    before.frame.bottom === now.frame.bottom &&
    sameLine(before.title, now.title)
  );
}

function sameKeys(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const key of a) if (!b.has(key)) return false;
  return true;
}

export function paintPane(surface: Surface, theme: Theme, look: PaneLook): void {
  const { picture, changed, title, frame } = look;
  paintFrame(surface, theme, {
    title,
    corner:
      picture.corner === undefined
        ? []
        : line(' ', span(picture.corner, picture.corner.startsWith('✘') ? 'down' : 'dim'), ' '),
    focused: frame.focused,
    above: frame.above,
    bottom: frame.bottom,
  });
  const inside = surface.inset(1, 1, surface.width - 2, roomHeight(surface.height, frame));
  paintContent(inside, theme, picture, { changed, focused: frame.focused });
}

/** Rows inside the borders. */
function roomHeight(height: number, frame: PaneFrame): number {
  return Math.max(1, height - (frame.bottom ? 2 : 1));
}

function titleLine(pane: PaneKind, picture: Picture, focused: boolean): Line {
  const number = paneNumbers[pane];
  return line(
    ' ',
    number === undefined ? '' : span(`${number} `, 'dim'),
    span(picture.title, focused ? 'title' : 'strong'),
    ' ',
  );
}

function paintContent(
  inside: Surface,
  theme: Theme,
  picture: Picture,
  with_: { readonly changed: ReadonlySet<string>; readonly focused: boolean },
): void {
  let y = 0;
  for (const of of picture.head) {
    if (y >= inside.height) return;
    paintLine(inside, theme, clipLine(of, inside.width - 2), 1, y++);
  }
  const footFrom = Math.max(y, inside.height - picture.foot.length);
  for (const [index, of] of picture.foot.entries())
    paintLine(inside, theme, clipLine(of, inside.width - 2), 1, footFrom + index);
  const room = footFrom - y;
  if (picture.rows.length === 0) {
    if (picture.empty !== undefined)
      paintEmpty(inside.inset(1, y, inside.width - 2, room), theme, picture.empty);
    return;
  }
  const { rows } = picture;
  const at = rows.findIndex(row => row.key !== '' && row.key === picture.selected);
  const from =
    at >= 0
      ? windowAround(at, rows.length, room)
      : picture.follows === true
        ? Math.max(0, rows.length - room)
        : 0;
  for (const [index, row] of rows.slice(from, from + room).entries()) {
    const isSelected = row.key !== '' && row.key === picture.selected;
    const isChanged = with_.changed.has(row.key);
    const ground = isSelected && with_.focused ? 'selected' : 'none';
    if (ground === 'selected') inside.fill(0, y + index, inside.width, 1, theme.styleOf('plain', 'selected'));
    const mark: Line = isSelected ? [span('▸', 'accent')] : isChanged ? [span('~', 'changed')] : [];
    paintLine(inside, theme, mark, 0, y + index, ground);
    const shown = clipLine(isChanged ? relook(row.line, 'changed') : row.line, inside.width - 2);
    paintLine(inside, theme, shown, 1, y + index, ground);
  }
  if (rows.length > room && room > 2) paintScrollMark(inside, theme, { y, room, from, count: rows.length });
}

/** Where in the rows the window stands: a thicker piece of the right border. */
function paintScrollMark(
  inside: Surface,
  theme: Theme,
  of: { readonly y: number; readonly room: number; readonly from: number; readonly count: number },
): void {
  const size = Math.max(1, Math.round((of.room * of.room) / of.count));
  const start = Math.round(((of.room - size) * of.from) / Math.max(1, of.count - of.room));
  for (let row = 0; row < of.room; row++) {
    const on = row >= start && row < start + size;
    paintLine(inside, theme, [span(on ? '┃' : ' ', 'border-focus')], inside.width - 1, of.y + row);
  }
}

/** What would fill the pane, in the middle, dim. */
function paintEmpty(room: Surface, theme: Theme, text: string): void {
  const lines = wrapLine(line(span(text, 'dim')), Math.min(56, room.width));
  const y = Math.max(0, Math.floor((room.height - lines.length) / 2));
  for (const [index, of] of lines.entries()) paintLine(room, theme, of, 0, y + index);
}
