import { Box, Text } from 'ink';
import { type ReactNode, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { repaint } from '../renderer/repaint.ts';
import type { TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { sameLine } from './cells/line.ts';
import { paintLine, paintLines } from './cells/paint.ts';
import { guarded } from './guarded.ts';
import type { LocalCommand } from './keys/keymap.ts';
import { useKeys } from './keys/use-keys.ts';
import { overlayPicture } from './overlays/overlay-picture.ts';
import { overlayPlace, paintOverlay } from './overlays/paint-overlay.ts';
import { ChangeMemory } from './panes/change-memory.ts';
import { PictureCache } from './panes/picture-cache.ts';
import { bottomLine } from './screens/bottom-line.ts';
import { failureLines } from './screens/failure-lines.ts';
import { finishedLines } from './screens/finished-lines.ts';
import { headerLine } from './screens/header-line.ts';
import { homeLines } from './screens/home-lines.ts';
import { leastSize, lessonLayout } from './screens/lesson-layout.ts';
import { LessonScreen } from './screens/lesson-screen.tsx';
import { LessonCache } from './screens/paint-lesson.ts';
import { paintPresenter } from './screens/presenter/paint-presenter.ts';
import { revealMessage } from './screens/reveal-current.ts';
import { StateCanvas, sameState } from './state-canvas.tsx';
import type { Theme } from './theme.ts';

type Size = { readonly columns: number; readonly rows: number };

/** The whole terminal. React places what is on screen; what it shows is painted from the store's state of the moment. */
export function App(props: {
  readonly store: Store;
  readonly theme: Theme;
  readonly size: Size;
  readonly local: (command: LocalCommand) => void;
}): ReactNode {
  const { store, theme, size, local } = props;
  const sizeNow = useRef(size);
  sizeNow.current = size;
  useKeys(store, () => sizeNow.current, local);
  useStructure(store, size);
  useEffect(() => store.subscribe(repaint), [store]);
  useEffect(() => revealing(store, () => sizeNow.current), [store]);
  const memory = useMemo(
    () => ({ pictures: new PictureCache(), changes: new ChangeMemory(), lesson: new LessonCache() }),
    [],
  );
  const { columns, rows } = size;
  const state = store.getState();
  if (columns < leastSize.columns || rows < leastSize.rows) return <TooSmall size={size} />;
  if (state.screen.name === 'presenter')
    return (
      <Box flexDirection="column" width={columns} height={rows}>
        <StateCanvas
          store={store}
          width={columns}
          height={rows}
          look={now => now}
          same={sameState}
          paint={(surface, now) => paintPresenter(surface, theme, now, memory)}
        />
        <OverlayBox store={store} theme={theme} size={size} />
      </Box>
    );
  const layout = lessonLayout(state.layout, size);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <StateCanvas
        store={store}
        width={columns}
        height={1}
        look={now => headerLine(now, columns)}
        same={sameLine}
        paint={(surface, header) => paintLine(surface, theme, header, 0, 0)}
      />
      {state.screen.name === 'lesson' && layout.kind !== 'too-small' ? (
        <LessonScreen store={store} theme={theme} layout={layout} columns={columns} memory={memory} />
      ) : (
        <StateCanvas
          store={store}
          width={columns}
          height={rows - 2}
          look={now => now}
          same={sameState}
          paint={(surface, now) => paintLines(surface, theme, screenLines(now, size))}
        />
      )}
      <StateCanvas
        store={store}
        width={columns}
        height={1}
        look={now => bottomLine(now, size)}
        same={sameLine}
        paint={(surface, bottom) => paintLine(surface, theme, bottom, 0, 0)}
      />
      <OverlayBox store={store} theme={theme} size={size} />
    </Box>
  );
}

function OverlayBox({ store, theme, size }: { store: Store; theme: Theme; size: Size }): ReactNode {
  const { overlay } = store.getState();
  if (overlay.name === 'none' || overlay.name === 'filter') return null;
  let place: ReturnType<typeof overlayPlace> | undefined;
  guarded(store, () => {
    place = overlayPlace(overlayPicture(store.getState(), overlay, size), size);
  });
  if (place === undefined) return null;
  return (
    <StateCanvas
      store={store}
      position="absolute"
      left={place.x}
      top={place.y}
      width={place.width}
      height={place.height}
      look={now => now}
      same={sameState}
      paint={(surface, state) => {
        if (state.overlay.name === 'none' || state.overlay.name === 'filter') return;
        paintOverlay(surface, theme, overlayPicture(state, state.overlay, size));
      }}
    />
  );
}

function TooSmall({ size }: { readonly size: Size }): ReactNode {
  const have = `${size.columns}×${size.rows}`;
  const need = `${leastSize.columns}×${leastSize.rows}`;
  return (
    <Box width={size.columns} height={size.rows} flexDirection="column">
      <Text wrap="wrap">
        This terminal is too small: it has {have} cells, {need} are needed. Make it larger or the type
        smaller; q and Enter leave.
      </Text>
    </Box>
  );
}

function screenLines(state: TutorState, size: Size) {
  switch (state.screen.name) {
    case 'home':
      return homeLines(state, size);
    case 'finished':
      return finishedLines(state, size);
    case 'failure':
      return failureLines(state, size);
    case 'lesson':
    case 'presenter':
      return [];
  }
}

/** Renders again only when something moves its place: screen, overlay, layout. Data alone is repainted, past React. */
function useStructure(store: Store, size: Size): void {
  useSyncExternalStore(store.subscribe, () => {
    let structure = '';
    guarded(store, () => {
      structure = structureOf(store.getState(), size);
    });
    return structure;
  });
}

function structureOf(state: TutorState, size: Size): string {
  const { layout, overlay, screen } = state;
  return JSON.stringify([
    screen.name,
    overlayHeight(state, size),
    overlay.name,
    layout.shown,
    layout.zoomed,
    layout.focus,
    layout.lessonShare,
    layout.weights,
  ]);
}

/** Explanations grow and shrink with the tables they look at; menus keep their height while one types. */
function overlayHeight(state: TutorState, size: Size): number {
  const { overlay } = state;
  switch (overlay.name) {
    case 'route':
    case 'flow':
    case 'event':
      return overlayPlace(overlayPicture(state, overlay, size), size).height;
    default:
      return 0;
  }
}

/** Scrolls the lesson so that what Enter does next is in sight, whenever that changes. */
function revealing(store: Store, sizeNow: () => Size): () => void {
  let last = '';
  return store.subscribe(() => {
    const state = store.getState();
    const now = `${state.screen.name} ${state.lesson?.id} ${state.lesson?.step} ${state.lesson?.current}`;
    if (now === last) return;
    last = now;
    const message = revealMessage(state, sizeNow());
    if (message !== undefined) store.send(message);
  });
}
