import { type Focus, type Layout, type PaneKind, type PaneView, paneView } from './layout.ts';
import type { LayoutMessage } from './message.ts';
import type { TutorState } from './state.ts';
import { paneKindsOf, watchedPanes } from './step-panes.ts';
import { to, type Updated } from './updated.ts';

/** What the learner does to the panes. */
export function updateLayout(state: TutorState, message: LayoutMessage): Updated {
  const layout = changed(state, message);
  return to(layout === state.layout ? state : { ...state, layout });
}

function changed(state: TutorState, message: LayoutMessage): Layout {
  const { layout } = state;
  switch (message.type) {
    case 'focus-asked':
      return focused(layout, message.to);
    case 'zoom-asked':
      return { ...layout, zoomed: !layout.zoomed };
    case 'pane-sized':
      return sized(layout, message.by);
    case 'pane-toggled':
      return toggled(layout, message.pane);
    case 'panes-reset': {
      const shown = paneKindsOf(watchedPanes(state));
      const focus = layout.focus === 'lesson' || shown.includes(layout.focus) ? layout.focus : 'lesson';
      return shown.length === 0
        ? layout
        : { ...layout, shown, chosenBy: 'step', focus, weights: {}, zoomed: false };
    }
    case 'row-selected':
      return withPane(layout, message.pane, ({ selected: _, ...view }) =>
        message.row === undefined ? view : { ...view, selected: message.row },
      );
    case 'pane-filtered':
      return withPane(layout, message.pane, view => ({ ...view, filter: message.filter }));
    case 'pane-sorted':
      return withPane(layout, message.pane, view => sorted(view, message.column));
    case 'subject-chosen':
      return withPane(layout, message.pane, ({ selected: _, ...view }) => ({
        ...view,
        subject: { ...view.subject, ...message.subject },
      }));
  }
}

function focused(layout: Layout, wanted: Focus | 'next' | 'previous'): Layout {
  const stops: Focus[] = ['lesson', ...layout.shown];
  if (wanted === 'next' || wanted === 'previous') {
    const at = stops.indexOf(layout.focus) + (wanted === 'next' ? 1 : -1);
    return { ...layout, focus: stops[(at + stops.length) % stops.length] ?? 'lesson' };
  }
  if (stops.includes(wanted)) return { ...layout, focus: wanted };
  return wanted === 'lesson' ? layout : { ...toggled(layout, wanted), focus: wanted };
}

const steps = 0.04;

/** The lesson grows to the side, a pane upwards and downwards. */
function sized(layout: Layout, by: number): Layout {
  if (layout.focus === 'lesson') {
    return { ...layout, lessonShare: clamp(layout.lessonShare + by * steps, 0.25, 0.75) };
  }
  const weight = clamp((layout.weights[layout.focus] ?? 1) * 1.25 ** by, 0.25, 6);
  return { ...layout, weights: { ...layout.weights, [layout.focus]: weight } };
}

function toggled(layout: Layout, pane: PaneKind): Layout {
  if (!layout.shown.includes(pane)) return { ...layout, shown: [...layout.shown, pane], chosenBy: 'learner' };
  const shown = layout.shown.filter(other => other !== pane);
  if (shown.length === 0) return layout;
  const gone = layout.focus === pane;
  return {
    ...layout,
    shown,
    chosenBy: 'learner',
    focus: gone ? 'lesson' : layout.focus,
    zoomed: layout.zoomed && !gone,
  };
}

function sorted({ sort, ...view }: PaneView, column: string): PaneView {
  if (sort?.column !== column) return { ...view, sort: { column, descending: false } };
  return sort.descending ? view : { ...view, sort: { column, descending: true } };
}

function withPane(layout: Layout, pane: PaneKind, change: (view: PaneView) => PaneView): Layout {
  return { ...layout, panes: { ...layout.panes, [pane]: change(paneView(layout, pane)) } };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
