import type { ReactNode } from 'react';
import { Canvas, type CanvasProps } from '../renderer/canvas.tsx';
import type { Surface } from '../renderer/surface.ts';
import type { TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { guarded } from './guarded.ts';

/** A canvas that paints the store's state of the moment. */
export function StateCanvas(
  props: Omit<CanvasProps, 'paint'> & {
    readonly store: Store;
    readonly paint: (surface: Surface, state: TutorState) => void;
  },
): ReactNode {
  const { store, paint, ...place } = props;
  return <Canvas {...place} paint={surface => guarded(store, () => paint(surface, store.getState()))} />;
}
