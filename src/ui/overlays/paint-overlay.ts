import type { Surface } from '../../renderer/surface.ts';
import { line, span } from '../cells/line.ts';
import { paintFrame, paintLine } from '../cells/paint.ts';
import type { Theme } from '../theme.ts';
import type { OverlayPicture } from './overlay-picture.ts';

/** Where the box stands, for a terminal of this size, with a blank column on either side. */
export function overlayPlace(
  picture: OverlayPicture,
  size: { readonly columns: number; readonly rows: number },
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const wanted = picture.height ?? picture.lines.length + picture.foot.length + 2;
  const height = Math.min(size.rows - 2, Math.max(4, wanted));
  return {
    x: Math.floor((size.columns - picture.width) / 2) - 1,
    y: Math.max(1, Math.floor((size.rows - height) / 2)),
    width: picture.width + 2,
    height,
  };
}

export function paintOverlay(whole: Surface, theme: Theme, picture: OverlayPicture): void {
  whole.fill(0, 0, whole.width, whole.height);
  const surface = whole.inset(1, 0, whole.width - 2, whole.height);
  const room = surface.height - 2 - picture.foot.length;
  const last = Math.max(0, picture.lines.length - room);
  const from = Math.min(picture.scroll, last);
  const more = last - from;
  paintFrame(surface, theme, {
    title: line(' ', span(picture.title, 'title'), ' '),
    corner: [],
    foot: more > 0 ? line(span(` ↓ ${more} more `, 'dim')) : [],
    focused: true,
    above: 'none',
    bottom: true,
  });
  const inside = surface.inset(2, 1, surface.width - 4, surface.height - 2);
  for (const [index, of] of picture.lines.slice(from, from + room).entries())
    paintLine(inside, theme, of, 0, index);
  for (const [index, of] of picture.foot.entries())
    paintLine(inside, theme, of, 0, inside.height - picture.foot.length + index);
}
