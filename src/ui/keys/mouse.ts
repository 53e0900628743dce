import type { MouseEvent } from '../../renderer/screen.ts';
import type { Focus } from '../../tutor/layout.ts';
import type { Message } from '../../tutor/message.ts';
import { lessonLayout } from '../screens/lesson-layout.ts';
import { commandOfKey } from './key-command.ts';
import type { KeyContext } from './key-context.ts';
import type { LocalCommand } from './keymap.ts';

/** What a click or a turn of the wheel asks for: a click gives a pane the keys, the wheel moves as the arrows do. */
export function mouseMessages(event: MouseEvent, context: KeyContext): readonly Message[] {
  const { state } = context;
  if (event.kind === 'wheel' && event.wheel !== 0) {
    const command = commandOfKey(event.wheel < 0 ? 'up' : 'down', context);
    if (command === undefined) return [];
    return ('type' in command ? [command] : command).filter(isMessage);
  }
  if (event.kind !== 'press' || event.button !== 'left') return [];
  if (state.overlay.name !== 'none' || state.screen.name !== 'lesson') return [];
  const target = placeAt(event.x, event.y, context);
  return target === undefined || target === state.layout.focus ? [] : [{ type: 'focus-asked', to: target }];
}

function placeAt(x: number, y: number, { state, size }: KeyContext): Focus | undefined {
  const layout = lessonLayout(state.layout, size);
  if (layout.kind !== 'columns' || y < 1 || y > layout.height) return undefined;
  if (x < layout.lessonWidth) return 'lesson';
  let top = 1;
  for (const { pane, height } of layout.panes) {
    if (y >= top && y < top + height) return pane;
    top += height;
  }
  return undefined;
}

function isMessage(command: Message | LocalCommand): command is Message {
  return command.type !== 'redraw' && command.type !== 'toggle-mouse';
}
