import type { FullScreen } from './full-screen.ts';

const screens = new WeakMap<object, FullScreen>();

/** From now on frames for this stream are drawn by this screen. */
export function drawFullScreen(stream: object, screen: FullScreen): void {
  screens.set(stream, screen);
}

export function fullScreenOf(stream: object): FullScreen | undefined {
  return screens.get(stream);
}
