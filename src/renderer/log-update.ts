// @ts-expect-error Ink's own module; the bundler resolves this name to ink/build/log-update.js
import inkLogUpdate from 'ink-log-update';
import type { FullScreen } from './full-screen.ts';
import { fullScreenOf } from './full-screen-streams.ts';

type Position = { readonly x: number; readonly y: number };

/** What Ink asks of its log-update module. */
type LogUpdate = {
  (text: string): boolean;
  clear(): void;
  done(): void;
  reset(): void;
  sync(text: string): void;
  setCursorPosition(position: Position | undefined): void;
  isCursorDirty(): boolean;
  willRender(text: string): boolean;
  getCursorPosition(): Position | undefined;
};

/**
 * Takes the place of ink/build/log-update.js in the bundle. A terminal taken over by `openScreen` is drawn cell by cell;
 * anything else is left to Ink's own.
 */
export default {
  create(stream: object, options?: object): LogUpdate {
    const screen = fullScreenOf(stream);
    return screen === undefined ? (inkLogUpdate.create(stream, options) as LogUpdate) : drawOn(screen);
  },
};

function drawOn(screen: FullScreen): LogUpdate {
  let cursor: Position | undefined;
  const show = (text: string): boolean => {
    screen.show(text, cursor);
    return true;
  };
  return Object.assign(show, {
    clear: () => screen.forget(),
    done: () => screen.close(),
    reset: () => screen.forget(),
    // Ink calls this after it wrote a frame itself; such writes never reach a terminal that is ours.
    sync: (text: string) => void show(text),
    setCursorPosition: (position: Position | undefined) => {
      cursor = position;
    },
    // A repaint may have drawn something since; Ink must hand over every frame, even one it has handed over before.
    isCursorDirty: () => true,
    // The update is wrapped into one synchronized write here, not in three by Ink.
    willRender: () => false,
    getCursorPosition: () => undefined,
  });
}
