import type { Surface } from '../../renderer/surface.ts';
import type { Ground, Theme } from '../theme.ts';
import { asciiText } from './ascii.ts';
import type { Line } from './line.ts';
import { textWidth } from './text.ts';

/** Puts a line on a surface, cut at its right edge. Returns the column after it. */
export function paintLine(
  surface: Surface,
  theme: Theme,
  of: Line,
  x: number,
  y: number,
  ground: Ground = 'none',
): number {
  let column = x;
  for (const part of of) {
    const text = theme.unicode ? part.text : asciiText(part.text);
    column = surface.put(column, y, text, theme.styleOf(part.look, ground));
  }
  return column;
}

/** Lines below each other from the top. */
export function paintLines(surface: Surface, theme: Theme, lines: readonly Line[], x = 0, y = 0): void {
  for (const [row, of] of lines.entries()) {
    if (y + row >= surface.height) return;
    paintLine(surface, theme, of, x, y + row);
  }
}

/** A frame around the surface with words in its upper border; `joins` says which neighbours share a border. */
export function paintFrame(
  surface: Surface,
  theme: Theme,
  frame: {
    readonly title: Line;
    readonly corner: Line;
    readonly foot?: Line;
    readonly focused: boolean;
    /** The pane above that shares the upper border. */
    readonly above: 'none' | 'plain' | 'focused';
    readonly bottom: boolean;
  },
): void {
  const { width, height } = surface;
  const look = theme.styleOf(frame.focused ? 'border-focus' : 'border');
  const draw = (x: number, y: number, text: string) =>
    surface.put(x, y, theme.unicode ? text : asciiText(text), look);
  const shares = frame.above !== 'none';
  const top = `${shares ? '├' : '┌'}${'─'.repeat(Math.max(0, width - 2))}${shares ? '┤' : '┐'}`;
  const topLook = theme.styleOf(frame.focused || frame.above === 'focused' ? 'border-focus' : 'border');
  surface.put(0, 0, theme.unicode ? top : asciiText(top), topLook);
  for (let y = 1; y < height; y++) {
    draw(0, y, '│');
    draw(width - 1, y, '│');
  }
  if (frame.bottom) draw(0, height - 1, `└${'─'.repeat(Math.max(0, width - 2))}┘`);
  const widthOf = (of: Line) => of.reduce((sum, part) => sum + textWidth(part.text), 0);
  // What does not fit beside the title is left out: the title says where one is.
  const fits = widthOf(frame.title) + widthOf(frame.corner) + 6 <= width;
  const cornerWidth = fits ? widthOf(frame.corner) : 0;
  const titled = surface.inset(2, 0, Math.max(0, width - 4 - (cornerWidth > 0 ? cornerWidth + 3 : 0)), 1);
  const end = paintLine(titled, theme, frame.title, 0, 0);
  if (cornerWidth > 0 && end + cornerWidth + 8 <= width)
    paintLine(surface, theme, frame.corner, width - 2 - cornerWidth, 0);
  if (frame.foot !== undefined && frame.bottom) {
    const footWidth = frame.foot.reduce((sum, part) => sum + textWidth(part.text), 0);
    if (footWidth + 4 <= width) paintLine(surface, theme, frame.foot, width - 2 - footWidth, height - 1);
  }
}
