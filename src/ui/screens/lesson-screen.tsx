import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Store } from '../../tutor/store.ts';
import {
  lookAtPane,
  type PaneFrame,
  type PaneLook,
  type PaneMemory,
  paintPane,
  samePane,
  updatePane,
} from '../panes/paint-pane.ts';
import { StateCanvas } from '../state-canvas.tsx';
import type { Theme } from '../theme.ts';
import type { LessonLayout } from './lesson-layout.ts';
import { type LessonCache, type LessonLook, lookAtLesson, paintLesson, sameLesson } from './paint-lesson.ts';
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
    const tabsOf = (zoomed: boolean, title?: string) =>
      tabLine(tabs, shown, { width: columns - 4, zoomed, ...(title !== undefined && { title }) });
    return shown === 'lesson' ? (
      <StateCanvas<LessonLook>
        store={store}
        key={shown}
        width={columns}
        height={height}
        look={state => {
          const frame = { focused: true, tabs: tabsOf(state.layout.zoomed) };
          return lookAtLesson(state, frame, columns, memory.lesson);
        }}
        same={sameLesson}
        paint={(surface, look) => paintLesson(surface, theme, look)}
      />
    ) : (
      <StateCanvas<PaneLook>
        store={store}
        key={shown}
        width={columns}
        height={height}
        look={state => {
          const tabs = (title: string) => tabsOf(state.layout.zoomed, title);
          const frame = { focused: true, above: 'none', bottom: true, tabs } as const;
          return lookAtPane(state, shown, frame, { width: columns, height }, memory);
        }}
        same={samePane}
        paint={(surface, look) => paintPane(surface, theme, look)}
        update={(surface, look, before) => updatePane(surface, theme, look, before)}
      />
    );
  }
  const { lessonWidth, panesWidth, height, panes } = layout;
  return (
    <Box height={height}>
      <StateCanvas<LessonLook>
        store={store}
        width={lessonWidth}
        height={height}
        look={state => {
          const frame = { focused: state.layout.focus === 'lesson' };
          return lookAtLesson(state, frame, lessonWidth, memory.lesson);
        }}
        same={sameLesson}
        paint={(surface, look) => paintLesson(surface, theme, look)}
      />
      <Box flexDirection="column" width={panesWidth}>
        {panes.map((place, index) => (
          <StateCanvas<PaneLook>
            store={store}
            key={place.pane}
            width={panesWidth}
            height={place.height}
            look={state => {
              const above = panes[index - 1]?.pane;
              const frame: PaneFrame = {
                focused: state.layout.focus === place.pane,
                above: above === undefined ? 'none' : state.layout.focus === above ? 'focused' : 'plain',
                bottom: index === panes.length - 1,
              };
              return lookAtPane(
                state,
                place.pane,
                frame,
                { width: panesWidth, height: place.height },
                memory,
              );
            }}
            same={samePane}
            paint={(surface, look) => paintPane(surface, theme, look)}
            update={(surface, look, before) => updatePane(surface, theme, look, before)}
          />
        ))}
      </Box>
    </Box>
  );
}
