import type { Overlay } from '../../tutor/screen.ts';
import type { TutorState } from '../../tutor/state.ts';
import { type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { keyHelpLines } from '../keys/key-help.ts';
import { explainEvent } from './explain-event.ts';
import { explainFlow } from './explain-flow.ts';
import { explainPacket } from './explain-packet.ts';
import { explainRoute } from './explain-route.ts';
import { menuPicture } from './menu-picture.ts';

/** What lies over the screen: a box with a title, lines that may scroll, and what stays below them. */
export type OverlayPicture = {
  readonly title: string;
  readonly width: number;
  readonly lines: readonly Line[];
  /** First line shown, before it is kept in range. */
  readonly scroll: number;
  readonly foot: readonly Line[];
  /** Keeps this height even when it has less to show, so that it does not jump while one types. */
  readonly height?: number;
  readonly tone?: 'warning';
};

export type ShownOverlay = Exclude<Overlay, { readonly name: 'none' | 'filter' }>;

export function overlayPicture(
  state: TutorState,
  overlay: ShownOverlay,
  size: { readonly columns: number; readonly rows: number },
): OverlayPicture {
  const width = Math.min(size.columns - 2, overlay.name === 'confirm' ? 60 : 96);
  const inner = width - 4;
  switch (overlay.name) {
    case 'help':
      return {
        title: 'Keys that work now',
        width,
        lines: keyHelpLines({ state: { ...state, overlay: { name: 'none' } }, size }, inner),
        scroll: overlay.scroll,
        foot: [],
      };
    case 'palette':
    case 'breaks':
    case 'heals':
      return menuPicture(state, overlay, { width, rows: size.rows });
    case 'confirm':
      return {
        title: 'Sure?',
        width,
        lines: wrapLine(line(overlay.question), inner),
        scroll: 0,
        foot: [line(), line(span('Enter', 'key'), ' yes    ', span('Esc', 'key'), ' no')],
        tone: 'warning',
      };
    case 'route':
      return { ...explainRoute(state, overlay, inner), width, scroll: overlay.scroll };
    case 'flow':
      return { ...explainFlow(state, overlay, inner), width, scroll: overlay.scroll };
    case 'packet':
      return { ...explainPacket(state, overlay, inner), width, scroll: overlay.scroll };
    case 'event':
      return { ...explainEvent(state, overlay, inner), width, scroll: overlay.scroll };
  }
}
