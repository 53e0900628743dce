/**
 * The launcher paints a skeleton of the screen while the program loads. It leaves this object for whoever takes the
 * screen over; they share nothing but the process.
 */
export type Skeleton = {
  /** The alternate screen is on and painted: it is yours now. False when it was given back already. */
  takeOver(): boolean;
};

const place = Symbol.for('srklab-tutor.skeleton');
type Holder = { [place]?: Skeleton };

export function leaveSkeleton(skeleton: Skeleton): void {
  (globalThis as Holder)[place] = skeleton;
}

export function takeOverSkeleton(): boolean {
  return (globalThis as Holder)[place]?.takeOver() ?? false;
}
