import { type ReactNode, useRef } from 'react';
import { Canvas, type CanvasProps } from '../renderer/canvas.tsx';
import type { Surface } from '../renderer/surface.ts';
import type { TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { guarded } from './guarded.ts';

/** A canvas that paints the store's state of the moment. */
export function StateCanvas<Look>(
  props: Omit<CanvasProps, 'paint' | 'look' | 'update'> & {
    readonly store: Store;
    /** What of the state is to be seen. */
    readonly look: (state: TutorState) => Look;
    /** Whether two looks are the same to the eye: then nothing is painted. */
    readonly same: (before: Look, now: Look) => boolean;
    readonly paint: (surface: Surface, look: Look) => void;
    /** Changes what was painted for another look; false when it cannot and has changed nothing. */
    readonly update?: (surface: Surface, look: Look, before: Look) => boolean;
  },
): ReactNode {
  const { store, look, same, paint, update, ...place } = props;
  const seen = useRef<Seen<Look>>(undefined);
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
      {...(update !== undefined && {
        update: (surface: Surface, now: Seen<Look>, before: Seen<Look>) => {
          let done = false;
          guarded(store, () => {
            if (now !== undefined && before !== undefined) done = update(surface, now.look, before.look);
          });
          return done;
        },
      })}
    />
  );
}

/** A look in an object of its own: while it is the same one, nothing is painted. */
type Seen<Look> = { readonly look: Look } | undefined;

/** For what is made anew from the whole state. */
export function sameState(before: TutorState, now: TutorState): boolean {
  return before === now;
}
