import { type ReactNode, useRef } from 'react';
import { Canvas, type CanvasProps } from '../renderer/canvas.tsx';
import type { Surface } from '../renderer/surface.ts';
import type { TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { guarded } from './guarded.ts';

/** A canvas that paints the store's state of the moment. */
export function StateCanvas<Look>(
  props: Omit<CanvasProps, 'paint' | 'look'> & {
    readonly store: Store;
    /** What of the state is to be seen. */
    readonly look: (state: TutorState) => Look;
    /** Whether two looks are the same to the eye: then nothing is painted. */
    readonly same: (before: Look, now: Look) => boolean;
    readonly paint: (surface: Surface, look: Look) => void;
  },
): ReactNode {
  const { store, look, same, paint, ...place } = props;
  const seen = useRef<{ readonly look: Look }>(undefined);
  return (
    <Canvas
      {...place}
      look={() => {
        guarded(store, () => {
          const now = look(store.getState());
          if (seen.current === undefined || !same(seen.current.look, now)) seen.current = { look: now };
        });
        return seen.current;
      }}
      paint={(surface, now) =>
        guarded(store, () => {
          if (now !== undefined) paint(surface, now.look);
        })
      }
    />
  );
}

/** For what is made anew from the whole state. */
export function sameState(before: TutorState, now: TutorState): boolean {
  return before === now;
}
