import type { Surface } from '../../renderer/surface.ts';
import type { PaneKind } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, clipLine, type Line, line, relook, sameLine, span } from '../cells/line.ts';
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
  return before.picture === now.picture && sameKeys(before.changed, now.changed) && sameFrame(before, now);
}

function sameFrame(before: PaneLook, now: PaneLook): boolean {
  return (
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
  const { picture, title, frame } = look;
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
  const inside = insideOf(surface, frame);
  for (const [y, row] of shownRows(look, inside.height).entries()) paintRow(inside, theme, y, row);
  if (isEmpty(picture)) paintEmpty(inside, theme, picture);
}

/** Paints the rows that show something else than `before`, of which everything is on the surface. False: they are not all that differs. */
export function updatePane(surface: Surface, theme: Theme, look: PaneLook, before: PaneLook): boolean {
  if (!sameFrame(before, look) || before.picture.corner !== look.picture.corner) return false;
  if (isEmpty(before.picture) || isEmpty(look.picture)) return false;
  const inside = insideOf(surface, look.frame);
  const painted = shownRows(before, inside.height);
  for (const [y, row] of shownRows(look, inside.height).entries()) {
    const was = painted[y];
    if (was !== undefined && sameRow(was, row)) continue;
    inside.fill(0, y, inside.width, 1);
    paintRow(inside, theme, y, row);
  }
  return true;
}

function insideOf(surface: Surface, frame: PaneFrame): Surface {
  return surface.inset(1, 1, surface.width - 2, roomHeight(surface.height, frame));
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

/** What one row inside the borders shows. */
type PaneRow = {
  readonly line: Line;
  /** Stands before it: that it is chosen, or that it changed a moment ago. */
  readonly mark?: 'chosen' | 'changed';
  /** The keys act on it. */
  readonly lit?: boolean;
  /** A piece of the scroll mark at the right edge. */
  readonly thumb?: boolean;
};

const emptyRow: PaneRow = { line: blank };
const marks: Readonly<Record<'chosen' | 'changed', Line>> = {
  chosen: [span('▸', 'accent')],
  changed: [span('~', 'changed')],
};

/** The rows of each look, made when it is painted and again needed when the next one is. */
const rowsOfLooks = new WeakMap<PaneLook, readonly PaneRow[]>();

/** All rows of the pane from the top. */
function shownRows(look: PaneLook, height: number): readonly PaneRow[] {
  let rows = rowsOfLooks.get(look);
  if (rows?.length !== height) {
    rows = composeRows(look, height);
    rowsOfLooks.set(look, rows);
  }
  return rows;
}

function composeRows({ picture, changed, frame }: PaneLook, height: number): PaneRow[] {
  const shown: PaneRow[] = [];
  for (const of of picture.head) if (shown.length < height) shown.push({ line: of });
  const top = shown.length;
  const footFrom = Math.max(top, height - picture.foot.length);
  const room = footFrom - top;
  const { rows } = picture;
  const at = placeOfKey(rows, picture.selected);
  const from =
    at >= 0
      ? windowAround(at, rows.length, room)
      : picture.follows === true
        ? Math.max(0, rows.length - room)
        : 0;
  const thumb = thumbOf({ room, from, count: rows.length });
  for (let index = 0; index < room; index++) {
    const row = rows[from + index];
    if (row === undefined) {
      shown.push(emptyRow);
      continue;
    }
    const chosen = row.key !== '' && row.key === picture.selected;
    const isChanged = changed.has(row.key);
    shown.push({
      line: isChanged ? relook(row.line, 'changed') : row.line,
      ...(chosen ? { mark: 'chosen' } : isChanged ? { mark: 'changed' } : {}),
      lit: chosen && frame.focused,
      thumb: index >= thumb.start && index < thumb.end,
    });
  }
  for (const of of picture.foot) if (shown.length < height) shown.push({ line: of });
  return shown;
}

/** Where the row of a key stands; −1: nowhere. */
function placeOfKey(rows: Picture['rows'], key: string | undefined): number {
  if (key === undefined || key === '') return -1;
  for (const [index, row] of rows.entries()) if (row.key === key) return index;
  return -1;
}

function sameRow(a: PaneRow, b: PaneRow): boolean {
  return (
    a.mark === b.mark &&
    (a.lit ?? false) === (b.lit ?? false) &&
    (a.thumb ?? false) === (b.thumb ?? false) &&
    sameLine(a.line, b.line)
  );
}

function paintRow(inside: Surface, theme: Theme, y: number, { line: of, mark, lit, thumb }: PaneRow): void {
  const ground = lit === true ? 'selected' : 'none';
  if (lit === true) inside.fill(0, y, inside.width, 1, theme.styleOf('plain', 'selected'));
  if (mark !== undefined) paintLine(inside, theme, marks[mark], 0, y, ground);
  paintLine(inside, theme, clipLine(of, inside.width - 2), 1, y, ground);
  if (thumb === true) paintLine(inside, theme, [span('┃', 'border-focus')], inside.width - 1, y);
}

/** Where in the rows the window stands: a thicker piece of the right border, from one row of the window to another. */
function thumbOf(of: { readonly room: number; readonly from: number; readonly count: number }): {
  readonly start: number;
  readonly end: number;
} {
  if (of.count <= of.room || of.room <= 2) return { start: 0, end: 0 };
  const size = Math.max(1, Math.round((of.room * of.room) / of.count));
  const start = Math.round(((of.room - size) * of.from) / Math.max(1, of.count - of.room));
  return { start, end: start + size };
}

/** Whether there is nothing to be seen but words that say so. */
function isEmpty({ rows, empty }: Picture): boolean {
  return rows.length === 0 && empty !== undefined;
}

/** What would fill the pane, in the middle, dim. */
function paintEmpty(inside: Surface, theme: Theme, { head, foot, empty = '' }: Picture): void {
  const room = inside.inset(1, head.length, inside.width - 2, inside.height - head.length - foot.length);
  const lines = wrapLine(line(span(empty, 'dim')), Math.min(56, room.width));
  const y = Math.max(0, Math.floor((room.height - lines.length) / 2));
  for (const [index, of] of lines.entries()) paintLine(room, theme, of, 0, y + index);
}
