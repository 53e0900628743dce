import { describe, expect, it } from 'vitest';
import type { MouseEvent } from '../../renderer/screen.ts';
import { inLesson } from '../../test-support/tutor-states.ts';
import { mouseMessages } from './mouse.ts';

const size = { columns: 120, rows: 36 };
const press: MouseEvent = {
  x: 0,
  y: 0,
  button: 'left',
  wheel: 0,
  kind: 'press',
  shift: false,
  alt: false,
  ctrl: false,
};

describe('the mouse', () => {
  it('gives a pane the keys by a click into it', () => {
    const state = inLesson();
    expect(mouseMessages({ ...press, x: 100, y: 3 }, { state, size })).toEqual([
      { type: 'focus-asked', to: 'topology' },
    ]);
    expect(mouseMessages({ ...press, x: 100, y: 33 }, { state, size })).toEqual([
      { type: 'focus-asked', to: 'build' },
    ]);
  });

  it('does nothing where the keys are already, on borders of the screen and behind menus', () => {
    const state = inLesson();
    expect(mouseMessages({ ...press, x: 5, y: 3 }, { state, size })).toEqual([]);
    expect(mouseMessages({ ...press, x: 100, y: 0 }, { state, size })).toEqual([]);
    const asked = inLesson(0, [{ type: 'quit-asked' }]);
    expect(mouseMessages({ ...press, x: 100, y: 3 }, { state: asked, size })).toEqual([]);
  });

  it('moves with the wheel as with the arrows', () => {
    const state = inLesson(0, [{ type: 'focus-asked', to: 'topology' }]);
    expect(mouseMessages({ ...press, kind: 'wheel', wheel: 1 }, { state, size })).toEqual([
      { type: 'row-selected', pane: 'topology', row: 'SPINE-DC-1' },
    ]);
  });
});
