import type { Focus, Layout, PaneKind } from '../../tutor/layout.ts';

/** Places on the lesson screen, in cells. */
export type LessonLayout =
  /** Nothing can be shown well: say so. */
  | { readonly kind: 'too-small' }
  /** One place for the lesson or a pane, the others as tabs. */
  | { readonly kind: 'tabs'; readonly shown: Focus; readonly tabs: readonly Focus[]; readonly height: number }
  | {
      readonly kind: 'columns';
      readonly lessonWidth: number;
      readonly panesWidth: number;
      readonly height: number;
      /** Top to bottom; a pane's height counts its upper border, the last one's also the lower. */
      readonly panes: readonly { readonly pane: PaneKind; readonly height: number }[];
      /** Panes there is no room for. */
      readonly hidden: readonly PaneKind[];
    };

export const leastSize = { columns: 60, rows: 16 };

/** Header and key bar. */
const chrome = 2;
const leastPaneHeight = 6;

/** How tall panes like to be beside each other. */
const natural: Readonly<Partial<Record<PaneKind, number>>> = {
  topology: 2.4,
  packets: 1.6,
  build: 1.1,
  shell: 1.2,
};

export function lessonLayout(
  layout: Layout,
  size: { readonly columns: number; readonly rows: number },
): LessonLayout {
  if (size.columns < leastSize.columns || size.rows < leastSize.rows) return { kind: 'too-small' };
  const height = size.rows - chrome;
  const tabs: Focus[] = ['lesson', ...layout.shown];
  if (layout.zoomed || size.columns < 100) return { kind: 'tabs', shown: layout.focus, tabs, height };
  const lessonWidth = Math.max(40, Math.round(size.columns * layout.lessonShare));
  const fitting = panesThatFit(layout, height);
  return {
    kind: 'columns',
    lessonWidth,
    panesWidth: size.columns - lessonWidth,
    height,
    panes: heights(fitting, layout, height),
    hidden: layout.shown.filter(pane => !fitting.includes(pane)),
  };
}

/** The first ones, and the focused one in any case. */
function panesThatFit(layout: Layout, height: number): PaneKind[] {
  const room = Math.max(1, Math.floor((height - 1) / leastPaneHeight));
  const shown = layout.shown.slice(0, room);
  const { focus } = layout;
  if (focus === 'lesson' || shown.includes(focus) || !layout.shown.includes(focus)) return shown;
  return [...shown.slice(0, -1), focus];
}

function heights(
  panes: readonly PaneKind[],
  layout: Layout,
  height: number,
): { pane: PaneKind; height: number }[] {
  const weightOf = (pane: PaneKind) => (natural[pane] ?? 1) * (layout.weights[pane] ?? 1);
  const total = panes.reduce((sum, pane) => sum + weightOf(pane), 0);
  // Every pane gets its least height; the rest goes by weight. The lower border is one row of its own.
  const spare = height - 1 - panes.length * (leastPaneHeight - 1);
  let given = 0;
  let weighed = 0;
  return panes.map((pane, index) => {
    weighed += weightOf(pane);
    const upTo = index === panes.length - 1 ? spare : Math.round((spare * weighed) / total);
    const own = leastPaneHeight - 1 + (upTo - given) + (index === panes.length - 1 ? 1 : 0);
    given = upTo;
    return { pane, height: own };
  });
}
