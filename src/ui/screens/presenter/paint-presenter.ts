import type { Surface } from '../../../renderer/surface.ts';
import type { PaneKind } from '../../../tutor/layout.ts';
import { stageFocus, stagePanes } from '../../../tutor/presenter-panes.ts';
import type { TutorState } from '../../../tutor/state.ts';
import { type Line, line } from '../../cells/line.ts';
import { paintLine, paintLines } from '../../cells/paint.ts';
import { keyBar } from '../../keys/key-bar.ts';
import { lookAtPane, type PaneFrame, type PaneMemory, paintPane } from '../../panes/paint-pane.ts';
import type { Theme } from '../../theme.ts';
import { overviewLines } from './overview-lines.ts';
import { slideLines } from './slide-lines.ts';
import { spotlightTheme } from './spotlight-theme.ts';
import { stageLine } from './stage-line.ts';

/** Narrower than this, panes take the slide's place instead of standing beside it. */
const leastBeside = 110;

/** All of the terminal on stage. */
export function paintPresenter(surface: Surface, theme: Theme, state: TutorState, memory: PaneMemory): void {
  const { presenter } = state;
  if (presenter === undefined || presenter.black) return;
  const size = { columns: surface.width, rows: surface.height };
  if (presenter.overview !== undefined) {
    paintLines(surface, theme, overviewLines(state, size).slice(0, size.rows - 1));
    paintLine(surface, theme, line(' ', keyBar({ state, size }, size.columns - 2)), 0, size.rows - 1);
    return;
  }
  const height = size.rows - 1;
  paintLine(surface, theme, stageLine(state, size.columns), 0, height);
  const panes = stagePanes(state);
  if (panes.length === 0) {
    paintLines(
      surface,
      theme,
      fitted(slideLines(state, { width: size.columns, height, unicode: theme.unicode }), height),
    );
    return;
  }
  const paneTheme = presenter.spotlight ? spotlightTheme(theme) : theme;
  if (presenter.view === 'pane' || size.columns < leastBeside) {
    const focus = stageFocus(state) ?? panes[0];
    if (focus !== undefined)
      paintPaneOf(surface.inset(0, 0, size.columns, height), paneTheme, state, focus, alone, memory);
    return;
  }
  const slideWidth = Math.max(48, Math.floor(size.columns * 0.42));
  const slide = slideLines(state, { width: slideWidth, height, unicode: theme.unicode });
  paintLines(surface.inset(0, 0, slideWidth, height), paneTheme, fitted(slide, height));
  paintPanes(
    surface.inset(slideWidth, 0, size.columns - slideWidth, height),
    paneTheme,
    state,
    panes,
    memory,
  );
}

function paintPaneOf(
  surface: Surface,
  theme: Theme,
  state: TutorState,
  pane: PaneKind,
  frame: PaneFrame,
  memory: PaneMemory,
): void {
  paintPane(surface, theme, lookAtPane(state, pane, frame, surface, memory));
}

const alone = { focused: true, above: 'none', bottom: true } as const;

function paintPanes(
  surface: Surface,
  theme: Theme,
  state: TutorState,
  panes: readonly PaneKind[],
  memory: PaneMemory,
): void {
  const focus = stageFocus(state);
  let top = 0;
  for (const [index, pane] of panes.entries()) {
    const last = index === panes.length - 1;
    const height = last ? surface.height - top : Math.floor(surface.height * 0.55);
    const above = panes[index - 1];
    paintPaneOf(
      surface.inset(0, top, surface.width, height),
      theme,
      state,
      pane,
      {
        focused: pane === focus,
        above: above === undefined ? 'none' : above === focus ? 'focused' : 'plain',
        bottom: last,
      },
      memory,
    );
    top += height;
  }
}

/** What does not fit is said, never lost in silence. */
function fitted(lines: readonly Line[], height: number): readonly Line[] {
  return lines.length <= height
    ? lines
    : [...lines.slice(0, height - 1), line(`  ↓ ${lines.length - height + 1} more lines`)];
}
