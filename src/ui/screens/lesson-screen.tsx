import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Store } from '../../tutor/store.ts';
import { type PaneFrame, type PaneMemory, paintPane } from '../panes/paint-pane.ts';
import { StateCanvas } from '../state-canvas.tsx';
import type { Theme } from '../theme.ts';
import type { LessonLayout } from './lesson-layout.ts';
import { type LessonCache, paintLesson } from './paint-lesson.ts';
import { tabLine } from './tab-line.ts';

/** The lesson and the panes, or one of them with tabs. Each place is a canvas that paints the store's state of the moment. */
export function LessonScreen(props: {
  readonly store: Store;
  readonly theme: Theme;
  readonly layout: Exclude<LessonLayout, { readonly kind: 'too-small' }>;
  readonly columns: number;
  readonly memory: PaneMemory & { readonly lesson: LessonCache };
}): ReactNode {
  const { store, theme, layout, columns, memory } = props;
  if (layout.kind === 'tabs') {
    const { shown, tabs, height } = layout;
    return (
      <StateCanvas
        store={store}
        width={columns}
        height={height}
        paint={(surface, state) => {
          const { zoomed } = state.layout;
          const width = columns - 4;
          const withTabs = (title?: string) =>
            tabLine(tabs, shown, { width, zoomed, ...(title !== undefined && { title }) });
          if (shown === 'lesson')
            paintLesson(surface, theme, state, { focused: true, tabs: withTabs() }, memory.lesson);
          else {
            const frame = { focused: true, above: 'none', bottom: true, tabs: withTabs } as const;
            paintPane(surface, theme, state, shown, frame, memory);
          }
        }}
      />
    );
  }
  const { lessonWidth, panesWidth, height, panes } = layout;
  return (
    <Box height={height}>
      <StateCanvas
        store={store}
        width={lessonWidth}
        height={height}
        paint={(surface, state) => {
          paintLesson(surface, theme, state, { focused: state.layout.focus === 'lesson' }, memory.lesson);
        }}
      />
      <Box flexDirection="column" width={panesWidth}>
        {panes.map((place, index) => (
          <StateCanvas
            store={store}
            key={place.pane}
            width={panesWidth}
            height={place.height}
            paint={(surface, state) => {
              const above = panes[index - 1]?.pane;
              const frame: PaneFrame = {
                focused: state.layout.focus === place.pane,
                above: above === undefined ? 'none' : state.layout.focus === above ? 'focused' : 'plain',
                bottom: index === panes.length - 1,
              };
              paintPane(surface, theme, state, place.pane, frame, memory);
            }}
          />
        ))}
      </Box>
    </Box>
  );
}
